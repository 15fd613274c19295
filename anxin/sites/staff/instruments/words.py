"""Words of the instrument pages. Values come from the room; here they get the words a colleague reads."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anxin.domains.instruments.contracts import (
    Channel,
    CriticalAction,
    Mark,
    Mode,
    Respondent,
    ScaleKind,
    Texts,
    TextState,
    VersionAct,
    VersionState,
)

Words = str | Promise
LANGUAGES: dict[str, Words] = {"zh-Hans": _("Chinese"), "en": _("English")}

MODES: dict[Mode, Words] = {
    Mode.OPEN: _("key and wording, free to show"),
    Mode.PACK: _("wording in a licence pack"),
    Mode.STAFF: _("for professionals"),
    Mode.KEY_ONLY: _("key only, the wording needs a permission"),
}

STATES: dict[VersionState, Words] = {
    VersionState.DRAFT: pgettext_lazy("instrument", "draft"),
    VersionState.IN_REVIEW: pgettext_lazy("instrument", "in review"),
    VersionState.PUBLISHED: pgettext_lazy("instrument", "in force"),
    VersionState.RETIRED: pgettext_lazy("instrument", "retired"),
    VersionState.DISCARDED: pgettext_lazy("instrument", "discarded"),
}

ACTS: dict[VersionAct, Words] = {
    VersionAct.DRAFTED: _("Draft begun"),
    VersionAct.SAVED: _("Draft saved"),
    VersionAct.SENT: _("Sent to review"),
    VersionAct.TAKEN_BACK: _("Taken back by the author"),
    VersionAct.GIVEN_BACK: _("Given back"),
    VersionAct.APPROVED: _("Approved"),
    VersionAct.PUBLISHED: _("Published"),
    VersionAct.RETIRED: _("Retired"),
    VersionAct.SUPERSEDED: _("Superseded by a newer version"),
    VersionAct.DISCARDED: _("Draft discarded"),
}

TEXT_STATES: dict[TextState, Words] = {
    TextState.RECORDED: pgettext_lazy("licensed text", "waits for a second person"),
    TextState.ACTIVE: pgettext_lazy("licensed text", "in force"),
    TextState.ENDED: pgettext_lazy("licensed text", "ended"),
}

CHANNELS: dict[Channel, Words] = {
    Channel.PUBLIC: _("Public self-tests"),
    Channel.STAFF: _("Staff and campaigns"),
}

RESPONDENTS: dict[Respondent, Words] = {
    Respondent.SELF: _("the person"),
    Respondent.PARENT: _("a parent"),
    Respondent.TEACHER: _("a teacher"),
    Respondent.INFORMANT: _("somebody who knows the person"),
    Respondent.CLINICIAN: _("a trained rater"),
}

KINDS: dict[ScaleKind, Words] = {
    ScaleKind.SUM: _("sum"),
    ScaleKind.MEAN: _("mean"),
    ScaleKind.COUNT: _("count of items from a value on"),
    ScaleKind.MEAN_OF_COUNTED: _("mean of the items from a value on"),
    ScaleKind.LINEAR: _("another scale, multiplied"),
    ScaleKind.SUM_OF: _("sum of other scales"),
    ScaleKind.STEPS: _("points by steps"),
    ScaleKind.SLEEP_EFFICIENCY: _("sleep efficiency"),
}

ACTIONS: dict[CriticalAction, Words] = {
    CriticalAction.SUICIDE_FLOW: _("help at once, and a warning"),
    CriticalAction.ASK_RISK: _("a colleague asks about risk"),
}

MARKS: dict[Mark, Words] = {
    Mark.VERIFIED: _("compared with a named source"),
    Mark.MEMORY: _("from memory"),
    Mark.PROPOSAL: _("our own proposal"),
}

WINDOWS: dict[str, Words] = {
    "": _("no time named"),
    "P1W": _("the last week"),
    "P7D": _("the last week"),
    "P2W": _("the last two weeks"),
    "P30D": _("the last 30 days"),
    "P4W": _("the last four weeks"),
    "P1M": _("the last month"),
    "P3M": _("the last three months"),
    "P6M": _("the last six months"),
    "P1Y": _("the last year"),
}

# The first word of the place of a difference.
PLACES: dict[str, Words] = {
    "title": _("Title"),
    "mode": _("Mode"),
    "window": _("Time asked about"),
    "age": _("Age"),
    "channels": _("Channels"),
    "respondents": _("Who answers"),
    "disclosure": _("Who sees the result"),
    "retest_days": _("Days until it may be asked again"),
    "instruction": _("Instruction"),
    "stem": _("Lead-in"),
    "options": _("Answers to choose from"),
    "option_sets": _("Answers to choose from"),
    "items": _("Questions"),
    "extra_items": _("Unscored questions"),
    "gate": _("Opening question"),
    "reverse": _("Reversed items"),
    "scales": _("Scales"),
    "norm_sets": _("Bands"),
    "critical": _("Critical answers"),
    "flags": _("Findings for staff"),
    "skips": _("Branches"),
    "ask_when": _("Branches"),
    "follow_ups": _("What is asked next"),
    "classifications": _("Grades"),
    "validity": _("Validity"),
    "missing": _("Missing answers"),
    "licence": _("Licence"),
    "provenance": _("Sources"),
    "loinc": "LOINC",
}

# And what stands further in.
PLACE_PARTS: dict[str, Words] = {
    **LANGUAGES,
    "text": _("text"),
    "title": _("Title"),
    "bands": _("Bands"),
    "min": _("from"),
    "max": _("to"),
    "wording": _("Words"),
    "sha256": _("fingerprint"),
    "translations": _("translations"),
    "key_sources": _("Sources of the key"),
    "notes": _("Notes"),
    "reference": _("Reference"),
    "summary": _("Terms"),
}


def language() -> str:
    """The language of the page, as the instruments name it."""
    return "en" if (get_language() or "zh-hans").startswith("en") else "zh-Hans"


def in_page_language(texts: Texts) -> str:
    """The text in the language of the page, or in another, or nothing."""
    wanted = language()
    return texts.get(wanted) or next(iter(texts.values()), "")


def window_words(window: str) -> Words:
    """How far back the questions look."""
    return WINDOWS.get(window, window)


def listed(words: Iterable[Words]) -> str:
    """One after the other, as the language of the page separates them."""
    return ("、" if language() == "zh-Hans" else ", ").join(map(str, words))
