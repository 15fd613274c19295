"""Chat codes: short enough to copy down, too many to guess, and without letters that look alike."""

from collections.abc import Callable

from anxin.domains.conversations.contracts import CODE_LENGTH

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_GROUP = 4


def make_code(choice: Callable[[str], str]) -> str:
    """``CODE_LENGTH`` letters drawn by ``choice`` from thirty: about 59 bits."""
    return "".join(choice(ALPHABET) for _ in range(CODE_LENGTH))


def spelled(code: str) -> str:
    """As it is shown: ``ABCD-EFGH-JKMN``."""
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


def normalised(typed: str) -> str:
    """What somebody meant who typed it in small or full-width letters, with blanks or dashes; "" when it is no code."""
    folded = "".join(
        chr(ord(letter) - 0xFEE0) if "\uff01" <= letter <= "\uff5e" else letter for letter in typed
    )
    kept = "".join(letter for letter in folded.upper() if letter.isalnum())
    return kept if len(kept) == CODE_LENGTH and set(kept) <= set(ALPHABET) else ""
