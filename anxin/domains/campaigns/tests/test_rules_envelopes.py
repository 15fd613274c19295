"""Sealed envelopes: only the campaign's key opens them, and only as they were sealed."""

import base64
import json

import pytest

from anxin.domains.campaigns.contracts import FormRefused
from anxin.domains.campaigns.rules.envelopes import make_key, open_envelope, read_envelope, seal_letter

PRIVATE, PUBLIC = make_key()
LETTER = json.dumps({"kind": "form", "body": {"answers": [0, 1, None]}}).encode()


def sealed(**changes: str) -> bytes:
    parts = json.loads(seal_letter(LETTER, campaign_uid="c-1", public_base64=PUBLIC))
    return json.dumps(parts | changes).encode()


def test_what_was_sealed_is_read_by_the_campaign() -> None:
    letter = open_envelope(read_envelope(sealed()), private_pem=PRIVATE)
    assert (letter.kind, json.loads(bytes(letter.body))) == ("form", {"answers": [0, 1, None]})


def test_nothing_of_it_can_be_read_without_the_key() -> None:
    assert b"answers" not in base64.b64decode(json.loads(sealed())["d"])
    other, _ = make_key()
    with pytest.raises(FormRefused):
        open_envelope(read_envelope(sealed()), private_pem=other)


@pytest.mark.parametrize(
    "changes",
    [
        {"c": "c-2"},
        {"n": base64.b64encode(b"0" * 12).decode()},
        {"d": "AAAA"},
        {"k": "AAAA"},
        {"k": "not base64"},
    ],
)
def test_one_that_was_changed_or_sent_elsewhere_is_refused(changes: dict[str, str]) -> None:
    with pytest.raises(FormRefused):
        open_envelope(read_envelope(sealed(**changes)), private_pem=PRIVATE)


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"\xff", b'{"c":1,"k":"","n":"","d":""}'])
def test_what_is_no_envelope_is_refused(body: bytes) -> None:
    with pytest.raises(FormRefused):
        read_envelope(body)


@pytest.mark.parametrize("inside", [b"", b"{}", b'{"kind":"other","body":{}}', b'{"kind":"form"}'])
def test_what_is_no_letter_inside_is_refused(inside: bytes) -> None:
    envelope = read_envelope(seal_letter(inside, campaign_uid="c-1", public_base64=PUBLIC))
    with pytest.raises(FormRefused):
        open_envelope(envelope, private_pem=PRIVATE)
