"""What stays on the visitor's own device: an anonymous run, the chosen area, the receipt of a request to be called.

An anonymous run lives in one cookie that only this server can open and scripts cannot read (``HttpOnly``). It
holds the answers so far and nothing about who gives them; there is no row, no session and no log line beside it. It
goes after two quiet hours, when the person clears it, or when they leave quickly.
"""

import json
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from anxin.kernel.crypto import UnreadableCiphertext, seal, unseal

RUN_COOKIE, AREA_COOKIE, RECEIPT_COOKIE, CHAT_COOKIE = "ax_run", "ax_area", "ax_receipt", "ax_chat"
RUN_SECONDS = 2 * 60 * 60
AREA_SECONDS = 180 * 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class AnonymousRun:
    """The answers somebody unknown has given on this device. ``battery`` and ``part``: what they belong to."""

    instrument: str
    version: str
    answers: tuple[int | None, ...]
    started_on: date
    is_finished: bool = False
    battery: str = ""
    part: int = 0

    def with_answer(self, item: int, value: int | None) -> "AnonymousRun":
        """The same run with question ``item`` answered, or left open."""
        changed = list(self.answers)
        changed[item - 1] = value
        return replace(self, answers=tuple(changed))


@dataclass(frozen=True, slots=True)
class Receipt:
    """Who will call back and by when, as it was promised."""

    unit: str
    holder: str
    due_at: datetime | None


def run_on(request: HttpRequest) -> AnonymousRun | None:
    """The run on this device, if there is one that can be opened."""
    raw = _opened(request, RUN_COOKIE)
    if raw is None:
        return None
    try:
        return AnonymousRun(
            instrument=str(raw["instrument"]),
            version=str(raw["version"]),
            answers=tuple(raw["answers"]),
            started_on=date.fromisoformat(raw["started_on"]),
            is_finished=bool(raw["is_finished"]),
            battery=str(raw.get("battery", "")),
            part=int(raw.get("part", 0)),
        )
    except (KeyError, TypeError, ValueError):
        return None


def keep_run(response: HttpResponse, run: AnonymousRun) -> None:
    """Send the run back to the device it came from."""
    _keep(response, RUN_COOKIE, asdict(run))


def forget_run(response: HttpResponse) -> None:
    """Take the run and the receipt off the device."""
    response.delete_cookie(RUN_COOKIE, samesite="Lax")
    response.delete_cookie(RECEIPT_COOKIE, samesite="Lax")
    forget_chat(response)


def chat_code_on(request: HttpRequest) -> str:
    """The code of the conversation open on this device; empty when none is."""
    raw = _opened(request, CHAT_COOKIE)
    return str(raw.get("code", "")) if raw else ""


def keep_chat_code(response: HttpResponse, code: str) -> None:
    """Leave the conversation open on this device for two hours; the code itself works longer, anywhere."""
    _keep(response, CHAT_COOKIE, {"code": code})


def forget_chat(response: HttpResponse) -> None:
    """Close the conversation on this device. Nothing is lost: the code opens it again."""
    response.delete_cookie(CHAT_COOKIE, samesite="Lax")


def receipt_on(request: HttpRequest) -> Receipt | None:
    """What was promised when this device asked for a call."""
    raw = _opened(request, RECEIPT_COOKIE)
    if raw is None:
        return None
    due = raw.get("due_at")
    return Receipt(
        unit=str(raw.get("unit", "")),
        holder=str(raw.get("holder", "")),
        due_at=datetime.fromisoformat(due) if due else None,
    )


def keep_receipt(response: HttpResponse, receipt: Receipt) -> None:
    """Let the device show again what was promised."""
    _keep(response, RECEIPT_COOKIE, asdict(receipt))


def area_on(request: HttpRequest) -> str:
    """The area chosen by hand, as the unit's slug; empty when none was chosen."""
    return request.COOKIES.get(AREA_COOKIE, "")


def keep_area(response: HttpResponse, slug: str) -> None:
    """Remember the area, so that it need not be chosen again."""
    response.set_cookie(
        AREA_COOKIE, slug, max_age=AREA_SECONDS, samesite="Lax", httponly=True, secure=_secure()
    )


def _opened(request: HttpRequest, name: str) -> dict[str, Any] | None:
    sealed = request.COOKIES.get(name)
    if not sealed:
        return None
    try:
        raw = json.loads(unseal(sealed, context=f"cookie.{name}"))
    except (UnreadableCiphertext, ValueError):
        return None
    return raw if isinstance(raw, dict) else None


def _keep(response: HttpResponse, name: str, content: dict[str, Any]) -> None:
    sealed = seal(json.dumps(content, default=lambda moment: moment.isoformat()), context=f"cookie.{name}")
    response.set_cookie(name, sealed, max_age=RUN_SECONDS, samesite="Lax", httponly=True, secure=_secure())


def _secure() -> bool:
    return bool(settings.SESSION_COOKIE_SECURE)
