"""Requests in the words a colleague reads."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anxin.domains.residents.contracts import GivenBy, LegalBasis
from anxin.domains.rights.contracts import AskedBy, Decision, Proof, RequestKind, RequestState
from anxin.sites.staff.words import Words

KINDS: dict[RequestKind, Words] = {
    RequestKind.CORRECT: pgettext_lazy("request", "put something right"),
    RequestKind.DELETE: pgettext_lazy("request", "delete"),
    RequestKind.RESTRICT: pgettext_lazy("request", "restrict the use"),
    RequestKind.EXPLAIN: pgettext_lazy("request", "explain"),
    RequestKind.LEAVE: pgettext_lazy("request", "has left"),
}

# What saying yes does, read before it is said.
FOLLOWS: dict[RequestKind, Words] = {
    RequestKind.CORRECT: _("The facts below are put right at once, in the person's record."),
    RequestKind.DELETE: _(
        "Messages that were sent are deleted. What the law makes us keep is restricted: kept until its day, and used by"
        " nobody. Self-tests behind a warning stay with the warning."
    ),
    RequestKind.RESTRICT: _("The archive and the self-tests are kept, and used by nobody."),
    RequestKind.EXPLAIN: _("Your words below are the explanation. The person reads them."),
    RequestKind.LEAVE: _(
        "The account is closed already. How to reach the person and messages that were sent are deleted, the rest is"
        " restricted."
    ),
}

REQUEST_STATES: dict[RequestState, Words] = {
    RequestState.REQUESTED: pgettext_lazy("request", "arrived"),
    RequestState.IDENTITY_VERIFIED: pgettext_lazy("request", "identity proved, receipt given"),
    RequestState.DECIDED: pgettext_lazy("request", "decided"),
    RequestState.FULFILLED: pgettext_lazy("request", "carried out"),
    RequestState.CLOSED: pgettext_lazy("request", "closed"),
}

DECISIONS: dict[Decision, Words] = {
    Decision.GRANTED: pgettext_lazy("request", "granted"),
    Decision.PARTLY: pgettext_lazy("request", "granted in part"),
    Decision.REFUSED: pgettext_lazy("request", "refused"),
}

PROOFS: dict[Proof, Words] = {
    Proof.PHONE_CODE: _("A fresh code to the person's phone"),
    Proof.IN_PERSON: _("Met in person"),
    Proof.DOCUMENT: _("A document was shown"),
}

ASKERS: dict[AskedBy, Words] = {
    AskedBy.SELF: _("the person"),
    AskedBy.GUARDIAN: _("a guardian"),
}

FACTS: dict[str, Words] = {
    "name": _("Name"),
    "born_on": _("Date of birth"),
    "sex": pgettext_lazy("fact", "Sex"),
}

BASES: dict[LegalBasis, Words] = {
    LegalBasis.LIFE_IN_DANGER: _("A life is in danger"),
    LegalBasis.MANDATORY_REPORT: _("A report the law demands"),
    LegalBasis.CHILD_PROTECTION: _("To protect a child"),
    LegalBasis.POLICE: _("The police asked, with a paper"),
}

GIVERS: dict[str, Words] = {
    GivenBy.SELF.value: _("the person"),
    GivenBy.GUARDIAN.value: _("a guardian"),
    GivenBy.NEWER_TEXT.value: _("a newer text took its place"),
}
