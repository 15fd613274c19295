"""Every name on every room's door, called with real things of one station by the house and by strangers.

Arguments are made from the annotation and the name of each parameter. What the house itself cannot be made to do with
them is listed in ``doors_not_asked.yaml`` with its reason; a test keeps that list from growing unseen.
"""

import dataclasses
import inspect
import pkgutil
import types
import typing
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from datetime import date, datetime, time, timedelta
from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, models, transaction
from django.db.models import QuerySet
from django.db.models.fields.files import FieldFile

from anxin import domains
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.crypto import BlindIndexField, EncryptedTextField
from anxin.kernel.errors import AnxinError, NotFound, NotPermitted
from anxin.kernel.ids import new_uid
from anxin.kernel.models import Pii
from anxin.kernel.unit_of_work import unit_of_work
from tests.matrix.asking import attempted_writes

_ALTERNATIVES = 6


@dataclasses.dataclass(frozen=True)
class Door:
    """One name on one door."""

    room: str
    name: str
    function: Callable[..., Any]

    @property
    def listed_as(self) -> str:
        """As the lists say it."""
        return f"{self.room}.{self.name}"

    @property
    def parameters(self) -> dict[str, Any]:
        """What it takes, with the annotations as types where they can be had."""
        inner = inspect.unwrap(self.function)
        found = {}
        for name, one in inspect.signature(inner).parameters.items():
            found[name] = _meant(one.annotation, inner) if one.annotation is not one.empty else Any
        return found

    @property
    def optional(self) -> set[str]:
        """What may be left out."""
        known = inspect.signature(inspect.unwrap(self.function)).parameters
        return {name for name, one in known.items() if one.default is not one.empty}


def _meant(annotation: Any, inner: Any) -> Any:
    """A type, also where it is only known to type checkers: then it is a model by that name."""
    if not isinstance(annotation, str):
        return annotation
    whole = annotation.removesuffix(" | None")
    model = next((one for one in apps.get_models() if one.__name__ == whole), None)
    return model or getattr(inspect.getmodule(inner), whole, Any)


def doors() -> list[Door]:
    """Every command and query that says who asks."""
    found = []
    for room in sorted(one.name for one in pkgutil.iter_modules(domains.__path__)):
        api = import_module(f"anxin.domains.{room}.api")
        for name in api.__all__:
            function = getattr(api, name)
            if getattr(function, "anxin_mark", "") in ("command", "query"):
                door = Door(room, name, function)
                if "actor" in door.parameters:
                    found.append(door)
    return found


@dataclasses.dataclass
class Things:
    """One row of every kind at a station, as the house sees it; and what a stranger must not learn of it."""

    path: str
    rows: dict[type[models.Model], list[models.Model]]

    @classmethod
    def at(cls, path: str) -> "Things":
        """Inside a unit of work of the house."""
        found = {}
        for model in apps.get_models():
            if model.__module__.startswith("anxin.domains."):
                found[model] = list(_there(model, path)[:3])
        return cls(path, found)

    def of(self, model: type[models.Model]) -> list[models.Model]:
        """The rows of one kind."""
        return self.rows.get(model, [])

    def in_room(self, room: str) -> list[models.Model]:
        """The rows of one room, one of each kind first."""
        kinds = [rows for model, rows in self.rows.items() if model.__module__.split(".")[2] == room]
        return [rows[place] for place in range(3) for rows in kinds if len(rows) > place]

    def named(self, word: str) -> list[models.Model]:
        """The rows of the kind that a parameter names: ``case_uid``, ``resident_id``."""
        plain = word.replace("_", "")
        known = {
            "person": "resident",
            "child": "resident",
            "carer": "resident",
            "staff": "staffmember",
            "roster": "rosterimport",
            "campaign": "campaign",
            "into": "warning",
        }
        wanted = known.get(plain, plain)
        return [row for model, rows in self.rows.items() if model.__name__.lower() == wanted for row in rows]


def _there(model: type[models.Model], path: str) -> QuerySet[Any]:
    """Rows at the station, if the kind lies anywhere; by the nearest way to a place."""
    names = {one.name for one in model._meta.get_fields()}
    rows = model._default_manager.order_by("pk")
    for way in ("scope_path", "node_path"):
        if way in names:
            return rows.filter(**{f"{way}__contains": path})  # some are kept under a prefix of their own
    for way in ("resident", "warning", "case", "archive", "campaign", "sitting", "participant", "unit"):
        field = next((one for one in model._meta.fields if one.name == way), None)
        if field is not None and field.is_relation:
            ends = {one.name for one in field.related_model._meta.get_fields()}  # type: ignore[union-attr]
            step = "scope_path" if "scope_path" in ends else "path" if "path" in ends else ""
            if step:
                return rows.filter(**{f"{way}__{step}__contains": path})
    return rows


class Unmakeable(Exception):
    """No value is known for a parameter."""


