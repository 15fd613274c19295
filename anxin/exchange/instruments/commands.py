"""``anxin instruments``: beside listing and checking, taking definitions and results out and in. Needs no database."""

import csv
import io
import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, NoReturn

import click

from anxin.domains.instruments import offline
from anxin.domains.instruments.contracts import (
    DefinitionFaulty,
    Instrument,
    InstrumentError,
    LicenceRecord,
    Mode,
)
from anxin.domains.instruments.offline import instruments_group
from anxin.exchange.instruments.fhir import NotReadable
from anxin.exchange.instruments.licensed_text import (
    TextFile,
    evidence_hash,
    permission_faults,
    read_text_file,
)
from anxin.exchange.instruments.plain import definition_data
from anxin.exchange.instruments.questionnaire import to_questionnaire
from anxin.exchange.instruments.questionnaire_reading import contradictions, from_questionnaire, is_ours
from anxin.exchange.instruments.tables import from_table, to_table
from anxin.kernel import clock

_BAD_INPUT = 2
_DIFFERS = 1
_DAY = click.DateTime(formats=["%Y-%m-%d"])
_FILE = click.Path(path_type=Path)


def _fhir(instrument: Instrument) -> bytes:
    return (json.dumps(to_questionnaire(instrument), ensure_ascii=False, indent=2) + "\n").encode()


def _yaml(instrument: Instrument) -> bytes:
    return offline.definition_text(definition_data(instrument)).encode()


_WRITERS: dict[str, Callable[[Instrument], bytes]] = {"fhir": _fhir, "csv": to_table, "yaml": _yaml}


@instruments_group.command(name="export")
@click.argument("instrument_id", metavar="INSTRUMENT")
@click.option("--format", "kind", type=click.Choice(list(_WRITERS)), default="yaml", show_default=True)
@click.option("--version", help="An earlier version; without it the present one.")
@click.option("--out", "target", type=_FILE, help="A file; without it standard output.")
def export_command(instrument_id: str, kind: str, version: str | None, target: Path | None) -> None:
    """Write a definition as FHIR R4 Questionnaire, as a table, or as YAML."""
    try:
        instrument = offline.get(instrument_id, version)
    except InstrumentError as error:
        _refuse(str(error))
    _write(_WRITERS[kind](instrument), target)


@instruments_group.command(name="import")
@click.argument("path", metavar="FILE", type=_FILE)
@click.option(
    "--format", "kind", type=click.Choice(list(_WRITERS)), help="Without it the ending of the file says."
)
@click.option("--out", "target", type=_FILE, help="A file; without it standard output.")
def import_command(path: Path, kind: str | None, target: Path | None) -> None:
    """Read a definition from FHIR, a table or YAML and write it as YAML.

    A definition with faults is refused and each fault is named. A Questionnaire of somebody else becomes a draft:
    it is written, and what it does not say is named.
    """
    kind = kind or {".json": "fhir", ".csv": "csv"}.get(path.suffix.lower(), "yaml")
    try:
        content = _read(path)
        resource = _json(content) if kind == "fhir" else None
        data = _data(kind, content, resource)
    except DefinitionFaulty as error:
        _refuse(*(f"{path.name}: {fault}" for fault in error.faults))
    except NotReadable as error:
        said = str(error)
        _refuse(said if said.startswith(path.name) else f"{path.name}: {said}")
    checked = offline.check_definition(data)
    is_draft = isinstance(resource, dict) and not is_ours(resource)
    faults = list(checked.faults)
    if isinstance(resource, dict) and not is_draft and not faults:
        faults = contradictions(resource, offline.read_definition(data))
    if faults and not is_draft:
        _refuse(*(f"{path.name}: {fault}" for fault in faults))
    _write(offline.definition_text(data).encode(), target)
    for fault in faults:
        click.echo(f"draft: {fault}", err=True)


def _data(kind: str, content: bytes, resource: object) -> dict[str, Any]:
    if kind == "fhir":
        return from_questionnaire(resource)
    if kind == "csv":
        return from_table(content)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotReadable("this is no UTF-8 text") from None
    return offline.parse_definition(text)


def _json(content: bytes) -> object:
    try:
        return json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise NotReadable(f"this is no JSON: {error}") from None


