"""Whatever may be written about a person is sealed in the database; what lies open is listed here with its reason."""

import fnmatch
from collections.abc import Iterator

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

from anxin.kernel.crypto import BlindIndexField, EncryptedTextField
from anxin.kernel.models import Pii

CODE = "a code of the house, from a fixed list"
STAFF = "a member of staff in their official function"
# A whole column ("risk.Warning.reasons") or a name that means the same everywhere ("*.uid").
OPEN = {
    "*.uid": "an outer id",
    "*_uid": "an outer id",
    "*.scope_path": "numbers of units",
    "*.reach_path": "numbers of units",
    "*_path": "numbers of units",
    "*.number": "a running number of the house",
    "*_number": "a running number of the house",
    "*.author_kind": CODE,
    "*.author_label": STAFF,
    "*.instrument": CODE,
    "*.instrument_version": CODE,
    "*.language": CODE,
    "*.kind": CODE,
    "*.sex": CODE,
    "*.purpose": CODE,
    "*.text_version": CODE,
    "*.retention_class": CODE,
    "*_by": STAFF,
    "*.params": "codes, numbers, names of units and staff of one line of a log; its words are in the sealed note",
    "*.findings": "answers to a fixed sheet, by code",
    "*.reasons": "ids of rules and their facts",
    "*.answers": "codes",
    "*.scores": "numbers",
    "access.BreakGlass.opened_from": "a place of the network",
    "access.BreakGlass.reviewer": STAFF,
    "access.Confirmation.session_index": "digest of a session",
    "access.Export.approval": CODE,
    "access.Export.decider": STAFF,
    "access.Export.title": "what the file is: never who is in it",
    "accounts.Account.password": "a password's hash",
    "accounts.Account.text_size": CODE,
    "accounts.PhoneCode.digest": "a keyed hash",
    "accounts.Visit.browser": "the kind of browser and system, as twenty others have it",
    "accounts.Visit.session_name": "a keyed hash of a session's key",
    "archives.DoctorContract.team": "a family doctors' team: an office",
    "archives.Merge.evidence": CODE,
    "assessments.Administration.staff_name": STAFF,
    "assessments.BatteryRun.battery": CODE,
    "assessments.BatteryRun.left_out": "places of parts",
    "assessments.BatteryRun.parts": "ids of instruments",
    "assessments.ScoreSheet.bands": CODE,
    "assessments.ScoreSheet.critical": CODE,
    "assessments.ScoreSheet.key_hash": "digest of a scoring key",
    "assessments.ScoreSheet.validity": "codes and numbers",
    "audit.AuditCheck.faults": "numbers of rows",
    "audit.AuditEvent.actor_kind": CODE,
    "audit.AuditEvent.actor_label": STAFF + ", or the word resident",
    "audit.AuditEvent.event": CODE,
    "audit.AuditEvent.reason": "one half of a reason, which says nothing without the other",
    "audit.AuditShare.sealed": "sealed by the row",
    "campaigns.CriticalSignal.item": CODE,
    "campaigns.EntryFailure.code": "a keyed hash",
    "campaigns.EntryFailure.device": "a keyed hash",
    "campaigns.GuardianToken.token_hash": "digest of a random token",
    "campaigns.Participant.roster_number": "a number inside one class, which says nothing outside the school",
    "campaigns.Submission.deciseconds": "numbers",
    "cases.Case.legal_basis": CODE,
    "cases.CaseConference.shared": CODE,
    "deadlines.Deadline.ended_how": CODE,
    "deadlines.Deadline.ladder": "units and staff",
    "deadlines.Deadline.stage": CODE,
    "deadlines.Deadline.subject_kind": CODE,
    "kernel.OutboxMessage.key": "ids and codes",
    "kernel.OutboxMessage.last_error": "what went wrong: ids, and values as they are stored",
    "kernel.OutboxMessage.leased_by": "a process",
    "kernel.OutboxMessage.payload": "ids",
    "kernel.OutboxMessage.topic": CODE,
    "notices.ContactWish.agreed": CODE,
    "notices.ContactWish.refused": CODE,
    "notices.ContactWish.safe_channel": CODE,
    "notices.Message.course": "codes and moments",
    "notices.Message.key": "ids and codes",
    "notices.Message.ladder": CODE,
    "notices.Message.lane": CODE,
    "notices.Message.reached_by": CODE,
    "notices.Message.settled_how": CODE,
    "notices.Message.state": CODE,
    "notices.Message.subject_kind": CODE,
    "notices.Message.template": CODE,
    "notices.Notice.channel": CODE,
    "notices.Notice.gateway": CODE,
    "notices.Notice.key": "ids and codes",
    "notices.Notice.lane": CODE,
    "notices.Notice.outcome": CODE,
    "notices.Notice.provider_number": "the provider's number of a letter",
    "notices.Notice.template": CODE,
    "notices.Receipt.event_id": "the provider's number of a report",
    "notices.Receipt.gateway": CODE,
    "notices.Receipt.state": CODE,
    "residents.ActWithoutConsent.recipient": "an office",
    "residents.Consent.data_kinds": CODE,
    "residents.Consent.recipient": "an office",
    "residents.Resident.safe_hours": "hours of the day",
    "risk.AlarmRecord.source": CODE,
    "risk.AlarmRecord.source_key": "ids and codes",
    "risk.ContactRequest.is_safe_now": CODE,
    "risk.Evaluation.occasion": CODE,
    "risk.Evaluation.rule_set": CODE,
    "risk.Warning.proposed_ending": CODE,
    "risk.Warning.route_reason": "names of units and why each was passed over",
    "risk.Warning.source": CODE,
    "risk.Warning.source_key": "ids and codes",
    "linkages.Linkage.basis": CODE,
    "linkages.Linkage.recipient": "the number that was rung: 120, 110 or 119",
    "referrals.Referral.consent_evidence": CODE,
    "referrals.ReferralEntry.act": CODE,
    "referrals.ReferralEntry.side": CODE,
}
_WORDS = (models.CharField, models.TextField, models.JSONField, ArrayField)


def _open_columns() -> Iterator[str]:
    for model in apps.get_models():
        if getattr(model, "pii", None) not in (Pii.PERSONAL, Pii.PSEUDONYMOUS):
            continue
        for field in model._meta.local_fields:
            is_closed = isinstance(field, EncryptedTextField | BlindIndexField) or field.choices
            if isinstance(field, _WORDS) and not is_closed:
                yield f"{model._meta.app_label}.{model.__name__}.{field.name}"


def test_no_words_about_a_person_lie_open() -> None:
    unlisted = [one for one in _open_columns() if not any(fnmatch.fnmatchcase(one, rule) for rule in OPEN)]
    assert unlisted == [], "seal it (EncryptedTextField), or say here why it may lie open"


def test_the_list_names_nothing_that_is_gone() -> None:
    stored = list(_open_columns())
    gone = [rule for rule in OPEN if not any(fnmatch.fnmatchcase(one, rule) for one in stored)]
    assert gone == []


def test_names_numbers_and_addresses_are_never_in_that_list() -> None:
    telling = ("name", "phone", "id_number", "address", "note", "text", "summary", "content", "reason")
    listed = [rule for rule in OPEN if rule.rpartition(".")[2] in telling]
    assert listed == ["audit.AuditEvent.reason"], "which is half a reason"
