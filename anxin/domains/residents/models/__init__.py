"""The tables of this room, by topic."""

from anxin.domains.residents.models.consents import Consent
from anxin.domains.residents.models.people import Resident, Sex

__all__ = ["Consent", "Resident", "Sex"]