@instruments_group.command(name="recompute")
@click.argument("path", metavar="FILE", type=_FILE)
@click.option("--instrument", "instrument_id", help="Without it the column 'instrument' of the file says.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
def recompute_command(path: Path, instrument_id: str | None, as_json: bool) -> None:
    """Score the answers of a results file and report every given total that differs; exits 1 when one does.

    The file is one of `anxin score` with the totals beside the answers, in columns named like the scales.
    """
    try:
        instrument = offline.get(instrument_id or _named_in(path))
        found = offline.compare_totals(instrument, path)
    except (InstrumentError, csv.Error) as error:
        _refuse(str(error))
    if as_json:
        rows = [
            {
                "row": one.row,
                "id": one.id,
                "scale": one.scale,
                "given": one.given,
                "computed": one.computed,
                "fault": one.fault,
            }
            for one in found.mismatches
        ]
        summary = {
            "instrument": instrument.id,
            "version": instrument.version,
            "rows": found.rows,
            "compared": found.compared,
            "mismatches": rows,
        }
        click.echo(json.dumps(summary, ensure_ascii=False, indent=2))
    else:
        for one in found.mismatches:
            click.echo(_told(one))
        click.echo(
            f"{found.rows} rows, {found.compared} given totals, {len(found.mismatches)} mismatches", err=True
        )
    if found.mismatches:
        raise click.exceptions.Exit(_DIFFERS)


def _named_in(path: Path) -> str:
    text = _read(path).decode("gb18030", errors="replace").removeprefix("\ufeff")
    first = next(csv.DictReader(io.StringIO(text, newline="")), {})
    name = str(first.get("instrument") or "").strip()
    if not name:
        raise NotReadable(f"{path.name} does not name its instrument: give --instrument")
    return name


def _told(one: offline.Mismatch) -> str:
    who = f"row {one.row}" + (f" ({one.id})" if one.id else "")
    if one.fault:
        return f"{who}: {one.fault}"
    computed = "no score" if one.computed is None else one.computed
    return f"{who}: {one.scale} is given as {one.given} and computes to {computed}"


@instruments_group.command(name="bind")
@click.argument("instrument_id", metavar="INSTRUMENT")
@click.argument("path", metavar="FILE", type=_FILE)
@click.option("--language", help="Of the words, such as zh-Hans.")
@click.option("--holder", help="Whom the permission was given to.")
@click.option("--number", help="Number of the permission.")
@click.option("--scope", help="What it allows.")
@click.option("--expires", type=_DAY, help="Its last day.")
@click.option("--evidence", type=_FILE, help="The file it came in; only its SHA-256 is kept.")
def bind_command(
    instrument_id: str, path: Path, language: str | None, evidence: Path | None, **given: Any
) -> None:
    """Check a licensed text (CSV or YAML) and its permission against a key without words.

    Prints what would be bound. Staff record it with the same file, and another person puts it into force.
    """
    try:
        instrument = offline.get(instrument_id)
        file = read_text_file(_read(path), path.name)
        record = _record(file.permission, evidence, **given)
        language = language or file.language
        faults = _bind_faults(instrument, file, language, record)
    except InstrumentError as error:
        _refuse(str(error))
    if faults:
        _refuse(*(f"{path.name}: {fault}" for fault in faults))
    bound = {
        "instrument": instrument.id,
        "version": instrument.version,
        "mode": instrument.mode.value,
        "text": "bound",
        "language": language,
        "key_hash": instrument.key_hash,
        "form_sha256": offline.form_hash(instrument),
        "text_sha256": offline.sha256(file.text),
        "permission": {
            "holder": record.holder,
            "number": record.number,
            "scope": record.scope,
            "expires_on": "" if record.expires_on is None else record.expires_on.isoformat(),
            "evidence_name": record.evidence_name,
            "evidence_sha256": record.evidence_sha256,
        },
    }
    click.echo(json.dumps(bound, ensure_ascii=False, indent=2))


def _bind_faults(instrument: Instrument, file: TextFile, language: str, record: LicenceRecord) -> list[str]:
    found: list[str] = []
    if instrument.mode is not Mode.KEY_ONLY:
        found.append(
            f"{instrument.id} has mode {instrument.mode.value}: only a key without words takes a text"
        )
    if file.instrument and file.instrument != instrument.id:
        found.append(f"the text is for {file.instrument}, not for {instrument.id}")
    if not language:
        found.append("the language of the words is not given")
    found += offline.text_faults(instrument, file.text)
    return [*found, *permission_faults(record, clock.today())]


def _record(
    record: LicenceRecord,
    evidence: Path | None,
    *,
    holder: str | None,
    number: str | None,
    scope: str | None,
    expires: datetime | None,
) -> LicenceRecord:
    """What is given on the command line goes before what the file says."""
    until: date | None = record.expires_on if expires is None else expires.date()
    return LicenceRecord(
        holder=holder or record.holder,
        number=number or record.number,
        scope=scope or record.scope,
        expires_on=until,
        evidence_name=record.evidence_name if evidence is None else evidence.name,
        evidence_sha256=record.evidence_sha256 if evidence is None else evidence_hash(_read(evidence)),
    )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise NotReadable(f"{path.name}: {error.strerror or 'cannot be read'}") from None


def _write(content: bytes, target: Path | None) -> None:
    if target is None:
        click.echo(content, nl=False)
        return
    try:
        target.write_bytes(content)
    except OSError as error:
        _refuse(f"{target.name}: {error.strerror or 'cannot be written'}")


def _refuse(*reasons: str) -> NoReturn:
    for reason in reasons:
        click.echo(f"anxin instruments: {' '.join(reason.split())}", err=True)
    raise click.exceptions.Exit(_BAD_INPUT)
