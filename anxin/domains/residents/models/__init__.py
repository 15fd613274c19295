"""The tables of this room, by topic."""

from anxin.domains.residents.models.consents import ActWithoutConsent, Consent
from anxin.domains.residents.models.people import Resident, Sex

__all__ = ["ActWithoutConsent", "Consent", "Resident", "Sex"]
