"""What the lane says: a status, a small JSON body, and for "later" when."""

import msgspec

from anxin.domains.campaigns.contracts import Verdict

NUMBERS = {
    Verdict.STORED: 201,
    Verdict.ALREADY_THERE: 200,
    Verdict.CONFLICT: 409,
    Verdict.TOO_LARGE: 413,
    Verdict.BAD_FORM: 422,
    Verdict.BAD_ANSWERS: 422,
    Verdict.TOO_MANY: 429,
    Verdict.BUSY: 503,
}
"""Everything else is 403: the body says whose turn it is."""
_PHRASES = {
    200: "OK",
    201: "Created",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    413: "Content Too Large",
    422: "Unprocessable Content",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}
_HEADERS = (
    (b"content-type", b"application/json"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
_LATER_SECONDS = 3


class Answer(msgspec.Struct, frozen=True, gc=False):
    """One response."""

    number: int
    body: bytes
    retry_after: int = 0

    def headers(self) -> list[tuple[bytes, bytes]]:
        """As ASGI wants them."""
        found = [*_HEADERS, (b"content-length", b"%d" % len(self.body))]
        if self.retry_after:
            found.append((b"retry-after", b"%d" % self.retry_after))
        if self.number == 405:
            found.append((b"allow", b"POST"))
        return found

    def raw(self) -> bytes:
        """As it goes over the wire."""
        start = _STARTS[self.number]
        if self.retry_after:
            return b"%scontent-length: %d\r\nretry-after: %d\r\n\r\n%s" % (
                start,
                len(self.body),
                self.retry_after,
                self.body,
            )
        return b"%scontent-length: %d\r\n\r\n%s" % (start, len(self.body), self.body)


_STARTS = {
    number: b"HTTP/1.1 %d %s\r\n%s"
    % (number, phrase.encode(), b"".join(b"%s: %s\r\n" % header for header in _HEADERS))
    for number, phrase in _PHRASES.items()
}
_WORDS = {True: b"true", False: b"false"}
_BODIES = {
    (verdict.value, help_first): (
        NUMBERS.get(verdict, 403),
        b'{"status":"%s","uid":"%%s","help_first":%s}' % (verdict.value.encode(), word),
    )
    for verdict in Verdict
    for help_first, word in _WORDS.items()
}
NOT_HERE = Answer(404, b'{"status":"not-found"}')
NOT_SO = Answer(405, b'{"status":"post-only"}')
BROKEN = Answer(500, b'{"status":"failed"}', _LATER_SECONDS)


def answer_for(verdict: str, *, uid: bytes = b"", help_first: bool = False, sender: int = 0) -> Answer:
    """The response for a verdict. ``sender`` spreads those who are told to come again over some seconds."""
    number, body = _BODIES[verdict, help_first]
    return Answer(number, body % uid, _LATER_SECONDS + sender % 5 if number in (429, 503) else 0)
