"""Chat codes: what is typed is what was meant, and nothing else is."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anxin.domains.conversations.contracts import CODE_LENGTH
from anxin.domains.conversations.rules.codes import ALPHABET, make_code, normalised, spelled


@given(st.integers())
def test_a_code_survives_being_copied_down(seed: int) -> None:
    code = make_code(random.Random(seed).choice)
    assert len(code) == CODE_LENGTH
    full_width = "".join(chr(ord(letter) + 0xFEE0) for letter in code)
    for typed in (code, spelled(code), spelled(code).lower(), code.replace("", " "), full_width):
        assert normalised(typed) == code


@pytest.mark.parametrize(
    "typed", ["", "ABCD", "ABCD-EFGH-JKM", "ABCD-EFGH-JKMNP", "ABCD-EFGH-JK0N", "十二个字母和数字并不是码啊"]
)
def test_what_is_no_code_is_none(typed: str) -> None:
    assert normalised(typed) == ""


def test_no_two_letters_look_alike() -> None:
    assert not set(ALPHABET) & set("01OILU")
