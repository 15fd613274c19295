"""Moments and distances in the words of the resident site."""

from datetime import date, datetime, timedelta

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from anxin.kernel import clock
from anxin.sites.resident.tongues import is_untranslated

register = template.Library()


@register.filter
def day(value: date | None) -> str:
    """A date as people write it here."""
    return date_format(value, pgettext("date format", "j F Y")) if value else ""


@register.filter
def short_day(value: date | None) -> str:
    """Today, yesterday, or the day and month."""
    if value is None:
        return ""
    known = {clock.today(): _("Today"), clock.today() - timedelta(days=1): _("Yesterday")}
    return known.get(value) or date_format(value, pgettext("date format", "j F"))


@register.filter
def moment(value: datetime | None) -> str:
    """The time of today, or day and time."""
    if value is None:
        return ""
    local = clock.local(value)
    time = local.strftime("%H:%M")
    if local.date() == clock.today():
        return time
    if local.date() == clock.today() + timedelta(days=1):
        return _("tomorrow %(time)s") % {"time": time}
    return f"{date_format(local.date(), pgettext('date format', 'j F'))} {time}"


@register.filter
def distance(metres: float | None) -> str:
    """Metres, from one kilometre on kilometres."""
    if metres is None:
        return ""
    if metres < 1000:
        rounded = max(10, round(metres / 10) * 10)
        return ngettext("%(count)d metre", "%(count)d metres", rounded) % {"count": rounded}
    return _("%(count).1f km") % {"count": metres / 1000}


@register.filter
def as_written(value: str) -> str:
    """A name or address that exists only in Chinese, marked as such on a page in another language."""
    return format_html('<span lang="zh-Hans">{}</span>', value) if is_untranslated(str(value)) else value


@register.filter
def tongue(value: str) -> str:
    """The same for an element that can hold no other: its ``lang`` attribute, or nothing."""
    return mark_safe(' lang="zh-Hans"') if is_untranslated(str(value)) else ""
