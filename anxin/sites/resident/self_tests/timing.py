"""How long a page of questions was looked at: told by the page itself, signed, so that no cookie is needed for it."""

from django.core import signing
from django.http import HttpRequest

from anxin.kernel import clock

FIELD = "shown"
_SALT = "self-tests.shown"


def stamp() -> str:
    """The moment the page was made, for a hidden field."""
    return signing.dumps(clock.now().timestamp(), salt=_SALT)


def millis_since(request: HttpRequest) -> int | None:
    """The time from the page to its answer; None where the page did not say, or somebody wrote the field anew."""
    try:
        shown = signing.loads(request.POST.get(FIELD, ""), salt=_SALT)
    except signing.BadSignature:
        return None
    return max(0, round((clock.now().timestamp() - float(shown)) * 1000))
