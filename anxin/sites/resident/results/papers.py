"""A result on paper: the words of the page, the course over time, and who can see it. It names nobody."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from anxin.exchange.pdf.documents import Block, Document, Drawing, Heading, Paragraph, Table
from anxin.kernel import clock
from anxin.sites.resident.results.course import Course
from anxin.sites.resident.results.presenters import ResultView
from anxin.sites.resident.results.wording import WHO_CAN_SEE, Step
from anxin.ui.context import help_numbers
from anxin.ui.templatetags.anxin_charts import draw


def result_paper(view: ResultView, course: Course | None) -> Document:
    """One result. Help comes first where the page puts it first, and the score last."""
    blocks: list[Block] = []
    if view.shows_panel:
        blocks.append(Paragraph(_help_words()))
    blocks.append(Paragraph(str(view.sentence.text)))
    blocks.append(Heading(_("Small things you could try")))
    blocks += [Paragraph(_step(step)) for step in view.steps]
    if course is not None and course.chart is not None:
        blocks += [
            Heading(_("How it has been over time")),
            Paragraph(str(course.words)),
            Drawing(draw(course.chart), course.chart.title),
        ]
    blocks += [
        Heading(_("Who can see this result")),
        Paragraph(str(WHO_CAN_SEE)),
        Heading(_("In numbers")),
        *_numbers(view, course),
        Paragraph(
            _(
                "This describes how you saw yourself that day. It is not a diagnosis; only a doctor can make one."
            )
        ),
        Paragraph(f"{view.offer.code} {view.credit}", is_small=True),
    ]
    return Document(
        title=str(view.sentence.title),
        language=get_language() or "zh-hans",
        made_at=clock.now(),
        lead=f"{view.offer.name}·{_day(view.on)}",
        blocks=tuple(blocks),
        foot=(_help_words(),),
    )


def _numbers(view: ResultView, course: Course | None) -> list[Block]:
    if course is None or len(course.rows) < 2:
        if view.total is None:
            return [Paragraph(_("No total: a missing answer must not count as “not at all”."))]
        return [
            Paragraph(_("Total %(total)s of %(highest)s.") % {"total": view.total, "highest": view.highest})
        ]
    rows = [(_day(row.on), "–" if row.total is None else f"{row.total:g}") for row in course.rows]
    head = (_("Answered on"), _("Total (of %(highest)s)") % {"highest": f"{course.highest:g}"})
    blocks: list[Block] = [Table(head, rows)]
    if course.sources:
        blocks.append(
            Paragraph(
                _("Source of the grey band: %(names)s") % {"names": "; ".join(course.sources)}, is_small=True
            )
        )
    return blocks


def _step(step: Step) -> str:
    if step.retake_on:
        words = _("From %(day)s on the same questions make sense again.") % {"day": _day(step.retake_on)}
    else:
        words = str(step.text)
    return f"{step.title}　{words}" if words else str(step.title)


def _help_words() -> str:
    numbers = "·".join(f"{one['number']} {one['label']}" for one in help_numbers())
    return _("Help now: %(numbers)s") % {"numbers": numbers}


def _day(day: date) -> str:
    return date_format(day, pgettext("date format", "j F Y"))
