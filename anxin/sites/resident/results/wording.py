"""The sentences of a result, by how much support it asks for. They speak of days and feelings, never of an illness."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anxin.domains.instruments.contracts import PublicLevel
from anxin.sites.resident.self_tests.offer import Topic

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Step:
    """One small thing that can be done today."""

    title: Text
    text: Text = ""
    url: Text = ""
    link: Text = ""
    copy: Text = ""
    retake_on: date | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """Title and text of a result, and where it lies on the soft scale (0 light, 10 heavy)."""

    title: Text
    text: Text
    scale_at: int = 0
    scale_say: Text = ""


WHO_CAN_SEE = _(
    "You. The people who care for you at your station, the centre of your district and the hotline, when they look"
    " after you: each look leaves a line you can read. Nobody at work or at school, and nobody in an office: those who"
    " run the network see numbers without names, of groups of ten and more."
)

_OPEN = Sentence(
    _("Some questions are open, so there is no result"),
    _("That is fine. You can answer them another time, or simply talk to somebody."),
)

_SENTENCES = {
    (Topic.ENERGY, PublicLevel.NONE): Sentence(
        _("These two weeks have been fairly steady for you"),
        _("Thank you for taking the time to look. Keep what does you good."),
        1,
        _("fairly light"),
    ),
    (Topic.ENERGY, PublicLevel.MILD): Sentence(
        _("These two weeks you may be more tired than usual"),
        _(
            "Many people know such times. Mostly rest, regular days and somebody to talk to slowly make it easier."
        ),
        3,
        _("somewhat tired"),
    ),
    (Topic.ENERGY, PublicLevel.MODERATE): Sentence(
        _("These two weeks have not been easy for you"),
        _(
            "It may have been going on for a while. You need not carry it alone; talking to somebody who knows helps."
        ),
        6,
        _("not easy"),
    ),
    (Topic.ENERGY, PublicLevel.HIGH): Sentence(
        _("These two weeks you have carried a lot"),
        _("Nobody should go through such days alone. Please talk to somebody today."),
        9,
        _("very heavy"),
    ),
    (Topic.DAYS, PublicLevel.NONE): Sentence(
        _("Lately things have been fairly steady for you"),
        _("Thank you for taking the time to look. Keep what does you good."),
        1,
        _("fairly light"),
    ),
    (Topic.DAYS, PublicLevel.MILD): Sentence(
        _("Lately things may have been harder than usual"),
        _(
            "Many people know such times. Mostly rest, regular days and somebody to talk to slowly make it easier."
        ),
        3,
        _("somewhat tired"),
    ),
    (Topic.DAYS, PublicLevel.MODERATE): Sentence(
        _("Lately things have not been easy for you"),
        _(
            "It may have been going on for a while. You need not carry it alone; talking to somebody who knows helps."
        ),
        6,
        _("not easy"),
    ),
    (Topic.DAYS, PublicLevel.HIGH): Sentence(
        _("Lately you have carried a lot"),
        _("Nobody should go through such days alone. Please talk to somebody today."),
        9,
        _("very heavy"),
    ),
    (Topic.TENSION, PublicLevel.NONE): Sentence(
        _("These two weeks have been fairly calm for you"),
        _("Thank you for taking the time to look. Keep what does you good."),
        1,
        _("fairly light"),
    ),
    (Topic.TENSION, PublicLevel.MILD): Sentence(
        _("These two weeks you may be more tense than usual"),
        _(
            "Many people know such times. Slow breathing, moving about and somebody to talk to make it easier."
        ),
        3,
        _("somewhat tense"),
    ),
    (Topic.TENSION, PublicLevel.MODERATE): Sentence(
        _("These two weeks your mind has hardly come to rest"),
        _(
            "It may have been going on for a while. You need not carry it alone; talking to somebody who knows helps."
        ),
        6,
        _("not easy"),
    ),
    (Topic.TENSION, PublicLevel.HIGH): Sentence(
        _("These two weeks you have been under great strain"),
        _("Nobody should go through such days alone. Please talk to somebody today."),
        9,
        _("very heavy"),
    ),
}

_BREATHE = Step(
    _("Breathe out slowly, and count to six"),
    _("It need not be perfect. A few times are enough."),
    reverse_lazy("resident_relax:breathing"),
    _("Breathe with me"),
)
_TELL = Step(
    _("Tell somebody you trust"),
    _("One line is enough: “I am not doing so well. Can you stay with me for a while?”"),
    copy=_("I am not doing so well. Can you stay with me for a while?"),
)
_STATION = Step(
    _("Go and sit in a station this week"),
    _("Free of charge. You need not explain why you come."),
    reverse_lazy("resident_stations:list"),
    _("Find a station"),
)
_SAFE_PLACE = Step(
    _("Stay where people are"), _("With family, at a gatehouse or in a shop: anywhere with somebody around.")
)
_PHONE_AWAY = Step(
    _("Put the phone away half an hour earlier tonight"),
    _("Three minutes of slow breathing before you sleep may help."),
    reverse_lazy("resident_relax:breathing"),
    _("Breathe with me"),
)
_GOOD_THING = Step(
    _("Keep one thing a day that does you good"),
    _("A walk, a call, a song. Small is enough, every day counts."),
)
_CALL_TODAY = Step(
    _("Make one call today"), _("The psychological aid line is there around the clock, also at night.")
)


def sentence(topic: Topic, level: PublicLevel) -> Sentence:
    """What the page says first."""
    return _SENTENCES.get((topic, level), _OPEN)


def steps(level: PublicLevel, *, help_first: bool, retake_on: date, restart_url: str) -> tuple[Step, ...]:
    """Three small steps for this level. A worrying answer has its own three, whatever the level."""
    again = Step(_("Look again in two weeks"), url=restart_url, retake_on=retake_on)
    if help_first:
        return (_SAFE_PLACE, _TELL, _BREATHE)
    return {
        PublicLevel.NONE: (_GOOD_THING, _BREATHE, again),
        PublicLevel.MILD: (_PHONE_AWAY, _TELL, again),
        PublicLevel.MODERATE: (_STATION, _TELL, again),
        PublicLevel.HIGH: (_CALL_TODAY, _STATION, _TELL),
        PublicLevel.UNKNOWN: (_BREATHE, _TELL, _STATION),
    }[level]
