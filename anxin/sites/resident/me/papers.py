"""Everything that is kept about a person, on paper; and a guardian's general view."""

from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from anxin.domains.audit import api as audit
from anxin.domains.rights.contracts import Decision, RequestKind
from anxin.exchange.pdf.documents import Block, Document, Heading, Paragraph, Table
from anxin.exchange.person.shape import PersonFile
from anxin.kernel import clock
from anxin.sites.resident.me.trail import SOFTER
from anxin.sites.resident.me.words import BASES, DECISIONS, GIVERS, KINDS, SEXES
from anxin.sites.resident.self_tests.offer import offer_of
from anxin.ui.context import help_numbers

_TRAIL_ON_PAPER = 400


def person_paper(file: PersonFile) -> Document:
    """The same as the JSON file, in words. The answers stand in the file for machines; here it is the day and form."""
    person = file.person
    blocks: list[Block] = [
        Table(
            (_("Name"), _("Phone"), _("Date of birth"), pgettext("fact", "Sex"), _("Station")),
            [
                (
                    person.name or "–",
                    person.phone or "–",
                    _day(person.born_on),
                    str(SEXES.get(person.sex, "–")),
                    person.place,
                )
            ],
        ),
        Heading(_("What is kept, and why")),
        Table(
            (_("What"), pgettext("kept", "Why"), _("On what ground"), _("Who keeps it"), _("Until when")),
            [(one.title, one.why, one.basis, one.keeper, one.until) for one in file.kinds],
            widths=(2, 3, 2, 2, 3),
        ),
        *_section(
            _("What I have agreed to"),
            (
                _("What was agreed to"),
                _("For whom"),
                pgettext("agreement", "By"),
                _("Given"),
                _("Taken back"),
            ),
            [
                (
                    one.title,
                    one.recipient or "–",
                    str(GIVERS.get(one.given_by, one.given_by)),
                    _day(one.given_at),
                    _day(one.withdrawn_at),
                )
                for one in file.consents
            ],
        ),
        *_section(
            _("Done without asking first"),
            (_("Ground"), _("Who was told"), _("On")),
            [
                (str(BASES[one.basis]), one.recipient or "–", _day(one.acted_at))
                for one in file.acts_without_consent
            ],
        ),
        *_section(
            _("My self-tests"),
            (_("Questionnaire"), _("Answered on"), _("Total score")),
            [
                (
                    _form(one.instrument),
                    _day(one.submitted_at or one.started_at),
                    _number(one.scores.get("total")),
                )
                for one in file.sittings
            ],
        ),
        *_section(
            _("Somebody was to call me"),
            (_("Number"), _("Who"), _("From"), _("Until")),
            [(one.number, one.unit, _day(one.raised_at), _day(one.closed_at)) for one in file.calls],
        ),
        *_section(
            _("Plans to support me"),
            (_("Number"), _("Who"), _("From"), _("Until")),
            [(one.number, one.unit, _day(one.opened_at), _day(one.closed_at)) for one in file.support],
        ),
        *_section(
            _("Messages sent to me"),
            (_("On"), _("What it said")),
            [(_day(one.sent_at or one.queued_at), one.text) for one in file.notices],
            widths=(1, 5),
        ),
        *_section(
            _("What I have asked for"),
            (_("Number"), _("What"), _("On"), pgettext("request", "Answer")),
            [
                (one.number, str(KINDS[RequestKind(one.kind)]), _day(one.requested_at), _answer(one))
                for one in file.requests
            ],
            widths=(2, 3, 2, 5),
        ),
        *_section(
            _("Who has looked at my record"),
            (_("Time"), _("Who"), _("What")),
            [
                (_moment(one.at), one.who, str(SOFTER.get(one.event) or audit.sentence_of(one.event)))
                for one in file.trail[:_TRAIL_ON_PAPER]
            ],
            widths=(2, 2, 5),
        ),
    ]
    if len(file.trail) > _TRAIL_ON_PAPER:
        blocks.append(
            Paragraph(
                _("%(count)s older lines stand in the file for machines (JSON).")
                % {"count": len(file.trail) - _TRAIL_ON_PAPER},
                is_small=True,
            )
        )
    return _paper(_("What is kept about me"), blocks)


def ward_paper(view: dict[str, Any]) -> Document:
    """A guardian's general view."""
    blocks: list[Block] = [
        *_section(
            _("Agreements"),
            (_("What was agreed to"), _("Given"), _("Taken back")),
            [(one.title, _day(one.given_on), _day(one.withdrawn_on)) for one in view["agreements"]],
        ),
        *_section(
            _("How self-tests went, in general"),
            (_("Questionnaire"), _("Answered on"), _("In general")),
            [(str(form), _day(on), str(level)) for form, on, level in view["results"]],
        ),
        *_section(
            _("Done without asking first"),
            (_("Ground"), _("On")),
            [(str(basis), _day(on)) for basis, on in view["acts"]],
        ),
        *_section(
            _("Who has looked"),
            (_("Time"), _("Who"), _("What")),
            [(_moment(at), who or "–", str(what)) for at, who, what, _person in view["looks"]],
            widths=(2, 2, 5),
        ),
    ]
    return _paper(view["name"], blocks)


def _paper(title: str, blocks: list[Block]) -> Document:
    numbers = "·".join(f"{one['number']} {one['label']}" for one in help_numbers())
    return Document(
        title=title,
        language=get_language() or "zh-hans",
        made_at=clock.now(),
        lead=_moment(clock.now()),
        blocks=tuple(blocks),
        foot=(_("Help now: %(numbers)s") % {"numbers": numbers},),
    )


def _section(
    title: str, head: tuple[str, ...], rows: list[tuple[str, ...]], *, widths: tuple[int, ...] = ()
) -> list[Block]:
    if not rows:
        return [Heading(title), Paragraph(_("Nothing."))]
    return [Heading(title), Table(head, rows, widths=widths)]


def _answer(one: Any) -> str:
    said = str(DECISIONS[Decision(one.decision)]) if one.decision else "–"
    return f"{said} {one.reason}".strip()


def _form(slug: str) -> str:
    found = offer_of(slug)
    return str(found.name) if found else slug.upper()


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"


def _day(when: date | datetime | None) -> str:
    if when is None:
        return "–"
    day = clock.local(when).date() if isinstance(when, datetime) else when
    return date_format(day, pgettext("date format", "j F Y"))


def _moment(at: datetime) -> str:
    return f"{clock.local(at):%Y-%m-%d %H:%M}"
