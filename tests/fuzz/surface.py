"""What can be sent where: every address of the tree, with arguments and form fields found by walking the pages."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

from django.test import Client
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

STARTS = (
    "/",
    "/staff/",
    "/oversight/",
    "/me/",
    "/self-tests/",
    "/help/",
    "/stations/",
    "/sign-in/",
    "/class/",
)
# What leads out of the house, or changes who is walking.
_NOT_WALKED = re.compile(r"^/(sign-in/(out|as)/|leave/|static/)")
_STAND_INS = {"int": "1", "slug": "phq-9", "uuid": "01900000-0000-7000-8000-000000000000", "str": "x"}
_ARGUMENT = re.compile(r"<(?:(\w+):)?\w+>")


@dataclass(frozen=True, slots=True)
class Form:
    """A form as it was served: where it goes and what it holds."""

    action: str
    method: str
    fields: dict[str, str]


@dataclass
class Surface:
    """Addresses by route, and the fields that any form sends there."""

    addresses: dict[str, list[str]] = field(default_factory=dict)
    fields: dict[str, dict[str, str]] = field(default_factory=dict)
    queries: dict[str, dict[str, str]] = field(default_factory=dict)

    def address(self, route: str) -> str:
        """A real address of ``route`` when a page led there, else one of the right shape."""
        found = self.addresses.get(route)
        return found[0] if found else "/" + _ARGUMENT.sub(lambda m: _STAND_INS.get(m[1] or "str", "1"), route)


def routes() -> list[str]:
    """Every route of the tree."""
    return [*_routes(get_resolver().url_patterns, "")]


def _routes(patterns: Iterable[URLPattern | URLResolver], prefix: str) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, prefix + str(pattern.pattern))
        else:
            yield prefix + str(pattern.pattern)


def route_of(path: str) -> str | None:
    """The route that answers ``path``."""
    try:
        return resolve(path).route
    except Resolver404:
        return None


def walk(surface: Surface, client: Client, starts: Iterable[str]) -> None:
    """Follow links from ``starts`` with GET, and remember what forms there are.

    ``starts`` are looked at by everybody, for a page shows each their own steps; what others found already is not.
    """
    waiting = [*starts]
    first, visited = set(waiting), set[str]()
    while waiting:
        path = waiting.pop(0)
        route = route_of(path)
        if route is None or path in visited or _NOT_WALKED.match(path):
            continue
        if path not in first and route in surface.addresses:
            continue
        visited.add(path)
        answer = client.get(path)
        if answer.status_code in (301, 302, 303):
            target = urlsplit(answer["Location"]).path
            waiting.append(target)
            if path in first:  # the first page of their post, with a menu of their own
                first.add(target)
        if answer.status_code >= 400:
            continue
        _remember(surface, route, path)
        if "html" in answer.get("Content-Type", ""):
            waiting += _read(surface, path, answer.content.decode())


def _remember(surface: Surface, route: str, path: str) -> None:
    known = surface.addresses.setdefault(route, [])
    if path not in known:
        known.append(path)


def _read(surface: Surface, path: str, html: str) -> list[str]:
    reader = _Reader()
    reader.feed(html)
    for form in reader.forms:
        target = urlsplit(form.action).path or path
        route = route_of(target)
        if route is None:
            continue
        if form.method == "post":
            _remember(surface, route, target)
        held = surface.fields if form.method == "post" else surface.queries
        held.setdefault(route, {}).update(form.fields)
    places = []
    for link in reader.links:
        parts = urlsplit(link)
        if parts.scheme or parts.netloc or not parts.path.startswith("/"):
            continue
        route = route_of(parts.path)
        if route is not None and parts.query:
            names = re.findall(r"(?:^|&)([\w-]+)=", parts.query)
            surface.queries.setdefault(route, {}).update(dict.fromkeys(names, "1"))
        places.append(parts.path)
    return places


class _Reader(HTMLParser):
    """Links and forms of one page."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what leads further or is sent."""
        held = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in held:
            self.links.append(held["href"])
        elif tag == "form":
            self.forms.append(Form(held.get("action", ""), held.get("method", "get").lower(), {}))
        elif tag in ("input", "textarea", "button") and held.get("name") and self.forms:
            self.forms[-1].fields.setdefault(held["name"], held.get("value", ""))
        elif tag == "select" and held.get("name") and self.forms:
            self._select = held["name"]
            self.forms[-1].fields.setdefault(self._select, "")
        elif tag == "option" and self._select and self.forms and not self.forms[-1].fields[self._select]:
            self.forms[-1].fields[self._select] = held.get("value", "")
        elif tag in ("ax-live", "ax-near") or "data-url" in held:
            self.links += [value for value in held.values() if value.startswith("/")]
