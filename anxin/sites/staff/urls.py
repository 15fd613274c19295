"""Addresses of the staff site, under ``/staff/``."""

from django.urls import include, path

from anxin.sites.staff import home

app_name = "staff"
urlpatterns = [
    path("", home.home, name="home"),
    path("duty/", include("anxin.sites.staff.duty.urls")),
    path("warnings/<slug:uid>/", include("anxin.sites.staff.warnings.urls")),
    path("results/", include("anxin.sites.staff.results.urls")),
    path("audit/", include("anxin.sites.staff.audit.urls")),
    path("break-glass/", include("anxin.sites.staff.breakglass.urls")),
    path("unreached/", include("anxin.sites.staff.unreached.urls")),
    path("notices/", include("anxin.sites.staff.notices.urls")),
    path("people/", include("anxin.sites.staff.colleagues.urls")),
    path("account/", include("anxin.sites.staff.account.urls")),
    path("rebind/", include("anxin.sites.staff.rebind.urls")),
    path("exports/", include("anxin.sites.staff.exports.urls")),
    path("rights/", include("anxin.sites.staff.rights.urls")),
    path("archives/", include("anxin.sites.staff.archives.urls")),
    path("cases/", include("anxin.sites.staff.cases.urls")),
    path("workload/", include("anxin.sites.staff.workload.urls")),
    path("referrals/", include("anxin.sites.staff.referrals.urls")),
    path("linkages/", include("anxin.sites.staff.linkages.urls")),
    path("interviews/", include("anxin.sites.staff.interviews.urls")),
    path("instruments/", include("anxin.sites.staff.instruments.urls")),
    path("campaigns/<slug:uid>/roster/", include("anxin.sites.staff.rosters.urls")),
    path("campaigns/", include("anxin.sites.staff.campaigns.urls")),
]
