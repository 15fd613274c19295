"""The two lanes beside Django: hostile paths, cookies and bodies end in a small refusal that carries its headers."""

import asyncio
import json
from typing import Any

import pytest

from anxin.intake import application as intake
from anxin.live import application as live
from tests.fuzz.inputs import HOSTILE

HEADERS = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-origin",
}


def ask(
    application: Any,
    method: str,
    path: str,
    *,
    body: bytes = b"",
    headers: tuple[tuple[bytes, bytes], ...] = (),
) -> tuple[int, dict[str, str], bytes]:
    """One request straight to a lane: status, headers, body."""
    said: list[dict[str, Any]] = []
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> dict[str, Any]:
        return waiting.pop() if waiting else {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        said.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": b"",
        "headers": [(b"content-length", str(len(body)).encode()), *headers],
    }
    asyncio.run(application(scope, receive, send))
    held = {name.decode(): value.decode() for name, value in said[0]["headers"]}
    return said[0]["status"], held, b"".join(message.get("body", b"") for message in said[1:])


def demand_safe(answer: tuple[int, dict[str, str], bytes], sent: str) -> int:
    """No fault, no header missing, nothing given back."""
    status, headers, body = answer
    assert status < 500, (status, sent[:80])
    assert HEADERS.items() <= headers.items(), sent[:80]
    assert not sent.strip() or len(sent) < 6 or sent.encode("utf-8", "replace") not in body, sent[:80]
    return status


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/live/duty", "/live/", "/live/\x00", "/live/../staff/", "/live/" + "x" * 5000]
)
def test_the_live_lane_says_nothing_to_strangers(path: str) -> None:
    for method in ("GET", "POST", "HEAD", "TRACE"):
        assert demand_safe(ask(live.application, method, path), "") == 404


@pytest.mark.django_db
def test_no_cookie_breaks_the_live_lane_or_opens_it() -> None:
    cookies = [
        *(f"sessionid={text}" for text in HOSTILE if len(text) < 3000),
        *(
            'sessionid="\\000"',
            'sessionid="\\377\\000x"',
            "sessionid=; sessionid=" + "a" * 32,
            "=;=;;",
            "sessionid",
        ),
    ]
    for cookie in cookies:
        headers = ((b"cookie", cookie.encode("utf-8", "replace")),)
        assert demand_safe(ask(live.application, "GET", "/live/duty", headers=headers), cookie) == 404


def test_no_body_breaks_the_intake_lane_or_is_given_back() -> None:
    bodies = [
        *(text.encode("utf-8", "replace") for text in HOSTILE),
        *(json.dumps({"t": text, "step": 1, "answers": [0] * 9}).encode() for text in HOSTILE),
        *(json.dumps({"t": "x.y.z", "step": text, "answers": [text]}).encode() for text in HOSTILE),
        *(b"[" * 16_000, b'{"t":' * 3_000, b"\xff\xfe\x00", b"{}", b"null", b'{"answers":[1e999]}'),
    ]
    for path in ("/intake/submissions", "/intake/critical"):
        for body in bodies:
            assert (
                demand_safe(ask(intake.application, "POST", path, body=body), body.decode("utf-8", "replace"))
                >= 400
            )


@pytest.mark.parametrize(
    "path", ["/intake/", "/intake/submissions/", "/intake/\x00", "/intake/submissions%00"]
)
def test_the_intake_lane_has_two_doors_only(path: str) -> None:
    for method in ("GET", "POST", "PUT"):
        assert demand_safe(ask(intake.application, method, path, body=b"{}"), "") in (404, 405)
