"""The door of the residents room."""

from anxin.domains.audit.api import command, pure, query
from anxin.domains.residents import finding, library, selectors
from anxin.domains.residents.rules import people as ages
from anxin.domains.residents.services import consents, facts, guardians, identities, people
from anxin.kernel import identifiers_cn, masking

register_resident = command("residents:resident:registered")(people.register_resident)
register_participants = command("residents:resident:registered")(people.register_participants)
record_person = command("residents:resident:registered")(identities.record_person)
complete_identity = command("residents:identity:completed")(identities.complete_identity)
point_at_kept = command("residents:resident:merged")(identities.point_at_kept)
let_go = command("residents:resident:unmerged")(identities.let_go)
correct_facts = command("residents:facts:corrected")(facts.correct_facts)
change_phone = command("residents:phone:changed")(facts.change_phone)
forget_contact = command("residents:contact:forgotten")(facts.forget_contact)
move_home = command("residents:resident:moved")(identities.move_home)
follow_moved_node = command("residents:residents:moved")(people.follow_moved_node)
give_consent = command("residents:consent:given")(consents.give_consent)
record_paper_consent = command("residents:consent:recorded")(consents.record_paper_consent)
act_without_consent = command("residents:act-without-consent:recorded")(consents.act_without_consent)
mark_told = command("residents:act-without-consent:told")(consents.mark_told)
withdraw_consent = command("residents:consent:withdrawn")(consents.withdraw_consent)
issue_guardian_token = command("residents:guardian-token:issued")(guardians.issue_guardian_token)

access_resident = query("residents:resident:viewed")(selectors.access_resident)
unmask_resident = query("residents:identity:unmasked")(selectors.access_resident)
acts_without_consent = query("residents:acts-without-consent:viewed")(selectors.acts_without_consent)
consent_in_force = query()(selectors.consent_in_force)
demand_consent = query()(selectors.demand_consent)
consents_of = query("residents:consents:viewed")(selectors.consents_of)
phone_of = query()(selectors.phone_of)
resident_of = query()(selectors.resident_of)
residents_queryset = query()(selectors.residents_queryset)
has_consent = query()(selectors.has_consent)
kept_uid_of = query()(finding.kept_uid_of)
kept_ids = query()(finding.kept_ids)
rows_of_person = query()(finding.rows_of_person)
likely_duplicates = query()(finding.likely_duplicates)

check_fact = pure(facts.check_fact)
consent_text = pure(library.consent_text)
contact_index = pure(finding.contact_index)
identity_index = pure(finding.identity_index)
marks_of = pure(finding.marks_of)
is_same_birthday = pure(finding.is_same_birthday)
age_on = pure(ages.age_on)
needs_guardian = pure(ages.needs_guardian)
mask_name = pure(masking.mask_name)
mask_phone = pure(masking.mask_phone)
normalise_phone = pure(identifiers_cn.normalise_phone)

__all__ = [
    "access_resident",
    "act_without_consent",
    "acts_without_consent",
    "age_on",
    "change_phone",
    "check_fact",
    "complete_identity",
    "consent_in_force",
    "consent_text",
    "consents_of",
    "contact_index",
    "correct_facts",
    "demand_consent",
    "follow_moved_node",
    "forget_contact",
    "give_consent",
    "has_consent",
    "identity_index",
    "is_same_birthday",
    "issue_guardian_token",
    "kept_ids",
    "kept_uid_of",
    "let_go",
    "likely_duplicates",
    "mark_told",
    "marks_of",
    "mask_name",
    "mask_phone",
    "move_home",
    "needs_guardian",
    "normalise_phone",
    "phone_of",
    "point_at_kept",
    "record_paper_consent",
    "record_person",
    "register_participants",
    "register_resident",
    "resident_of",
    "residents_queryset",
    "rows_of_person",
    "unmask_resident",
    "withdraw_consent",
]
