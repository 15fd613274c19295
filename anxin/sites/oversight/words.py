"""Words the leaders' pages share."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anxin.domains.indicators.contracts import Answer, GroupSplit, PartOfDay, Period, Reach, Split
from anxin.domains.risk.contracts import Level, WarningState

Words = str | Promise

PERIODS: dict[Period, Words] = {
    Period.WEEK: _("This week"),
    Period.MONTH: _("This month"),
    Period.YEAR: _("This year"),
}
SPLITS: dict[Split, Words] = {Split.AREA: _("By area"), Split.LINE: _("By line")}
ANSWERS: dict[Answer, Words] = {
    Answer.IN_TIME: pgettext_lazy("answer", "in time"),
    Answer.LATE: pgettext_lazy("answer", "not in time"),
    Answer.PENDING: pgettext_lazy("answer", "not yet due"),
}
PARTS_OF_DAY: dict[PartOfDay, Words] = {
    PartOfDay.DAY: pgettext_lazy("part of day", "8:00 to 18:00"),
    PartOfDay.EVENING: pgettext_lazy("part of day", "18:00 to 22:00"),
    PartOfDay.NIGHT: pgettext_lazy("part of day", "22:00 to 8:00"),
}
REACHES: dict[Reach, Words] = {
    Reach.STATION: pgettext_lazy("rung", "station"),
    Reach.COUNTY: pgettext_lazy("rung", "county centre"),
    Reach.CITY: pgettext_lazy("rung", "city centre"),
}
REACH_NUMBERS: dict[Reach, int] = {Reach.STATION: 1, Reach.COUNTY: 2, Reach.CITY: 3}
STATES: dict[WarningState, Words] = {
    WarningState.NEW: pgettext_lazy("warning", "new"),
    WarningState.ACKNOWLEDGED: pgettext_lazy("warning", "taken over"),
    WarningState.CONTACTED: pgettext_lazy("warning", "reached"),
    WarningState.ASSESSED: pgettext_lazy("warning", "assessed"),
    WarningState.CASE_OPENED: pgettext_lazy("warning", "case opened"),
    WarningState.WATCH: pgettext_lazy("warning", "kept in view"),
    WarningState.FALSE_POSITIVE: pgettext_lazy("warning", "no risk found"),
    WarningState.NOT_REACHABLE: pgettext_lazy("warning", "not reachable"),
    WarningState.CLOSED: pgettext_lazy("warning", "ended"),
}
LEVEL_NAMES: dict[Level, str] = {level: f"L{int(level)}" for level in Level}
GROUP_SPLITS: dict[GroupSplit, Words] = {
    GroupSplit.PLACE: _("By area and unit"),
    GroupSplit.AGE: _("By age"),
}
# Bands of the instruments, in plain words: how heavy, never what illness.
BANDS: dict[str, Words] = {
    "minimal": pgettext_lazy("band", "hardly any burden"),
    "mild": pgettext_lazy("band", "some burden"),
    "moderate": pgettext_lazy("band", "clear burden"),
    "moderately_severe": pgettext_lazy("band", "heavy burden"),
    "severe": pgettext_lazy("band", "very heavy burden"),
    "serious": pgettext_lazy("band", "very heavy burden"),
    "negative": pgettext_lazy("band", "below the limit"),
    "positive": pgettext_lazy("band", "above the limit"),
    "subthreshold": pgettext_lazy("band", "below the limit"),
    "possible": pgettext_lazy("band", "possibly burdened"),
    "probable": pgettext_lazy("band", "probably burdened"),
    "acute": pgettext_lazy("band", "acute: not to be left alone"),
    "not_acute": pgettext_lazy("band", "positive, not acute"),
    "adequate": pgettext_lazy("band", "good enough"),
    "very_low": pgettext_lazy("band", "very low"),
    "low": pgettext_lazy("band", "low"),
    "medium": pgettext_lazy("band", "middle"),
    "middle": pgettext_lazy("band", "middle"),
    "high": pgettext_lazy("band", "high"),
    "very_high": pgettext_lazy("band", "very high"),
    "not_low": pgettext_lazy("band", "not low"),
    "none": pgettext_lazy("band", "none found"),
    "normal": pgettext_lazy("band", "in the usual range"),
    "below_cutoff": pgettext_lazy("band", "below the limit"),
    "below_38": pgettext_lazy("band", "below 38"),
    "from_38": pgettext_lazy("band", "38 to 43"),
    "from_44": pgettext_lazy("band", "44 to 49"),
    "from_50": pgettext_lazy("band", "50 and above"),
    "borderline": pgettext_lazy("band", "at the limit"),
    "definite": pgettext_lazy("band", "definitely burdened"),
    "likely": pgettext_lazy("band", "probably burdened"),
    "raised": pgettext_lazy("band", "above the limit"),
    "not_raised": pgettext_lazy("band", "below the limit"),
    "major": pgettext_lazy("band", "meets the full pattern"),
    "marked": pgettext_lazy("band", "heavy burden"),
    "mild_to_moderate": pgettext_lazy("band", "some to clear burden"),
    "moderate_to_severe": pgettext_lazy("band", "clear to heavy burden"),
    "very_severe": pgettext_lazy("band", "extremely heavy burden"),
    "extremely_severe": pgettext_lazy("band", "extremely heavy burden"),
    "substantial": pgettext_lazy("band", "heavy"),
    "low_risk": pgettext_lazy("band", "low-risk use"),
    "hazardous": pgettext_lazy("band", "hazardous use"),
    "harmful": pgettext_lazy("band", "harmful use"),
    "likely_dependence": pgettext_lazy("band", "dependence likely"),
    "poor_sleep": pgettext_lazy("band", "poor sleep"),
    "extremely_satisfied": pgettext_lazy("band", "extremely satisfied"),
    "satisfied": pgettext_lazy("band", "satisfied"),
    "slightly_satisfied": pgettext_lazy("band", "slightly satisfied"),
    "neutral": pgettext_lazy("band", "neutral"),
    "slightly_dissatisfied": pgettext_lazy("band", "slightly dissatisfied"),
    "dissatisfied": pgettext_lazy("band", "dissatisfied"),
    "extremely_dissatisfied": pgettext_lazy("band", "extremely dissatisfied"),
}
