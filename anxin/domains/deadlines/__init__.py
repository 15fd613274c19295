"""时限 Deadlines: who owes what by when, and to whom it climbs next.

Promises: an open deadline always has an owner, a due time and a next change; the owner shown is a pure
function of the ladder and the clock, so that a dead worker cannot hide a breach. Refuses: to end without
being met, replaced or cancelled by a named actor.
"""
