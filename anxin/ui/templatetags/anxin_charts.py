"""Template tags that draw charts. A table with the same numbers belongs beside each of them."""

from django import template
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from anxin.ui.charts import Spread, Trend

register = template.Library()


@register.simple_tag
def chart(drawn: Trend | Spread) -> SafeString:
    """A chart inside a page."""
    return draw(drawn)


def draw(drawn: Trend | Spread, *, watermark: str = "") -> SafeString:
    """The chart as SVG text. The template escapes every word that comes from outside."""
    kind = "trend" if isinstance(drawn, Trend) else "spread"
    return render_to_string(f"ui/charts/{kind}.svg", {"chart": drawn, "watermark": watermark})


def as_file(drawn: Trend | Spread, *, name: str) -> HttpResponse:
    """The same chart to keep."""
    return HttpResponse(
        draw(drawn),
        content_type="image/svg+xml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.svg"'},
    )
