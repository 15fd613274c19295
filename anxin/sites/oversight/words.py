"""Words the leaders' pages share."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anxin.domains.indicators.contracts import Answer, GroupSplit, PartOfDay, Period, Reach, Split
from anxin.domains.risk.contracts import Level

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
LEVEL_NAMES: dict[Level, str] = {level: f"L{int(level)}" for level in Level}
GROUP_SPLITS: dict[GroupSplit, Words] = {
    GroupSplit.PLACE: _("By area and unit"),
    GroupSplit.AGE: _("By age"),
}
