"""Moments and distances in the words of the resident site."""

from datetime import date, datetime, timedelta

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from anxin.kernel import clock

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
    text = str(value)
    if (get_language() or "").startswith("zh") or not any("\u4e00" <= sign <= "\u9fff" for sign in text):
        return value
    return format_html('<span lang="zh-Hans">{}</span>', text)
