"""A participant's token says who they are and hides it, and nobody else can write one."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anxin.domains.campaigns.rules.tokens import BadToken, make_token, read_token

KEY, OTHER = b"k" * 32, b"o" * 32
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def token(**changes: object) -> str:
    given = {"campaign_id": 7, "participant_id": 123_456, "version": 1, "expires_at": NOW + timedelta(days=1)}
    return make_token(key=KEY, **(given | changes))  # type: ignore[arg-type]


@given(
    campaign_id=st.integers(1, 2**32 - 1),
    participant_id=st.integers(1, 2**48 - 1),
    version=st.integers(0, 65_535),
    seconds=st.integers(1, 10**8),
)
def test_what_was_written_is_read(campaign_id: int, participant_id: int, version: int, seconds: int) -> None:
    written = token(
        campaign_id=campaign_id,
        participant_id=participant_id,
        version=version,
        expires_at=NOW + timedelta(seconds=seconds),
    )
    read = read_token(written, key=KEY, now=NOW)
    assert len(written) == 44
    assert (read.campaign_id, read.participant_id, read.version) == (campaign_id, participant_id, version)
    assert read.expires_at == NOW + timedelta(seconds=seconds)


@given(position=st.integers(0, 32), bit=st.integers(0, 7))
def test_one_bit_changed_anywhere_is_refused(position: int, bit: int) -> None:
    raw = bytearray(base64.urlsafe_b64decode(token()))
    raw[position] ^= 1 << bit
    with pytest.raises(BadToken):
        read_token(base64.urlsafe_b64encode(raw).decode(), key=KEY, now=NOW)


def test_a_token_of_another_installation_is_forged() -> None:
    with pytest.raises(BadToken, match="forged"):
        read_token(token(), key=OTHER, now=NOW)


def test_a_token_ends_at_its_time() -> None:
    with pytest.raises(BadToken, match="expired"):
        read_token(token(expires_at=NOW), key=KEY, now=NOW)


@pytest.mark.parametrize(
    "text", ["", "x", "é" * 44, "A" * 44, "=" * 44, "A" * 43, token() + "AAAA", " " + token()]
)
def test_what_is_no_token_is_malformed(text: str) -> None:
    with pytest.raises(BadToken):
        read_token(text, key=KEY, now=NOW)


def test_neighbours_on_a_roster_have_nothing_in_common_to_read() -> None:
    first, second = (base64.urlsafe_b64decode(token(participant_id=one)) for one in (5, 6))
    alike = sum(a == b for a, b in zip(first[1:], second[1:], strict=True))
    assert alike < 8


def test_the_same_sheet_is_printed_twice() -> None:
    assert token() == token()
