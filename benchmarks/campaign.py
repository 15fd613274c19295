"""A running campaign with as many participants as wanted, made by SQL, and the bodies its participants send."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

INSTRUMENT, CLASS_SIZE = "phq-9", 40
HOUSE = "SELECT walls.take_house_scope()"  # only the owner of the tables may


def make_campaign(url: str, *, number: str, participants: int, steps: int = 1) -> tuple[int, list[int]]:
    """Campaign and participant ids. Everybody has agreed; it runs today. The people are copies of one, made by SQL."""
    from anxin.domains.campaigns.models import Campaign, Group, Participant, Step
    from anxin.domains.instruments import api as instruments
    from anxin.domains.network.models import StaffMember, Unit
    from anxin.kernel.actor import Actor
    from anxin.kernel.unit_of_work import unit_of_work

    version = instruments.published_version(INSTRUMENT).version
    with unit_of_work(Actor.system("bench")):
        unit = Unit.objects.get(number="LIUAN")
        campaign = Campaign.objects.create(
            number=number,
            title="bench",
            segment="student",
            state="running",
            unit=unit,
            scope_path=unit.path,
            owner=StaffMember.objects.order_by("id")[0],
            expected_participants=participants,
        )
        Step.objects.bulk_create(
            Step(campaign=campaign, position=1 + one, instrument=INSTRUMENT, instrument_version=version)
            for one in range(steps)
        )
        groups = Group.objects.bulk_create(
            Group(campaign=campaign, code=f"{number}{one}", name=str(one))
            for one in range(1 + participants // CLASS_SIZE)
        )
        Participant.objects.create(
            campaign=campaign,
            group=groups[0],
            scope_path=unit.path,
            identity_index=f"{number}0",
            consent="given",
            assent="given",
        )
    with psycopg.connect(url) as connection:
        connection.execute(HOUSE)
        connection.execute(
            _PEOPLE, {"campaign": campaign.id, "number": number, "last": participants - 1, "size": CLASS_SIZE}
        )
        ids = [
            row[0]
            for row in connection.execute(
                "SELECT id FROM campaigns_participant WHERE campaign_id = %s ORDER BY id", [campaign.id]
            )
        ]
    return campaign.id, ids


# uids as a roster import makes them: UUIDv7, one after the other
_PEOPLE = """
INSERT INTO campaigns_participant
SELECT (jsonb_populate_record(first, jsonb_build_object(
  'id', nextval('campaigns_participant_id_seq'), 'identity_index', %(number)s || n, 'roster_number', n::text,
  'group_id', groups.id, 'uid', '019d' || lpad(to_hex(n >> 16), 4, '0') || '-' || lpad(to_hex(n & 65535), 4, '0')
  || '-7' || substr(gen_random_uuid()::text, 16)))).*
FROM campaigns_participant first, generate_series(1, %(last)s) n
JOIN campaigns_group groups ON groups.code = %(number)s || (n / %(size)s)
WHERE first.campaign_id = %(campaign)s AND groups.campaign_id = %(campaign)s ORDER BY n
"""


def fill_stored(url: str, campaign: int, ids: list[int]) -> None:
    """Every step of everybody, as it came in before, in sets of a million."""
    with psycopg.connect(url, autocommit=True) as connection:
        for start in range(0, len(ids), 50_000):
            part = ids[start : start + 50_000]
            with connection.transaction():
                connection.execute(HOUSE)
                connection.execute(_STORED, {"campaign": campaign, "low": part[0], "high": part[-1]})
        connection.execute("VACUUM ANALYZE campaigns_submission, campaigns_participant")


_STORED = """
INSERT INTO campaigns_submission (uid, campaign_id, participant_id, scope_path, step, instrument, instrument_version,
  language, answers, deciseconds, digest, scores, is_critical, channel, answered_at, received_at)
SELECT campaigns_submission_uid(p.uid, s.position), p.campaign_id, p.id, p.scope_path, s.position, s.instrument,
  s.instrument_version, s.language, '{0,1,2,3,0,1,2,3,0}', '{20,20,20,20,20,20,20,20,20}', sha256('x'),
  '{"total": 12}', false, 'online', clock_timestamp(), clock_timestamp()
FROM campaigns_participant p JOIN campaigns_step s ON s.campaign_id = p.campaign_id
WHERE p.campaign_id = %(campaign)s AND p.id BETWEEN %(low)s AND %(high)s ORDER BY p.id, s.position
"""


def write_bodies(path: Path, campaign: int, ids: list[int], *, step: int = 1) -> None:
    """One form for each participant, a line each; one in two hundred says something critical."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(line + "\n" for line in bodies(campaign, ids, step=step))


def bodies(campaign: int, ids: list[int], *, step: int = 1, critical_every: int = 200) -> Iterator[str]:
    """What each participant sends."""
    from anxin.domains.campaigns import api as campaigns
    from anxin.domains.campaigns.rules.tokens import make_token

    key, now = campaigns.token_key(), datetime.now(UTC)
    expires = now + timedelta(days=30)
    for place, one in enumerate(ids):
        answers = [(one * 7 + item * 3) % 4 for item in range(8)] + [1 if place % critical_every == 0 else 0]
        token = make_token(key=key, campaign_id=campaign, participant_id=one, version=1, expires_at=expires)
        form: dict[str, Any] = {
            "t": token,
            "step": step,
            "answers": answers,
            "ds": [20 + item for item in range(9)],
            "at": now.isoformat(timespec="milliseconds"),
            "ch": "online",
        }
        yield json.dumps(form, separators=(",", ":"))
