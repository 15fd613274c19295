"""Template filters that mask a person: `{% load anxin_masks %}`, then `{{ name|masked_name }}`. No name is None."""

from django import template

from anxin.kernel import masking

register = template.Library()


@register.filter
def masked_name(name: str | None) -> str:
    """张*."""
    return masking.mask_name(name or "")


@register.filter
def masked_phone(phone: str | None) -> str:
    """138****2345."""
    return masking.mask_phone(phone or "")


@register.filter
def masked_id_number(number: str | None) -> str:
    """110101********001X."""
    return masking.mask_id_number(number or "")


@register.filter
def masked_address(address: str | None) -> str:
    """The district and four stars."""
    return masking.mask_address(address or "")
