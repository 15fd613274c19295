"""The competence gates of roles.md 5.3 (Mental Health Law, art. 23 and 51). Default: no."""

from collections.abc import Mapping
from typing import Any

from anxin.domains.workforce.contracts import Act, CredentialKind, Gate

_SUBJECT = "{subject}"


class GatesUnreadable(ValueError):
    """The data file does not make sense; the message says where."""


def read_gates(data: Mapping[str, Any]) -> dict[Act, Gate]:
    """The gates of the data file. Raises ``GatesUnreadable``; an act without a gate is refused to everybody."""
    gates: dict[Act, Gate] = {}
    for entry in data["gates"]:
        try:
            gate = Gate(
                act=Act(entry["act"]),
                any_of=tuple(frozenset(option) for option in entry.get("any_of", ())),
                only_in_medical_unit=entry.get("only_in_medical_unit", False),
                never=entry.get("never", False),
                law=entry.get("law", ""),
            )
            for kind in frozenset().union(*gate.any_of):
                CredentialKind(kind.partition(":")[0])
        except (KeyError, ValueError) as error:
            raise GatesUnreadable(f"{entry}: {error}") from error
        gates[gate.act] = gate
    return gates


def qualified(kind: str, subject: str = "") -> str:
    """A credential as the gates name it: ``instrument_training:c-ssrs``."""
    return f"{kind}:{subject}" if subject else kind


def allows(
    gates: Mapping[Act, Gate], act: Act, kinds: frozenset[str], in_medical_unit: bool, subject: str = ""
) -> bool:
    """Whether the holder of ``kinds`` may do ``act``, about ``subject`` when the gate asks for one."""
    gate = gates.get(act)
    if gate is None or gate.never or (gate.only_in_medical_unit and not in_medical_unit):
        return False
    return any(
        bool(option) and frozenset(kind.replace(_SUBJECT, subject) for kind in option) <= kinds
        for option in gate.any_of
    )
