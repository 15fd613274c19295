"""The rows that were looked for as a file: asked for with a reason, counted, watermarked, and itself in the trail."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from anxin.domains.access.contracts import ExportWish
from anxin.domains.audit import api as audit
from anxin.domains.audit.contracts import Permission
from anxin.exchange.spreadsheets import CSV_TYPE, as_csv
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted
from anxin.sites.staff.audit.forms import TrailFilter
from anxin.sites.staff.audit.presenters import lines_of
from anxin.sites.staff.audit.words import ACTOR_KINDS
from anxin.sites.staff.exports.kinds import ExportKind, Made, Params, offer

TRAIL_FILE = "trail"
MOST_ROWS = 5000
_TITLE = gettext_lazy("Rows of the trail (CSV)")
_PARAMS = frozenset(TrailFilter.base_fields)


def _wish(actor: Actor, params: Params) -> ExportWish:
    if not actor.may(Permission.READ):
        raise NotPermitted
    form = TrailFilter(params)
    return ExportWish(
        kind=TRAIL_FILE,
        title=str(_TITLE),
        params=form.params(),
        rows=audit.search(actor=actor, wanted=form.search())[:MOST_ROWS].count(),
        scope_path=min(actor.paths_with(Permission.READ), key=len),
    )


def _make(actor: Actor, params: Params, mark: str) -> Made:
    events = list(audit.search(actor=actor, wanted=TrailFilter(params).search())[:MOST_ROWS])
    head = (
        _("Time"),
        _("Who"),
        pgettext("trail", "Kind"),
        _("What"),
        _("Unit"),
        _("Person"),
        _("Identifier"),
    )
    lines = [
        (
            f"{clock.local(line.at):%Y-%m-%d %H:%M:%S}",
            line.who,
            str(ACTOR_KINDS.get(line.kind, "")),
            line.what,
            line.unit,
            event.person_uid,
            line.uid,
        )
        for line, event in zip(lines_of(events), events, strict=True)
    ]
    return Made(as_csv([head, *lines], watermark=mark), CSV_TYPE, "trail.csv", len(lines))


def _back(params: Params) -> str:
    return reverse("staff:trail")


offer(ExportKind(key=TRAIL_FILE, title=_TITLE, params=_PARAMS, wish=_wish, make=_make, back=_back))
