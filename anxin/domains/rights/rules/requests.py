"""Which way a request goes."""

from anxin.domains.rights.contracts import RequestKind, RequestState
from anxin.kernel.transitions import Transitions

MOVES: Transitions[RequestState] = Transitions(
    {
        RequestState.REQUESTED: frozenset({RequestState.IDENTITY_VERIFIED, RequestState.CLOSED}),
        RequestState.IDENTITY_VERIFIED: frozenset({RequestState.DECIDED, RequestState.CLOSED}),
        RequestState.DECIDED: frozenset({RequestState.FULFILLED, RequestState.CLOSED}),
        RequestState.FULFILLED: frozenset({RequestState.CLOSED}),
        RequestState.CLOSED: frozenset(),
    }
)
"""A request ends early when the person takes it back before it is decided, or when it was refused."""

CORRECTABLE = ("name", "born_on", "sex")
"""Facts a person states about themselves. A changed birth date changes who has to agree, so nobody changes it alone."""


def needs_words(kind: RequestKind) -> bool:
    """Whether the request makes no sense without an explanation."""
    return kind is RequestKind.EXPLAIN
