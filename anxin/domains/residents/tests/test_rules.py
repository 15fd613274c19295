"""Age and masks."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anxin.domains.residents.rules.people import age_on, mask_name, mask_phone, needs_guardian


@pytest.mark.parametrize(
    ("born_on", "day", "age"),
    [
        (date(1990, 5, 8), date(2026, 5, 7), 35),
        (date(1990, 5, 8), date(2026, 5, 8), 36),
        (date(2012, 11, 24), date(2026, 11, 24), 14),
        (date(2012, 11, 25), date(2026, 11, 24), 13),
        (date(2012, 2, 29), date(2026, 2, 28), 13),
        (date(2012, 2, 29), date(2026, 3, 1), 14),
        (date(2026, 11, 24), date(2026, 11, 24), 0),
    ],
)
def test_age_in_full_years(born_on: date, day: date, age: int) -> None:
    assert age_on(born_on, day) == age


def test_a_guardian_is_needed_until_the_fourteenth_birthday() -> None:
    day = date(2026, 11, 24)
    assert needs_guardian(date(2012, 11, 25), day)
    assert not needs_guardian(date(2012, 11, 24), day)
    assert not needs_guardian(None, day)


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


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_a_masked_mobile_never_tells_the_middle(phone: str) -> None:
    masked = mask_phone(phone)
    assert masked[3:7] == "****"
    assert masked[:3] + masked[7:] == phone[:3] + phone[7:]
