"""The door of the residents room."""

from anxin.domains.audit.api import command, pure, query
from anxin.domains.residents import library, selectors, services
from anxin.domains.residents.rules import people
from anxin.kernel import identifiers_cn

register_resident = command("residents:resident:registered")(services.register_resident)
register_participants = command("residents:resident:registered")(services.register_participants)
follow_moved_node = command("residents:residents:moved")(services.follow_moved_node)
give_consent = command("residents:consent:given")(services.give_consent)
withdraw_consent = command("residents:consent:withdrawn")(services.withdraw_consent)
issue_guardian_token = command("residents:guardian-token:issued")(services.issue_guardian_token)

access_resident = query("residents:resident:viewed")(selectors.access_resident)
consents_of = query("residents:consents:viewed")(selectors.consents_of)
phone_of = query()(selectors.phone_of)
resident_of = query()(selectors.resident_of)
residents_queryset = query()(selectors.residents_queryset)
has_consent = query()(selectors.has_consent)

consent_text = pure(library.consent_text)
age_on = pure(people.age_on)
needs_guardian = pure(people.needs_guardian)
mask_name = pure(people.mask_name)
mask_phone = pure(people.mask_phone)
normalise_phone = pure(identifiers_cn.normalise_phone)

__all__ = [
    "access_resident",
    "age_on",
    "consent_text",
    "consents_of",
    "follow_moved_node",
    "give_consent",
    "has_consent",
    "issue_guardian_token",
    "mask_name",
    "mask_phone",
    "needs_guardian",
    "normalise_phone",
    "phone_of",
    "register_participants",
    "register_resident",
    "resident_of",
    "residents_queryset",
    "withdraw_consent",
]
