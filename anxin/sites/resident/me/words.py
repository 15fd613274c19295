"""What stands on one's own pages, in plain words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anxin.domains.archives.contracts import Relation
from anxin.domains.instruments.contracts import PublicLevel
from anxin.domains.residents.contracts import GivenBy, LegalBasis
from anxin.domains.rights.contracts import Decision, RequestKind, RequestState

Text = str | Promise

KINDS: dict[RequestKind, Text] = {
    RequestKind.CORRECT: _("Put something right"),
    RequestKind.DELETE: _("Delete my data"),
    RequestKind.RESTRICT: _("Keep my data, but do not use them"),
    RequestKind.EXPLAIN: _("Explain something to me"),
    RequestKind.LEAVE: _("Leave"),
}

LEADS: dict[RequestKind, Text] = {
    RequestKind.CORRECT: _("Write only what is wrong. The rest stays as it is."),
    RequestKind.DELETE: _(
        "What the law lets us delete is deleted. What we have to keep is locked: nobody works with it any more, until"
        " its day has come. You read the reason in the answer."
    ),
    RequestKind.RESTRICT: _(
        "Nobody reads or uses your archive and your self-tests any more. They stay for you."
    ),
    RequestKind.EXPLAIN: _("Ask what we did with your data, and why. You get an answer in writing."),
    RequestKind.LEAVE: "",
}

STATES: dict[RequestState, Text] = {
    RequestState.REQUESTED: _("Arrived. We have to make sure first that it is you."),
    RequestState.IDENTITY_VERIFIED: _("Arrived, and being looked at."),
    RequestState.DECIDED: _("Decided."),
    RequestState.FULFILLED: _("Done."),
    RequestState.CLOSED: _("Finished."),
}

DECISIONS: dict[Decision, Text] = {
    Decision.GRANTED: _("Yes, it is done."),
    Decision.PARTLY: _("In part."),
    Decision.REFUSED: _("No."),
}

FACTS: dict[str, Text] = {
    "name": _("Name"),
    "born_on": _("Date of birth"),
    "sex": pgettext_lazy("fact", "Sex"),
}

SEXES: dict[str, Text] = {"f": pgettext_lazy("sex", "female"), "m": pgettext_lazy("sex", "male")}

GIVERS: dict[str, Text] = {
    GivenBy.SELF.value: _("yourself"),
    GivenBy.GUARDIAN.value: _("your guardian"),
    GivenBy.NEWER_TEXT.value: _("a newer text took its place"),
}

RELATIONS: dict[str, Text] = {
    Relation.PARENT.value: pgettext_lazy("guardian", "parent"),
    Relation.GRANDPARENT.value: pgettext_lazy("guardian", "grandparent"),
    Relation.SIBLING.value: pgettext_lazy("guardian", "sibling"),
    Relation.SPOUSE.value: pgettext_lazy("guardian", "husband or wife"),
    Relation.OTHER.value: pgettext_lazy("guardian", "guardian"),
}

BASES: dict[str, Text] = {
    LegalBasis.LIFE_IN_DANGER.value: _("A life was in danger"),
    LegalBasis.MANDATORY_REPORT.value: _("The law demands a report"),
    LegalBasis.CHILD_PROTECTION.value: _("To protect a child"),
    LegalBasis.POLICE.value: _("The police asked, with a paper"),
}

# How a self-test went, for a guardian: never an illness, never a number.
LEVELS: dict[str, Text] = {
    PublicLevel.NONE.value: _("fairly steady"),
    PublicLevel.MILD.value: _("a little tired"),
    PublicLevel.MODERATE.value: _("not easy lately"),
    PublicLevel.HIGH.value: _("a hard time; please talk with the station"),
    PublicLevel.UNKNOWN.value: _("no result"),
}
