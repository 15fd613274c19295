"""Whether a sheet scored again is the sheet that was kept, to the byte."""

import json
from collections.abc import Mapping
from typing import Any

from anxin.domains.instruments.contracts import ScoreSheet


def kept_form(sheet: ScoreSheet) -> dict[str, Any]:
    """The parts of a sheet as the assessments room keeps them."""
    plain = sheet.as_dict()
    extras = {"classes": plain["classes"]} if "classes" in plain else {}
    return {
        "scores": plain["scores"],
        "bands": plain["bands"],
        "critical": plain["critical"],
        "validity": {**plain["validity"], "flags": plain["flags"], **extras},
        "key_hash": plain["key_hash"],
    }


def sheet_bytes(parts: Mapping[str, Any]) -> bytes:
    """One spelling for equal parts; the order of names is not part of a result, the order of lists is."""
    return json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def is_same_result(sheet: ScoreSheet, kept: Mapping[str, Any]) -> bool:
    """Whether ``kept`` (scores, bands, critical, validity, key_hash) is what ``sheet`` says.

    What stands in the kept validity beside the sheet's own (doubts about how a form was answered) is not scored and
    is not compared.
    """
    wanted = kept_form(sheet)
    there = {name: kept.get(name) for name in wanted}
    if isinstance(there["validity"], Mapping):
        there["validity"] = {
            name: value for name, value in there["validity"].items() if name in wanted["validity"]
        }
    return sheet_bytes(there) == sheet_bytes(wanted)
