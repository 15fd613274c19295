"""Visibility: on which side somebody stands, and which parts that side may see. Responsibility is ``states.OWED``."""

from anxin.domains.referrals.contracts import Part, Side, State

_UNSENT = frozenset({State.DRAFTED, State.CONSENT_RECORDED})
_WITH_SENDER = frozenset({State.REDIRECTED, State.REJECTED, State.WITHDRAWN})
_UNDECIDED = frozenset({State.SENT, State.RECEIVED})
_TOLD = frozenset(
    {State.FEEDBACK_GIVEN, State.RETURNED_DOWN, State.ACCEPTED_BACK, State.CLOSED},
)


def side_of(*, wrote_it: bool, reads_at_sender: bool, reads_at_receiver: bool) -> Side | None:
    """Whoever wrote it is the sender. Who answers for both units meets it as the receiver does, and decides on the
    preview alone.
    """
    if wrote_it:
        return Side.SENDER
    if reads_at_receiver:
        return Side.RECEIVER
    return Side.SENDER if reads_at_sender else None


def parts_for(side: Side | None, state: State) -> frozenset[Part]:
    """What this side sees. The sender keeps its own part and the status, whatever happens elsewhere."""
    if side is Side.SENDER:
        own = {Part.STATUS, Part.PREVIEW, Part.EVIDENCE}
        return frozenset(own | {Part.FEEDBACK} if state in _TOLD else own)
    if side is None or state in _UNSENT or state in _WITH_SENDER:
        return frozenset()
    if state in _UNDECIDED:
        return frozenset({Part.STATUS, Part.PREVIEW})
    return frozenset({Part.STATUS, Part.PREVIEW, Part.EVIDENCE, Part.WORK, Part.FEEDBACK})
