"""A class code survives a blackboard, a phone and a hurried thumb."""

from hypothesis import given
from hypothesis import strategies as st

from anxin.domains.campaigns.rules.codes import ALPHABET, LENGTH, make_code, read_code, shown_code

codes = st.lists(st.integers(0, 2**32), min_size=6, max_size=6).map(make_code)


@given(codes)
def test_a_code_is_read_as_it_is_written(code: str) -> None:
    assert len(code) == LENGTH
    wide = str.maketrans("34679ACDEFHJKMNPQRTVWXY", "３４６７９ＡＣＤＥＦＨＪＫＭＮＰＱＲＴＶＷＸＹ")
    for typed in (code, code.lower(), shown_code(code), f" {code[:3]}-{code[3:]} ", code.translate(wide)):
        assert read_code(typed) == code


@given(codes, st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_every_single_wrong_character_is_found(code: str, place: int, other: str) -> None:
    typed = code[:place] + other + code[place + 1 :]
    assert read_code(typed) == ("" if typed != code else code)


@given(codes, st.integers(0, LENGTH - 2))
def test_every_swap_of_neighbours_is_found(code: str, place: int) -> None:
    typed = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert read_code(typed) == ("" if typed != code else code)


@given(st.text(max_size=20))
def test_nothing_else_is_a_code(typed: str) -> None:
    code = read_code(typed)
    assert code == "" or (len(code) == LENGTH and set(code) <= set(ALPHABET))


def test_no_two_characters_look_alike() -> None:
    for alike in ("0OQD"[:2], "1IL", "8B", "5S", "2Z", "6G", "UV"):
        assert len(set(alike) & set(ALPHABET)) <= 1
