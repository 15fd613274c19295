"""Words of the interviews. Values come from the assessments room; here they get the words a colleague reads."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anxin.domains.assessments.contracts import Conduct, ConsentBasis, Doubt, LookOutcome, Relation
from anxin.domains.instruments.contracts import Respondent
from anxin.sites.staff.words import Words

CONDUCTS: dict[Conduct, Words] = {
    Conduct.INTERVIEW: _("I read the questions aloud and write the answers down"),
    Conduct.PAPER: _("I copy a paper form that was filled in"),
}
CONDUCT_SHORT: dict[Conduct, Words] = {
    Conduct.ONLINE: pgettext_lazy("conduct", "at a screen"),
    Conduct.INTERVIEW: pgettext_lazy("conduct", "interview"),
    Conduct.PAPER: pgettext_lazy("conduct", "paper"),
}
CONSENTS: dict[ConsentBasis, Words] = {
    ConsentBasis.AGREED: _("The person agrees, and knows who will see the answers"),
    ConsentBasis.GUARDIAN_AGREED: _("A parent or guardian agrees, and the child as well"),
    ConsentBasis.CRISIS: _("No agreement: a life is in danger"),
}
RESPONDENTS: dict[Respondent, Words] = {
    Respondent.SELF: pgettext_lazy("respondent", "the person"),
    Respondent.PARENT: pgettext_lazy("respondent", "a parent, about the person"),
    Respondent.TEACHER: pgettext_lazy("respondent", "a teacher, about the person"),
    Respondent.INFORMANT: pgettext_lazy("respondent", "somebody who knows the person, about them"),
    Respondent.CLINICIAN: pgettext_lazy("respondent", "a trained professional who asks and judges"),
}
RELATIONS: dict[Relation, Words] = {
    Relation.MOTHER: pgettext_lazy("relation", "mother"),
    Relation.FATHER: pgettext_lazy("relation", "father"),
    Relation.GUARDIAN: pgettext_lazy("relation", "guardian"),
    Relation.GRANDPARENT: pgettext_lazy("relation", "grandparent"),
    Relation.PARTNER: pgettext_lazy("relation", "husband, wife or partner"),
    Relation.SON_OR_DAUGHTER: pgettext_lazy("relation", "son or daughter"),
    Relation.TEACHER: pgettext_lazy("relation", "teacher"),
    Relation.CARER: pgettext_lazy("relation", "carer"),
    Relation.OTHER: pgettext_lazy("relation", "somebody else"),
}
DOUBTS: dict[Doubt, Words] = {
    Doubt.TOO_FAST: _("Most answers came faster than the questions can be read."),
    Doubt.SAME_ANSWER: _("The same answer stands all the way down."),
    Doubt.CONTROL_SCALE: _("The control questions of the form speak against the answers."),
    Doubt.REPEATED: _("The same form was answered again before its time."),
}
LOOKS: dict[LookOutcome, Words] = {
    LookOutcome.TALKED: _("I talked with the person"),
    LookOutcome.ASKED_AGAIN: _("The form was asked again in a talk"),
    LookOutcome.STANDS: _("The answers stand as they are"),
}
# Grades and bands that staff read beside the score.
GRADES: dict[str, Words] = {
    "low": pgettext_lazy("grade", "low"),
    "moderate": pgettext_lazy("grade", "moderate"),
    "high": pgettext_lazy("grade", "high"),
    "none": pgettext_lazy("grade", "none"),
    "positive": pgettext_lazy("grade", "positive"),
    "negative": pgettext_lazy("grade", "negative"),
    "acute": pgettext_lazy("grade", "acute: stay with the person"),
    "not_acute": pgettext_lazy("grade", "not acute"),
}
