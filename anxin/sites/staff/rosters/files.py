"""The marked roster as a file: names and identity numbers, back to who sent them in."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anxin.domains.access.contracts import ExportWish
from anxin.domains.campaigns import api as campaigns
from anxin.domains.campaigns.contracts import Permission
from anxin.exchange.roster import files
from anxin.exchange.spreadsheets import XLSX_TYPE, with_watermark
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotFound, NotPermitted
from anxin.sites.staff.exports.kinds import ExportKind, Made, Params, offer

MARKED = "roster-marked"
_TITLE = gettext_lazy("Marked file of names (Excel)")


def _wish(actor: Actor, params: Params) -> ExportWish:
    campaign = campaigns.campaign_of(actor=actor, uid=params.get("campaign", ""))
    roster = campaigns.roster_of(actor=actor, campaign=campaign, uid=params.get("file", ""))
    if not all(actor.may(one, at=campaign.scope_path) for one in (Permission.PLAN, Permission.READ_NAMES)):
        raise NotPermitted
    if not roster.has_marked_file:
        raise NotFound
    # Who sent the file holds all of it already; to anybody else it is a list of people like any other.
    is_own = roster.started_by_id == actor.staff_id
    return ExportWish(
        kind=MARKED,
        title=f"{_TITLE}: {campaign.number}",
        params={"campaign": campaign.uid, "file": roster.uid},
        rows=roster.total_rows,
        scope_path=campaign.scope_path,
        approved_by=_("the sender's own file") if is_own else "",
    )


def _make(actor: Actor, params: Params, mark: str) -> Made:
    campaign = campaigns.campaign_of(actor=actor, uid=params["campaign"])
    roster = campaigns.marked_roster_of(actor=actor, campaign=campaign, uid=params["file"])
    try:
        content = b"".join(files.read_marked(roster.uid))
    except FileNotFoundError:
        raise NotFound from None
    name = f"{campaign.number}-marked.xlsx"
    return Made(with_watermark(content, mark), XLSX_TYPE, name, roster.total_rows)


def _back(params: Params) -> str:
    return reverse(
        "staff:campaign-roster-file", args=[params.get("campaign") or "-", params.get("file") or "-"]
    )


offer(
    ExportKind(
        key=MARKED,
        title=_TITLE,
        params=frozenset({"campaign", "file"}),
        wish=_wish,
        make=_make,
        back=_back,
    )
)
