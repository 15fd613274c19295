"""Masks: what stays of a name and a number on a screen."""

import pytest
from django.template import Context, Template
from hypothesis import given, settings
from hypothesis import strategies as st

from anxin.kernel.masking import mask_address, mask_id_number, mask_name, mask_phone


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("", ""),
        ("张三", "张*"),
        ("李小晴", "李**"),
        ("欧阳明", "欧阳*"),
        ("欧阳", "欧*"),
        ("司马小明", "司马**"),
        ("李", "李*"),
        ("Anna Lee", "A***"),
        (" 张三 ", "张*"),
    ],
)
def test_a_name_is_masked(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13800012345", "138****2345"),
        ("05372345678", "*******5678"),
        ("", ""),
        ("110", "****"),
        ("1234", "****"),
    ],
)
def test_a_phone_is_masked(phone: str, masked: str) -> None:
    assert mask_phone(phone) == masked


@settings(deadline=None)
@given(st.integers(13_000_000_000, 19_999_999_999).map(str))
def test_a_masked_mobile_never_tells_the_middle(phone: str) -> None:
    masked = mask_phone(phone)
    assert masked[3:7] == "****"
    assert masked[:3] + masked[7:] == phone[:3] + phone[7:]


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("11010119900307001X", "110101********001X"),
        ("110101900307001", "110101*****7001"),
        ("1101019003", "**********"),
        ("", ""),
    ],
)
def test_an_identity_number_keeps_six_and_four(number: str, masked: str) -> None:
    assert mask_id_number(number) == masked


@pytest.mark.parametrize(
    ("address", "masked"),
    [("云澄市清禾区柳岸路3号", "云澄市清禾区****"), ("柳岸路3号", "*****"), ("", "")],
)
def test_an_address_keeps_its_district(address: str, masked: str) -> None:
    assert mask_address(address) == masked


def test_a_template_masks_with_the_same_rules() -> None:
    page = Template(
        "{% load anxin_masks %}{{ name|masked_name }} {{ phone|masked_phone }} {{ number|masked_id_number }}"
        "[{{ none|masked_name }}]"
    )
    shown = page.render(
        Context({"name": "张三", "phone": "13800012345", "number": "11010119900307001X", "none": None})
    )
    assert shown == "张* 138****2345 110101********001X[]"
