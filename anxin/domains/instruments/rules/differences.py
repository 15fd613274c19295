"""What changed from one definition to another, place by place."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from anxin.domains.instruments.editing import Difference

_NAMES = ("id", "n", "code", "label")
_ABSENT = object()


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Every place where they differ, in the order of ``after``. The number of the version itself is not one."""
    found = _between((), before, after)
    return tuple(one for one in found if one.place != ("version",))


def _between(place: tuple[str, ...], before: Any, after: Any) -> Iterator[Difference]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in (*after, *(name for name in before if name not in after)):
            yield from _between((*place, str(name)), before.get(name, _ABSENT), after.get(name, _ABSENT))
        return
    keyed_before, keyed_after = _keyed(before), _keyed(after)
    if keyed_before is not None and keyed_after is not None:
        yield from _between(place, keyed_before, keyed_after)
        return
    if _text(before) != _text(after):
        yield Difference(place, _text(before), _text(after))


def _keyed(value: Any) -> dict[str, Any] | None:
    """A list of named things as a mapping: a thing that moved or was put in between is no change of its neighbours."""
    if not isinstance(value, list) or not value or not all(isinstance(one, Mapping) for one in value):
        return None
    for name in _NAMES:
        if all(name in one for one in value) and len({one[name] for one in value}) == len(value):
            return {str(one[name]): one for one in value}
    return None


def _text(value: Any) -> str:
    if value is _ABSENT:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
