"""Every address of the resident site."""

from django.urls import include, path

urlpatterns = [
    path("", include("anxin.sites.resident.home.urls")),
    path("help/", include("anxin.sites.resident.help.urls")),
    path("chat/", include("anxin.sites.resident.help.chat_urls")),
    path("self-tests/", include("anxin.sites.resident.self_tests.urls")),
    path("results/", include("anxin.sites.resident.results.urls")),
    path("stations/", include("anxin.sites.resident.stations.urls")),
    path("relax/", include("anxin.sites.resident.relax.urls")),
    path("me/contact/", include("anxin.sites.resident.contact.urls")),
    path("me/security/", include("anxin.sites.resident.security.urls")),
    path("me/plan/", include("anxin.sites.resident.plan.urls")),
    path("me/", include("anxin.sites.resident.me.urls")),
    path("campaign-answers/", include("anxin.sites.resident.campaign_answers.urls")),
    path("q/", include("anxin.sites.resident.questionnaire.urls")),
    path("consent/", include("anxin.sites.resident.consent.urls")),
    path("class/", include("anxin.sites.resident.class_entry.urls")),
    path("sign-in/", include("anxin.sites.signin.urls")),
    path("", include("anxin.sites.resident.settings.urls")),
]