@dataclasses.dataclass
class Maker:
    """Makes arguments; ``place`` picks among several candidates, ``nowhere`` puts names that nothing bears."""

    things: Things
    door: Door
    actor: Actor
    place: int = 0
    nowhere: bool = False
    named: bool = False

    def arguments(self) -> dict[str, Any]:
        """What the door is called with."""
        made = {}
        for name, kind in self.door.parameters.items():
            if name == "actor":
                made[name] = self.actor
            elif name not in self.door.optional or self._names_a_row(name):
                made[name] = self.make(name, kind)
        return made

    def _names_a_row(self, name: str) -> bool:
        return name.endswith(("uid", "_id", "_ids", "uids"))

    def make(self, name: str, kind: Any) -> Any:
        """A value for one parameter or field."""
        kinds = [one for one in typing.get_args(kind) if one is not type(None)]
        origin = typing.get_origin(kind)
        if origin in (typing.Union, types.UnionType):
            return self.make(name, kinds[0])
        if origin is not None:
            return self._many(name, origin, kinds)
        if name.endswith(("_ids", "uids")):
            return [self._row_value(name.removesuffix("s"))]
        if kind in (str, int, Any) or not isinstance(kind, type):
            return self._plain(name, kind)
        return self._typed(name, kind)

    def _many(self, name: str, origin: Any, kinds: list[Any]) -> Any:
        if origin is Callable or origin is typing.get_origin(Callable[[], int]):
            made = self.make(name, kinds[-1]) if kinds and kinds[-1] is not bool else True
            return lambda *_args, **_kwargs: made
        if origin in (dict, Mapping):
            return {}
        one = self.make(name.removesuffix("s"), kinds[0]) if kinds and kinds[0] is not Any else ""
        if origin is tuple:
            return tuple(self.make(name.removesuffix("s"), each) for each in kinds if each is not Ellipsis)
        if origin in (set, frozenset, Set):
            return {one}
        if origin in (list, Sequence, Iterable, Collection, Iterator):
            return [one]
        raise Unmakeable(name)

    def _typed(self, name: str, kind: type) -> Any:
        if issubclass(kind, models.Model):
            rows = self.things.of(kind)
            if not rows:
                raise Unmakeable(f"{name}: no {kind.__name__}")
            return rows[self.place % len(rows)]
        if issubclass(kind, Enum):
            members = list(kind)
            return members[self.place % len(members)]
        plain = {
            bool: False,
            float: 0.0,
            bytes: b"x",
            timedelta: timedelta(minutes=5),
            time: time(9),
            date: clock.today(),
            datetime: clock.now() + timedelta(hours=1),
            dict: {},
            list: [],
            Path: Path("nowhere"),
        }
        if kind in plain:
            return plain[kind]
        if kind.__name__ == "SignedIn":
            return self._typed(name, apps.get_model("accounts", "Account"))
        if dataclasses.is_dataclass(kind):
            hints = typing.get_type_hints(kind)
            needed = (
                one
                for one in dataclasses.fields(kind)
                if one.init
                and one.default is dataclasses.MISSING
                and one.default_factory is dataclasses.MISSING
            )
            return kind(**{one.name: self.make(one.name, hints[one.name]) for one in needed})
        if kind is object:
            return "x"
        raise Unmakeable(f"{name}: {kind}")

    def _plain(self, name: str, kind: Any) -> Any:
        if name == "uid" or name.endswith(("_uid", "_id", "token")):
            return self._row_value(name)
        texts = {
            "language": "zh-Hans",
            "phone": "13800000000",
            "instrument": "phq-9",
            "path": self.things.path,
            "old_path": self.things.path,
            "new_path": self.things.path,
            "scope_path": self.things.path,
            "node_path": self.things.path,
            "reach": self.things.path,
            "reach_path": self.things.path,
            "area_path": self.things.path,
            "at": self.things.path,
            "seen_version": 0,
            "id_number": "x",
        }
        if name in texts:
            return texts[name]
        if kind is int:
            return 1
        if name in ("name", "typed", "reason", "text", "note", "words", "summary") or kind is str:
            return "说明"
        raise Unmakeable(f"{name}: {kind}")

    def _row_value(self, name: str) -> Any:
        wants_uid = name == "uid" or name.endswith(("_uid", "token"))
        stem = name.removesuffix("uid").removesuffix("id").removesuffix("token").rstrip("_")
        rows = [
            row
            for row in (self.things.named(stem) or self.things.in_room(self.door.room))
            if not wants_uid or hasattr(row, "uid")
        ]
        if not rows:
            raise Unmakeable(name)
        row = rows[self.place % len(rows)]
        if getattr(row, "pii", None) is Pii.PERSONAL:
            self.named = True
            if self.nowhere:
                return new_uid() if wants_uid else 2**40
        return row.uid if wants_uid else row.pk  # type: ignore[attr-defined]


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What came of one call."""

    result: Any = None
    error: BaseException | None = None
    wrote: frozenset[str] = frozenset()
    gave: frozenset[str] = frozenset()

    @property
    def is_refusal(self) -> bool:
        """The house said no, or the wall did: it shows no row, or takes none."""
        return isinstance(self.error, AnxinError | DatabaseError | ObjectDoesNotExist)


def call(door: Door, arguments: dict[str, Any], secrets: frozenset[str] = frozenset()) -> Outcome:
    """The outcome; what was written is gone again."""
    actor = arguments["actor"]
    before = attempted_writes()
    result, error, gave = None, None, frozenset[str]()
    with transaction.atomic():
        try:
            with unit_of_work(actor):
                result = door.function(**arguments)
                if isinstance(result, Iterator):
                    result = list(result)
                told = "\n".join(spelt(result))
                gave = frozenset(one for one in secrets if one in told)
        except Exception as raised:  # what a caller was told, whatever it is
            error = raised
        transaction.set_rollback(True)
    after = attempted_writes()
    wrote = frozenset(name for name, count in after.items() if before.get(name) != count)
    return Outcome(result, error, wrote, gave)


def spelt(value: Any, depth: int = 4) -> Iterator[str]:
    """Everything readable in what a door gave back."""
    if depth == 0 or value is None or isinstance(value, bool | FieldFile):
        return
    if isinstance(value, str | int | float | bytes):
        yield str(value)
    elif isinstance(value, models.Model):
        for name, one in vars(value).items():
            if not name.startswith("_"):
                yield from spelt(one, depth - 1)
    elif isinstance(value, QuerySet):
        for one in value[:50] if not value.query.is_sliced else value:
            yield from spelt(one, depth - 1)
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from spelt(key, depth - 1)
            yield from spelt(one, depth - 1)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from spelt(getattr(value, field.name, None), depth - 1)
    elif isinstance(value, Iterable):
        for one in value:
            yield from spelt(one, depth - 1)


def secrets_of(things: Things, elsewhere: Things) -> frozenset[str]:
    """What names a person or a record of one at the station, and of nobody elsewhere."""
    return frozenset(telling(things)) - frozenset(telling(elsewhere))


def telling(things: Things) -> Iterator[str]:
    """Names, numbers and sealed texts of the rows that are about people."""
    for model, rows in things.rows.items():
        if getattr(model, "pii", None) is not Pii.PERSONAL:
            continue
        sealed = [
            one.attname for one in model._meta.fields if isinstance(one, EncryptedTextField | BlindIndexField)
        ]
        for row in rows:
            for name in ("uid", "number", *sealed):
                value = str(getattr(row, name, "") or "")
                if len(value) > 3:
                    yield value


def works_for(door: Door, things: Things, people: Iterable[Actor]) -> tuple[int, Outcome] | str:
    """With which candidates somebody it is meant for can do it; or why nobody here can."""
    why = ""
    for actor in people:
        for place in range(_ALTERNATIVES):
            try:
                outcome = call(door, Maker(things, door, actor, place).arguments())
            except Unmakeable as missing:
                return f"no value for {missing}"
            is_answer = isinstance(outcome.error, AnxinError) and not isinstance(
                outcome.error, NotFound | NotPermitted
            )
            if outcome.error is None or is_answer:
                return place, outcome
            why = why or f"{type(outcome.error).__name__}: {str(outcome.error)[:90]}"
    return why


def blind_faults_of(
    door: Door, things: Things, secrets: frozenset[str], strangers: Mapping[str, Actor]
) -> Iterator[str]:
    """The same of a door that opens for nobody in this world: nothing learned, nothing written, whatever it answers."""
    for who, actor in strangers.items():
        try:
            arguments = Maker(things, door, actor).arguments()
        except Unmakeable:
            return
        given = "\n".join(spelt(list(arguments.values())))
        outcome = call(door, arguments, frozenset(one for one in secrets if one not in given))
        if outcome.gave:
            yield f"{who} learns of what is not theirs: {sorted(outcome.gave)[:3]}"
        if outcome.wrote and outcome.error is None:
            yield f"{who} writes to {', '.join(sorted(outcome.wrote))}"


def faults_of(
    door: Door, things: Things, secrets: frozenset[str], strangers: Mapping[str, Actor], place: int
) -> Iterator[str]:
    """What strangers learn or change at a door that opens for others, in words that stay the same from run to run."""
    for who, actor in strangers.items():
        maker = Maker(things, door, actor, place)
        arguments = maker.arguments()
        given = "\n".join(spelt(list(arguments.values())))
        outcome = call(door, arguments, frozenset(one for one in secrets if one not in given))
        if outcome.gave:
            yield f"{who} learns of what is not theirs: {sorted(outcome.gave)[:3]}"
        if outcome.wrote:
            yield f"{who} writes to {', '.join(sorted(outcome.wrote))}"
        if outcome.error is not None and not outcome.is_refusal:
            yield f"{who} meets {type(outcome.error).__name__}: {str(outcome.error)[:80]}"
        if isinstance(outcome.error, AnxinError) and maker.named and actor.is_staff:
            nothing = call(door, Maker(things, door, actor, place, nowhere=True).arguments())
            if _said(outcome) != _said(nothing):
                yield f"{who} hears {_said(outcome)}, and of nothing {_said(nothing)}"


def _said(outcome: Outcome) -> str:
    return f"{type(outcome.error).__name__}: {outcome.error}" if outcome.error else "an answer"
