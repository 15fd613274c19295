"""A person's file as one FHIR R4 collection: Patient, Consents, QuestionnaireResponses with their Observations.

Pure. What FHIR has no resource for (who looked, what was asked of us) stays in the JSON file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from anxin.domains.instruments.contracts import Instrument, ScoreSheet
from anxin.exchange.instruments.fhir import LOINC, Resource
from anxin.exchange.instruments.responses import Occasion, to_observations, to_response
from anxin.exchange.person.shape import BandLine, ConsentLine, Person, PersonFile, SittingLine

_GENDERS = {"f": "female", "m": "male"}
_SCOPE = "http://terminology.hl7.org/CodeSystem/consentscope"
_CONSENT_DOCUMENT = "59284-0"
_LAW = "Personal Information Protection Law of the People's Republic of China, art. 13, 14, 23, 28, 29, 31"


def to_bundle(file: PersonFile, instruments: Mapping[tuple[str, str], Instrument]) -> Resource:
    """``instruments`` by slug and version: a form that is not in it is left out, with its scores."""
    person = f"urn:anxin:person:{file.person.uid}"
    resources = [(person, _patient(file.person))]
    resources += [(f"urn:anxin:consent:{one.uid}", _consent(one, person)) for one in file.consents]
    for sitting in file.sittings:
        instrument = instruments.get((sitting.instrument, sitting.version))
        if instrument is not None and sitting.submitted_at is not None:
            resources += [
                (f"urn:anxin:sitting:{one['id']}", one) for one in _form(instrument, sitting, person)
            ]
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": file.made_at.isoformat(),
        "entry": [{"fullUrl": url, "resource": resource} for url, resource in resources],
    }


def _patient(person: Person) -> Resource:
    return {
        "resourceType": "Patient",
        "id": person.uid,
        "identifier": [{"system": "urn:anxin:person-number", "value": person.number}],
        **({"name": [{"text": person.name}]} if person.name else {}),
        **({"telecom": [{"system": "phone", "value": person.phone}]} if person.phone else {}),
        **({"gender": _GENDERS[person.sex]} if person.sex in _GENDERS else {}),
        **({"birthDate": person.born_on.isoformat()} if person.born_on else {}),
    }


def _consent(one: ConsentLine, person: str) -> Resource:
    period = {"start": one.given_at.isoformat()}
    if one.withdrawn_at is not None:
        period["end"] = one.withdrawn_at.isoformat()
    purpose: Resource = {"system": "urn:anxin:purpose", "code": one.purpose, "display": one.title}
    provision: Resource = {"type": "permit", "period": period, "purpose": [purpose]}
    if one.recipient:
        role = {"system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "code": "IRCP"}
        provision["actor"] = [{"role": {"coding": [role]}, "reference": {"display": one.recipient}}]
    return {
        "resourceType": "Consent",
        "id": one.uid,
        "status": "inactive" if one.withdrawn_at else "active",
        "scope": {"coding": [{"system": _SCOPE, "code": "patient-privacy"}]},
        "category": [{"coding": [{"system": LOINC, "code": _CONSENT_DOCUMENT}]}],
        "patient": {"reference": person},
        "dateTime": one.given_at.isoformat(),
        "policyRule": {"text": _LAW},
        "provision": provision,
    }


@dataclass(frozen=True, slots=True)
class _KeptSheet:
    """The scores as they were kept; a sheet made anew could use other norms."""

    scores: Mapping[str, float | None]
    bands: tuple[BandLine, ...]

    def band_of(self, scale: str) -> BandLine | None:
        return next((band for band in self.bands if band.scale == scale), None)


def _form(instrument: Instrument, sitting: SittingLine, person: str) -> list[dict[str, Any]]:
    assert sitting.submitted_at is not None
    occasion = Occasion(sitting.uid, sitting.submitted_at, person)
    sheet = cast("ScoreSheet", _KeptSheet(sitting.scores, tuple(sitting.bands)))
    return [to_response(instrument, sitting.answers, occasion), *to_observations(instrument, sheet, occasion)]
