"""An archive that nobody has opened for long, and a phone number that may have been passed on."""

import unicodedata
from datetime import date, datetime, timedelta

from anxin.domains.accounts.contracts import ReentryState

_COMPOUND = 2  # signs of the longest surname that may be left out


def is_unseen(seen_at: datetime | None, created_at: datetime, now: datetime, *, longest: timedelta) -> bool:
    """Whether a phone code alone opens nothing any more."""
    return now - max(seen_at or created_at, created_at) >= longest


def after_wrong(attempts: int, *, most: int) -> ReentryState:
    """Where the matter stands after the ``attempts``-th thing that did not fit."""
    return ReentryState.CLOSED if attempts >= most else ReentryState.ASKED


def is_same_person(*, name: str, born_on: date | None, typed_name: str, typed_born_on: date | None) -> bool:
    """Whether somebody knows the birth date and the name, or the part of it after the surname.

    An archive without a name or without a birth date is opened by nobody's knowledge.
    """
    kept, typed = _plain(name), _plain(typed_name)
    if not kept or not typed or born_on is None or typed_born_on != born_on:
        return False
    words = {_plain(word) for word in name.split()}
    return typed == kept or typed in words or (typed in _given_names(kept) and not kept.isascii())


def is_same_name(kept: str, typed: str) -> bool:
    """Whether two spellings are one whole name."""
    return bool(_plain(kept)) and _plain(kept) == _plain(typed)


def _given_names(name: str) -> set[str]:
    return {name[signs:] for signs in range(1, _COMPOUND + 1) if len(name) > signs}


def _plain(text: str) -> str:
    """Without spaces and dots, in one width and one case: ``欧阳 · 明月`` is ``欧阳明月``."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in folded if sign.isalnum())
