"""The door of the audit room. ``command``, ``query`` and ``pure`` are the marks of every other door."""

from anxin.domains.audit import sentences
from anxin.domains.audit.contracts import Subject
from anxin.domains.audit.marks import command, pure, query, writes_the_trail
from anxin.domains.audit.rules import keeping as keeping_rules
from anxin.domains.audit.selectors import chain, holds, trail
from anxin.domains.audit.services import anchoring, checking, holding, keeping, recording, sealing, shredding

record = writes_the_trail(recording.record)
anchor = writes_the_trail(anchoring.anchor)
seal = writes_the_trail(sealing.seal)
purge = writes_the_trail(keeping.purge)
shred = writes_the_trail(shredding.shred)
verify = command("audit:trail:verified")(checking.verify)
hold = command("audit:legal-hold:set")(holding.hold)
lift_hold = command("audit:legal-hold:lifted")(holding.lift_hold)

event_of = query("audit:event:viewed")(trail.event_of)
events_queryset = query()(trail.events_queryset)
is_verification_due = query()(chain.is_verification_due)
held_people = query()(holds.held_people)
holds_queryset = query()(holds.holds_queryset)
kept_since = pure(keeping_rules.kept_since)
last_root_to_purge = query()(keeping.last_root_to_purge)
last_check = query()(chain.last_check)
older_than = query()(trail.older_than)
place_of = query()(trail.place_of)
last_root = query()(chain.last_root)
reasons_of = query()(trail.reasons_of)
roots_queryset = query()(chain.roots_queryset)
sealed_rows = query()(chain.sealed_rows)
search = query()(trail.search)
sealing_now = query()(chain.sealing)
sentence_of = pure(sentences.sentence_of)
sentences_by_event = pure(sentences.load_sentences)
trail_of_person = query()(trail.trail_of_person)

__all__ = [
    "Subject",
    "anchor",
    "command",
    "event_of",
    "events_queryset",
    "held_people",
    "hold",
    "holds_queryset",
    "is_verification_due",
    "kept_since",
    "last_check",
    "last_root",
    "last_root_to_purge",
    "lift_hold",
    "older_than",
    "place_of",
    "pure",
    "purge",
    "query",
    "reasons_of",
    "record",
    "roots_queryset",
    "seal",
    "sealed_rows",
    "sealing_now",
    "search",
    "sentence_of",
    "sentences_by_event",
    "shred",
    "trail_of_person",
    "verify",
]
