"""The library as this city has it: the shipped files, the versions published here, the licensed texts in force.

A version made here is told by its number, so a shipped version is found without the database. Which version is the
present one, and which licensed text is in force today, the database says, inside a unit of work; outside of one only
the shipped library is known. Nothing is remembered but what can never change: the reading of a published definition.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from django.db import connection, connections

from anxin.domains.instruments import library
from anxin.domains.instruments.contracts import (
    Instrument,
    InstrumentError,
    InstrumentId,
    Mode,
    TextState,
    UnknownInstrument,
    VersionState,
)
from anxin.domains.instruments.models import InstrumentVersion, TextBinding
from anxin.domains.instruments.policies import OPEN_STATES
from anxin.domains.instruments.reading import read_instrument
from anxin.domains.instruments.rules import bound_text
from anxin.domains.instruments.rules.drafts import is_local
from anxin.kernel import clock

_MOST_READ = 256
_readings: OrderedDict[str, Instrument] = OrderedDict()


def find(instrument_id: str, version: str | None = None) -> Instrument:
    """The present version, or exactly the asked one, also when it was retired. Raises ``UnknownInstrument``."""
    if version is not None:
        found = _local(instrument_id, version) if is_local(version) else library.get(instrument_id, version)
        return _worded([found])[0]
    present = _present([instrument_id]) if connection.in_atomic_block else {}
    return _worded([present.get(instrument_id) or library.get(instrument_id)])[0]


def everything() -> tuple[Instrument, ...]:
    """The present version of each instrument, by id."""
    present = _present() if connection.in_atomic_block else {}
    ids = sorted({*map(str, library.ids()), *present})
    return tuple(_worded([present.get(name) or library.get(name) for name in ids]))


def shipped_number(instrument_id: str) -> str:
    """The number of the version in the files, whatever is published here; empty when there is none."""
    try:
        return library.get(instrument_id).version
    except InstrumentError:
        return ""


def _present(ids: Iterable[str] | None = None) -> dict[str, Instrument]:
    rows = InstrumentVersion.objects.filter(state=VersionState.PUBLISHED)
    if ids is not None:
        rows = rows.filter(instrument__in=ids)
    uids = dict(rows.values_list("uid", "instrument"))
    read = {uid: _readings[uid] for uid in uids if uid in _readings}
    if len(read) < len(uids):
        read |= _read(InstrumentVersion.objects.filter(uid__in=set(uids) - set(read)))
    return {uids[uid]: library.as_allowed(instrument) for uid, instrument in read.items()}


def _local(instrument_id: str, version: str) -> Instrument:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return _look_up(instrument_id, version)
    # The fast lane asks on its event loop, once for each step of a campaign; Django wants a thread of its own there.
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(_look_up_and_close, instrument_id, version).result()


def _look_up_and_close(instrument_id: str, version: str) -> Instrument:
    try:
        return _look_up(instrument_id, version)
    finally:
        connections.close_all()


def _look_up(instrument_id: str, version: str) -> Instrument:
    rows = InstrumentVersion.objects.filter(instrument=instrument_id, version=version, state__in=OPEN_STATES)
    uid = rows.values_list("uid", flat=True).first()
    if uid is None:
        raise UnknownInstrument(f"instrument {instrument_id} has no version {version}")
    known = _readings.get(uid)
    return library.as_allowed(_read(rows)[uid] if known is None else known)


def _read(rows: Iterable[InstrumentVersion]) -> dict[str, Instrument]:
    read = {row.uid: read_instrument(row.definition) for row in rows}
    _readings.update(read)
    while len(_readings) > _MOST_READ:
        _readings.popitem(last=False)
    return read


def _worded(found: list[Instrument]) -> list[Instrument]:
    """Each with the licensed texts in force today; only keys without words can have any."""
    bare = [one.id for one in found if one.mode is Mode.KEY_ONLY]
    if not bare or not connection.in_atomic_block:
        return found
    texts: dict[InstrumentId, list[TextBinding]] = {}
    for text in texts_in_force(bare):
        texts.setdefault(InstrumentId(text.instrument), []).append(text)
    return [_with_texts(one, texts.get(one.id, [])) for one in found]


def texts_in_force(ids: Iterable[str]) -> Iterable[TextBinding]:
    """Active and not expired: a permission ends with its last day, at midnight in the city."""
    return TextBinding.objects.filter(
        instrument__in=list(ids), state=TextState.ACTIVE, expires_on__gte=clock.today()
    ).order_by("language")


def _with_texts(instrument: Instrument, texts: list[TextBinding]) -> Instrument:
    for text in texts:
        if text.form_hash == bound_text.form_hash(instrument):
            instrument = bound_text.with_text(instrument, text.language, bound_text.read(text.text))
    return instrument
