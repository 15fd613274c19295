"""Class codes: seven characters a child can read off a blackboard, with a check character.

The alphabet has no two characters that look alike (no 0 O, 1 I L, 8 B, 5 S, 2 Z, 6 G, U V). It has 23 of them, a prime,
so the weighted sum finds every single wrong character and every swap of neighbours.
"""

import unicodedata
from collections.abc import Iterable

ALPHABET = "34679ACDEFHJKMNPQRTVWXY"
BODY = 6
LENGTH = BODY + 1
_VALUE = {character: value for value, character in enumerate(ALPHABET)}


def make_code(numbers: Iterable[int]) -> str:
    """The code made of six random ``numbers``."""
    body = "".join(ALPHABET[number % len(ALPHABET)] for number in numbers)
    if len(body) != BODY:
        raise ValueError("six numbers make a code")
    return body + _check(body)


def read_code(typed: str) -> str:
    """The code as it is stored; empty when it cannot be one."""
    plain = unicodedata.normalize("NFKC", typed).upper()
    code = "".join(character for character in plain if character not in " -–—·\t")
    if len(code) != LENGTH or any(character not in _VALUE for character in code):
        return ""
    return code if code[-1] == _check(code[:-1]) else ""


def shown_code(code: str) -> str:
    """In groups, for paper and blackboard."""
    return f"{code[:3]} {code[3:]}"


def _check(body: str) -> str:
    total = sum(_VALUE[character] * (place + 2) for place, character in enumerate(body))
    return ALPHABET[total % len(ALPHABET)]
