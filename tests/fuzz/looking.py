"""What is wrong with an answer, in one line each."""

import re
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.http import HttpResponse

from anxin.sites.perimeter import HEADERS
from tests.fuzz.inputs import EVALUATED, MARK

# Pages that are the same for everybody and hold nobody: read in review, like the public marks.
CACHEABLE = ("q/", "q/forms/<slug:uid>.json", "q/sw.js")
# Shown in a frame of the page that edits it, and nowhere else.
FRAMED = ("staff/instruments/<slug:name>/<number:number>/screen/",)
# Chosen looks, which a script on the page may read.
READABLE_COOKIES = ("ax_text", "ax_contrast", "ax_language")
_LEADING = ("href", "src", "action", "formaction", "xlink:href", "poster", "data")
_UNSAFE = ("unsafe-inline", "unsafe-eval", "unsafe-hashes", "http:", "https:", " *", "strict-dynamic")


def faults(route: str, address: str, sent: list[str], answer: HttpResponse) -> list[str]:
    """Everything that must not be."""
    found = []
    if answer.status_code >= 500:
        found.append(f"status {answer.status_code}: {_cause(answer)}")
    found += [*_header_faults(route, answer), *_cookie_faults(answer)]
    if "Location" in answer.headers:
        target = urljoin(f"http://testserver{address}", answer["Location"].strip())
        leaves = urlsplit(target).netloc != "testserver" or answer["Location"].startswith(("//", "/\\", "\\"))
        if leaves or urlsplit(target).scheme not in ("http", "https"):
            found.append(f"leads away to {answer['Location'][:80]!r}")
    if not answer.streaming:
        found += _echoes(sent, answer)
    return found


def _cause(answer: HttpResponse) -> str:
    raised = getattr(answer, "exc_info", None)
    return f"{raised[0].__name__}: {str(raised[1])[:160]}" if raised else "no exception"


def _header_faults(route: str, answer: HttpResponse) -> list[str]:
    found = [f"no {name}" for name in (*HEADERS, "Content-Security-Policy") if name not in answer.headers]
    policy = answer.headers.get("Content-Security-Policy", "")
    found += [f"the policy says {word}" for word in _UNSAFE if word in policy]
    framed = "frame-ancestors '" if route in FRAMED else "frame-ancestors 'none'"
    wanted = ("default-src 'self'", "object-src 'none'", "form-action 'self'", "base-uri 'self'")
    found += [f"the policy lacks {words}" for words in (*wanted, framed) if words not in policy]
    if route not in CACHEABLE and "no-store" not in answer.headers.get("Cache-Control", ""):
        found.append(f"may be cached: {answer.headers.get('Cache-Control')}")
    if any(sign in value for value in answer.headers.values() for sign in "\r\n\0"):
        found.append("a header is broken in two")
    return found


def _cookie_faults(answer: HttpResponse) -> list[str]:
    found = []
    for name, cookie in answer.cookies.items():
        if not cookie["samesite"]:
            found.append(f"the cookie {name} goes to other sites")
        if not cookie["httponly"] and name not in READABLE_COOKIES and cookie.value:
            found.append(f"scripts can read the cookie {name}")
    return found


def _echoes(sent: list[str], answer: HttpResponse) -> list[str]:
    """Markup given back as markup, a template that was evaluated, a formula that a spreadsheet would run."""
    body = answer.content.decode("utf-8", "replace")
    kind = answer.headers.get("Content-Type", "")
    found = []
    if EVALUATED in body:
        found.append("a template was evaluated")
    if "html" in kind or "svg" in kind:
        found += [f"gives back {text[:60]!r}" for text in sent if MARK in text and text in body]
        reader = _Reader()
        reader.feed(body)
        found += reader.found
    if "csv" in kind:
        cells = re.split(r'[,\r\n]+"?', body)
        found += [f"a formula: {text[:40]!r}" for text in sent if text[:1] in "=+@" and text.strip() in cells]
    return found


class _Reader(HTMLParser):
    """Finds what came from outside in a place where a browser would act on it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """No handler at all (the policy forbids them), and no address that runs."""
        self._inside = tag if tag in ("script", "style") else ""
        for name, value in attrs:
            leads = name in _LEADING and (value or "").strip().lower().startswith(
                ("javascript:", "data:text")
            )
            if name.startswith("on") or leads:
                self.found.append(f"<{tag} {name}> runs something")
            if name in ("src", "srcdoc", "style") and MARK in (value or ""):
                self.found.append(f"<{tag} {name}> comes from outside")

    def handle_data(self, data: str) -> None:
        """Nothing from outside in a script."""
        if self._inside and MARK in data:
            self.found.append(f"<{self._inside}> holds what was sent")

    def handle_endtag(self, tag: str) -> None:
        """Out of it again."""
        self._inside = ""
