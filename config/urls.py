"""Every address of the house. Third-party trees enter through the reviewed list in the architecture tests."""

from django.urls import include, path

from anxin.sites import health

handler400 = "anxin.sites.errors.bad_request"
handler404 = "anxin.sites.errors.not_found"
handler403 = "anxin.sites.errors.forbidden"
handler500 = "anxin.sites.errors.server_error"

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("", include("anxin.sites.resident.urls")),
    path("staff/", include("anxin.sites.staff.urls")),
    path("oversight/", include("anxin.sites.oversight.urls")),
    path("receipts/", include("anxin.sites.receipts.urls")),
    path("ui/", include("anxin.ui.gallery.urls")),
]
