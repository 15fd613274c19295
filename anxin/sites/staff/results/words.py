"""Words of the reports. They name findings of a form, never an illness of a person."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anxin.domains.assessments.contracts import Change
from anxin.sites.staff.words import Words

FLAGS: dict[str, Words] = {
    "screen_positive": _("Screening positive: at or above the cut-off"),
    "major_depressive_syndrome": _(
        "Counting rule: pattern of a major depressive syndrome (a hint, no diagnosis)"
    ),
    "other_depressive_syndrome": _(
        "Counting rule: pattern of another depressive syndrome (a hint, no diagnosis)"
    ),
    "provisional_ptsd": _("Counting rule: pattern after trauma, provisional (a hint, no diagnosis)"),
    "dsm_iv_pattern": _("Counting rule of the older edition is met (a hint, no diagnosis)"),
    "anxiety_positive": _("Anxiety part at or above the cut-off"),
    "depression_positive": _("Depression part at or above the cut-off"),
    "somatoform_suggested": _("Many bodily complaints: suggest a medical check"),
    "positive_by_sum": _("Positive by the sum"),
    "positive_by_count": _("Positive by the number of items"),
    "attention": _("Needs attention"),
    "interview_needed": _("An interview is asked for"),
    "refer": _("Suggest a qualified institution"),
    "injected": _("Injected in the past: ask about health risks"),
}
MARKS: dict[str, Words] = {
    "V": _("compared with named sources"),
    "M": _("from memory: confirm before quoting"),
    "D": _("proposal of this platform"),
}
CHANGES: dict[Change, Words] = {
    Change.LOWER: pgettext_lazy("change", "reliably lower"),
    Change.WITHIN: pgettext_lazy("change", "within measurement error"),
    Change.HIGHER: pgettext_lazy("change", "reliably higher"),
    Change.UNKNOWN: pgettext_lazy("change", "cannot be said"),
}
NOTES: dict[str, Words] = {
    "ignored": _("Question %(what)s: an answer that the form does not count"),
    "not_asked": _("Question %(what)s: not asked of this person"),
    "refused": _("Question %(what)s: declined to answer"),
    "answered_unasked": _("Question %(what)s: answered although it was not to be asked"),
    "stopped_at": _("The form ended at question %(what)s"),
    "sex_needed": _("%(what)s: no band, the sex is not known"),
    "age_needed": _("%(what)s: no band, the age is not known"),
    "no_norm_for_age": _("%(what)s: no band, no norm for this age"),
    "at_least": _("%(what)s: not everything answered, so this is the least it can be"),
}
VERDICTS: dict[str, Words] = {
    "doubtful": _("The validity rule of the form calls the answers doubtful"),
    "void": _("The validity rule of the form calls the answers void: scores, but no bands"),
}
