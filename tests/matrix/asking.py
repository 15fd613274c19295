"""One request, rolled back; what it answered, what it tried to write, and what it gave away."""

import re
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from anxin.kernel.ids import new_uid
from tests.matrix.http_world import NOWHERE, OTHER, RESIDENT, STATIONS, VISITOR, HttpWorld
from tests.matrix.pages import Page, Reach
from tests.matrix.policy import may

# What a request may write though it is refused: its session, the trail, and the tally of attempts.
_OWN_BOOKS = ("django_session", "audit_", "axes_", "kernel_", "usersessions_", "accounts_")
_ALWAYS_NEW = re.compile(
    rb'(name="csrfmiddlewaretoken" value=|nonce-|nonce=|X-CSRFToken&quot;: &quot;)"?[\w+/=-]+'
)
_OWNERS = {RESIDENT: "LIUAN", OTHER: "WANGQIAO"}


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    location: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def is_refusal(self) -> bool:
        """Sent to sign in, forbidden, or not there."""
        return self.is_to_sign_in or self.status in (401, 403, 404)

    @property
    def is_to_sign_in(self) -> bool:
        """Sent to sign in first."""
        is_there = self.location == "/sign-in/" or self.location.startswith("/sign-in/?")
        return self.status == 401 or (self.status in (301, 302, 303) and is_there)


def address(world: HttpWorld, page: Page, place: str) -> str:
    """The address of a page at a place; ``NOWHERE`` has names that nothing bears."""
    if not page.kind:
        return reverse(page.name)
    known = world.kwargs[page.kind]
    if place != NOWHERE:
        return reverse(page.name, kwargs=known[place])
    other = {key: _nobody(key, value) for key, value in next(iter(known.values())).items()}
    return reverse(page.name, kwargs=other)


def _nobody(key: str, value: Any) -> Any:
    if key == "name":
        return "no-such"
    return new_uid() if key.endswith("uid") or key == "token" else value


def places_of(world: HttpWorld, page: Page, role: str, *, thorough: bool) -> list[str]:
    """Where to ask: a record for each relation the role can have to it, and one that does not exist.

    Unless ``thorough``, who lacks the right altogether is asked at the nearest record only, and pages for everybody are
    opened by one of each kind of visitor.
    """
    known = world.kwargs[page.kind] if page.kind else {"": {}}
    if page.reach is Reach.RESIDENT:
        return list(known)
    if page.reach is Reach.PUBLIC:
        return list(known) if thorough or role in (VISITOR, RESIDENT, "counsellor") else []
    if not page.kind:
        return [""]
    if not set(STATIONS) & set(known):
        return [*known, NOWHERE] if thorough or role != VISITOR else list(known)
    node = world.nodes.get(role, "")
    # For a county the two stations in it are the same relation, and for the city all three are.
    relations = {"C": ["LIUAN"], "Q": ["LIUAN", "WANGQIAO"]}.get(node, list(STATIONS))
    if thorough or any(expects(world, page, role, place) for place in relations):
        return [*relations, NOWHERE]
    return ["LIUAN"]


def expects(world: HttpWorld, page: Page, role: str, place: str) -> bool:
    """Whether the permission table opens the page to the role there."""
    if place == NOWHERE:
        return False
    if page.reach is Reach.PUBLIC:
        return True
    if role in _OWNERS:
        return page.reach is Reach.RESIDENT or (page.reach is Reach.OWN and _OWNERS[role] == place)
    if role == VISITOR or page.reach in (Reach.RESIDENT, Reach.OWN, Reach.HELD):
        return False
    if page.reach is Reach.STAFF:
        return True
    if not all(may(role, right) for right in page.rights):
        return False
    if page.any_of and not any(may(role, right) for right in page.any_of):
        return False
    if page.reach is Reach.ANYWHERE or place not in STATIONS:
        return True
    is_near = page.reach is Reach.TREE or page.kind.startswith("climbed") or world.nodes[role] == place
    return is_near and world.covers(role, place)


def is_as_expected(answer: Answer, page: Page, is_open: bool) -> bool:
    """Open is open, or at most empty where a page may be; refused is refused; nothing breaks."""
    if answer.status >= 500:
        return False
    if page.reach is Reach.PUBLIC:
        return page.may_miss or not answer.is_refusal
    if is_open:
        return not answer.is_refusal or (page.may_miss and not answer.is_to_sign_in)
    return answer.is_refusal


def ask(client: Client, page: Page, url: str) -> Answer:
    """The answer; whatever the request wrote is gone again, in the house and in the browser."""
    cookies = client.cookies.copy()
    with transaction.atomic():
        response = client.post(url, page.body) if page.method == "POST" else client.get(url)
        body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
        transaction.set_rollback(True)
    client.cookies = SimpleCookie(cookies)
    headers = tuple(sorted((key, value) for key, value in response.items() if key != "Set-Cookie"))
    return Answer(response.status_code, response.headers.get("Location", ""), headers, body)


def attempted_writes() -> dict[str, int]:
    """Rows that this transaction inserted, changed or deleted so far, also where it was rolled back, by table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
            " WHERE n_tup_ins + n_tup_upd + n_tup_del > 0"
        )
        rows = cursor.fetchall()
    return {name: count for name, count in rows if not name.startswith(_OWN_BOOKS)}


def without_what_is_always_new(answer: Answer, url: str) -> tuple[int, object, bytes]:
    """The answer as an onlooker compares it: the address they typed and what is new each time taken out."""
    path = url.encode()
    body = _ALWAYS_NEW.sub(b"", answer.body.replace(path, b"URL"))
    for part in re.findall(rb"[0-9a-f]{8}-[0-9a-f-]{27}", path):
        body = body.replace(part, b"UID")
    headers = tuple(
        (key, re.sub(r"nonce-[\w+/=-]+", "", value))
        for key, value in answer.headers
        if key != "Content-Length"
    )
    return answer.status, headers, body
