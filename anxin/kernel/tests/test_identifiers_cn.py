"""Phones and identity numbers as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anxin.kernel.identifiers_cn import (
    IdNumberInvalid,
    MobileInvalid,
    PhoneInvalid,
    check_character,
    normalise_mobile,
    normalise_phone,
    read_id_number,
)


@pytest.mark.parametrize(
    "typed",
    [
        "13800012345",
        " 138 0001 2345 ",
        "138-0001-2345",
        "１３８０００１２３４５",
        "１３８　０００１　２３４５",
        "+86 138 0001 2345",
        "＋８６１３８０００１２３４５",
        "0086-13800012345",
        "8613800012345",
    ],
)
def test_a_mobile_number_is_understood_however_it_is_typed(typed: str) -> None:
    assert normalise_mobile(typed) == "13800012345"


@pytest.mark.parametrize(
    "typed", ["", "1380001234", "138000123456", "23800012345", "12800012345", "٠١٢٣٤٥٦٧٨٩٠", "abc", "12356"]
)
def test_what_is_no_mobile_number_is_refused_at_its_field(typed: str) -> None:
    with pytest.raises(MobileInvalid) as caught:
        normalise_mobile(typed, field="mobile")
    assert caught.value.field == "mobile"


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("010-62345678", "01062345678"),
        ("(0537) 2345678", "05372345678"),
        ("+86 537 2345678", "05372345678"),
        ("138 0001 2345", "13800012345"),
    ],
)
def test_a_fixed_line_can_be_called_back(typed: str, number: str) -> None:
    assert normalise_phone(typed) == number


@pytest.mark.parametrize("typed", ["62345678", "0537-123", "0000 0000000"])
def test_a_number_without_area_code_is_refused(typed: str) -> None:
    with pytest.raises(PhoneInvalid):
        normalise_phone(typed)


@given(st.integers(min_value=13_000_000_000, max_value=19_999_999_999))
def test_normalising_twice_is_normalising_once(number: int) -> None:
    once = normalise_mobile(f"+86 {number}")
    assert once == str(number)
    assert normalise_mobile(once) == once


@pytest.mark.parametrize(
    ("typed", "number", "division", "born_on", "sex"),
    [
        ("11010519491231002X", "11010519491231002X", "110105", "1949-12-31", "f"),
        ("11010519491231002x", "11010519491231002X", "110105", "1949-12-31", "f"),
        ("１１０１０５ 19491231 002Ｘ", "11010519491231002X", "110105", "1949-12-31", "f"),
        ("440524188001010014", "440524188001010014", "440524", "1880-01-01", "m"),
        ("53010219200508011X", "53010219200508011X", "530102", "1920-05-08", "m"),
        ("370811190001010005", "370811190001010005", "370811", "1900-01-01", "f"),
        ("370829190001010009", "370829190001010009", "370829", "1900-01-01", "f"),
        ("370881190001010004", "370881190001010004", "370881", "1900-01-01", "f"),
    ],
)
def test_an_identity_number_is_read(typed: str, number: str, division: str, born_on: str, sex: str) -> None:
    found = read_id_number(typed)
    assert (found.number, found.division, found.born_on.isoformat(), found.sex) == (
        number,
        division,
        born_on,
        sex,
    )


def test_an_old_number_of_fifteen_digits_becomes_its_eighteen() -> None:
    assert read_id_number("110105491231002").number == "11010519491231002X"


@pytest.mark.parametrize(
    "typed",
    [
        "110105194912310021",
        "11010519490231002X",
        "1101051949123100",
        "",
        "01010519491231002X",
        "11010519491231002Y",
    ],
)
def test_a_wrong_identity_number_is_refused(typed: str) -> None:
    with pytest.raises(IdNumberInvalid):
        read_id_number(typed)


@given(st.from_regex(r"[1-9][0-9]{16}", fullmatch=True), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_never_passes_the_check_character(body: str, place: int, shift: int) -> None:
    changed = body[:place] + str((int(body[place]) + shift) % 10) + body[place + 1 :]
    assert check_character(changed) != check_character(body)
