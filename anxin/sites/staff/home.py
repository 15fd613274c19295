"""``/staff/``: on to the page this person works with."""

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from anxin.domains.access.contracts import Permission as AccessPermission
from anxin.domains.audit.contracts import Permission as AuditPermission
from anxin.domains.campaigns.contracts import Permission as CampaignsPermission
from anxin.domains.cases.contracts import Permission as CasesPermission
from anxin.domains.indicators.contracts import Permission as IndicatorsPermission
from anxin.domains.risk.contracts import Permission as RiskPermission
from anxin.sites import errors
from anxin.sites.marks import VisitRequest, signed_in


@signed_in("staff")
def home(request: VisitRequest) -> HttpResponseBase:
    """The board, the cases or the overview, whichever comes first among the person's rights."""
    for permission, name in (
        (RiskPermission.VIEW, "staff:duty"),
        (CasesPermission.VIEW, "staff:cases"),
        (IndicatorsPermission.VIEW, "oversight:overview"),
        (CampaignsPermission.VIEW_REPORT, "staff:campaigns"),
        (AccessPermission.REVIEW_OPENINGS, "staff:break-glass"),
        (AuditPermission.READ, "staff:trail"),
        (AccessPermission.MANAGE, "staff:people"),
    ):
        if request.actor.may(permission):
            return redirect(name)
    return errors.forbidden(
        request,
        reason=_("Your post has no page here yet. Ask the administrator of your unit for the right role."),
    )
