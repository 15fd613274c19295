"""A report on paper. Each page says who made it, where and when."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anxin.exchange.pdf.documents import Block, Document, Drawing, Heading, Paragraph, Table
from anxin.kernel import clock
from anxin.sites.staff.results.presenters import AnswerLine, Detail, ReportPage, ScoreLine
from anxin.ui.context import help_numbers
from anxin.ui.templatetags.anxin_charts import draw


def report_paper(view: ReportPage, *, made_by: str, watermark: str = "") -> Document:
    """The whole report, in the order of the page."""
    blocks: list[Block] = [
        Table(
            (_("Person"), _("Number"), _("Age"), _("Handed in")),
            [(view.person, view.number, str(view.age or "–"), f"{clock.local(view.at):%Y-%m-%d %H:%M}")],
        ),
        Paragraph("·".join(f"{label}: {value}" for label, value in view.facts)),
        Heading(_("Scores")),
        Table(
            (_("Scale"), _("Score"), _("Band"), _("Norm set")),
            [(line.title, line.score, str(line.band), _norms(line)) for line in view.scores],
            widths=(2, 1, 2, 4),
        ),
    ]
    if view.validity:
        blocks += [
            Heading(_("How far the answers can be trusted")),
            *(Paragraph(str(one)) for one in view.validity),
        ]
    if view.detail is not None:
        blocks += _detail(view.detail)
    blocks += [
        Heading(_("Over time")),
        Table(
            (_("Day"), _("Score"), _("Band"), _("Against the time before")),
            [(f"{row.on:%Y-%m-%d}", row.score, str(row.band), str(row.change)) for row in view.rows],
            marked=frozenset(place for place, row in enumerate(view.rows) if row.is_this),
        ),
        Paragraph(
            _("A score is a hint and no diagnosis. Only a psychiatrist in a medical institution makes one.")
        ),
        Paragraph(
            _("%(form)s, version %(version)s, key %(key)s. %(credit)s")
            % {"form": view.form, "version": view.version, "key": view.key, "credit": view.credit},
            is_small=True,
        ),
    ]
    numbers = "·".join(f"{one['number']} {one['label']}" for one in help_numbers())
    return Document(
        title=view.form,
        language=get_language() or "zh-hans",
        made_at=clock.now(),
        blocks=tuple(blocks),
        watermark=watermark,
        foot=(numbers, f"{made_by}·{clock.local(clock.now()):%Y-%m-%d %H:%M}"),
    )


def _norms(line: ScoreLine) -> str:
    return "; ".join(str(part) for part in (line.norms, line.reference, line.mark) if part)


def _detail(detail: Detail) -> list[Block]:
    blocks: list[Block] = []
    if detail.flags or detail.grades:
        found = [str(words) for words, is_met in detail.flags if is_met] or [_("No rule of the form is met.")]
        blocks += [Heading(_("Rules of the form")), *(Paragraph(words) for words in found)]
        blocks += [Paragraph(f"{title}: {words}") for title, words in detail.grades]
    blocks += [
        Heading(_("Answers")),
        Table(
            (_("Item number"), _("Question"), _("Answer")),
            [(line.name, line.question, _answer(line)) for line in detail.answers],
            widths=(1, 8, 4),
            marked=frozenset(place for place, line in enumerate(detail.answers) if line.is_critical),
        ),
    ]
    if detail.chart is not None:
        blocks.append(Drawing(draw(detail.chart), detail.chart.title))
    if detail.sources:
        blocks.append(Paragraph(_("Reliable change: %(n)s points.") % {"n": detail.needed}, is_small=True))
        blocks += [Paragraph(source, is_small=True) for source in detail.sources]
    return blocks


def _answer(line: AnswerLine) -> str:
    return _("critical: %(answer)s") % {"answer": line.answer} if line.is_critical else line.answer
