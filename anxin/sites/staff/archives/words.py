"""Words of the archive pages."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anxin.domains.archives.contracts import EntryKind, Ground, MergeState, Relation, Status, TransferState
from anxin.sites.staff.words import Words

STATUSES: dict[Status, Words] = {
    Status.OPEN: pgettext_lazy("archive", "in use"),
    Status.RESTRICTED: pgettext_lazy("archive", "locked"),
    Status.CLOSED: pgettext_lazy("archive", "closed"),
}

RELATIONS: dict[Relation, Words] = {
    Relation.HEAD: pgettext_lazy("household", "head of the household"),
    Relation.SPOUSE: pgettext_lazy("household", "husband or wife"),
    Relation.CHILD: pgettext_lazy("household", "child"),
    Relation.PARENT: pgettext_lazy("household", "parent"),
    Relation.GRANDPARENT: pgettext_lazy("household", "grandparent"),
    Relation.SIBLING: pgettext_lazy("household", "brother or sister"),
    Relation.OTHER: pgettext_lazy("household", "somebody else"),
}

GROUNDS: dict[Ground, Words] = {
    Ground.MINOR: _("The person is under 18"),
    Ground.ADJUDGED: _("A court has decided it"),
}

ENTRIES: dict[EntryKind, Words] = {
    EntryKind.OPENED: _("Archive opened at %(unit)s"),
    EntryKind.CARER_ADDED: _("Helping from now on: %(name)s"),
    EntryKind.CARER_LEFT: _("Not helping any more: %(name)s"),
    EntryKind.TRANSFER_PROPOSED: _("A move was proposed: from %(before)s to %(after)s"),
    EntryKind.TRANSFER_DECLINED: _("The move was declined: from %(before)s to %(after)s"),
    EntryKind.TRANSFERRED: _("Moved from %(before)s to %(after)s"),
    EntryKind.MERGED: _("Merged: two records are one person"),
    EntryKind.UNMERGED: _("The merge was undone"),
    EntryKind.RESTRICTED: _("Archive locked"),
    EntryKind.RELEASED: _("Archive in use again"),
    EntryKind.CLOSED: _("Archive closed, kept until %(until)s"),
    EntryKind.REOPENED: _("Archive opened again"),
    EntryKind.HOUSEHOLD: _("Household noted: %(relation)s"),
    EntryKind.GUARDIAN_ADDED: _("Guardian noted: %(relation)s"),
    EntryKind.GUARDIAN_ENDED: _("Guardianship ended: %(relation)s"),
    EntryKind.GUARDIAN_LINKED: _("The guardian sees the ward on their own page: %(relation)s"),
    EntryKind.CONTRACT_ADDED: _("Family doctor's contract: %(team)s, %(unit)s"),
    EntryKind.DOCTOR_ASKED: _("Assessment for the family doctors' team %(team)s"),
    EntryKind.GUIDANCE_RETURNED: _("Guidance sent to the team %(team)s"),
}

TRANSFER_STATES: dict[TransferState, Words] = {
    TransferState.PROPOSED: pgettext_lazy("transfer", "waits for an answer"),
    TransferState.ACCEPTED: pgettext_lazy("transfer", "moved"),
    TransferState.DECLINED: pgettext_lazy("transfer", "declined"),
}

MERGE_STATES: dict[MergeState, Words] = {
    MergeState.PROPOSED: pgettext_lazy("merge", "waits for a decision"),
    MergeState.CONFIRMED: pgettext_lazy("merge", "merged"),
    MergeState.DECLINED: pgettext_lazy("merge", "two people"),
    MergeState.UNDONE: pgettext_lazy("merge", "undone"),
}

EVIDENCE: dict[str, Words] = {
    "same_identity": pgettext_lazy("evidence", "same identity number"),
    "same_contact": pgettext_lazy("evidence", "same telephone"),
    "same_birthday": pgettext_lazy("evidence", "same date of birth"),
    "same_sex": pgettext_lazy("evidence", "same sex"),
    "seen": pgettext_lazy("evidence", "seen by a colleague"),
}

RETENTION: dict[str, Words] = {
    "service_record": _("service record"),
    "medical_record": _("medical record"),
}

PURPOSES: dict[str, Words] = {
    "account": pgettext_lazy("purpose", "signing in"),
    "archive": pgettext_lazy("purpose", "psychological archive"),
    "contact_back": pgettext_lazy("purpose", "being contacted"),
    "emergency_contact": pgettext_lazy("purpose", "somebody to call in an emergency"),
    "self_test_named": pgettext_lazy("purpose", "self-test under one's own name"),
    "share_with_school": pgettext_lazy("purpose", "sharing with the school"),
}

GIVEN_BY: dict[str, Words] = {
    "self": pgettext_lazy("given by", "the person"),
    "guardian": pgettext_lazy("given by", "a guardian"),
}
