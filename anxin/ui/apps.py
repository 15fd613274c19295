from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    """The design system: templates, tags, styles and elements. It knows no domain."""

    name = "anxin.ui"
    label = "ui"
    verbose_name = _("Design system")
