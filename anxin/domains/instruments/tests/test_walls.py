"""What the database itself refuses, as the role that serves requests."""

from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from anxin.domains.instruments import api
from anxin.domains.instruments.models import InstrumentVersion
from anxin.domains.instruments.tests.makers import SECOND, THIRD, drafted, published, recorded, sent
from anxin.kernel.unit_of_work import unit_of_work
from tests.requirements_marker import requirement
from tests.small_city import SmallCity

T = "instruments_instrumentversion"


def refuse(
    statement: str, *values: Any, error: type[Exception] = IntegrityError, saying: str | None = None
) -> None:
    with pytest.raises(error, match=saying), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


REWRITINGS = (
    "definition = jsonb_set(definition, '{retest_days}', '1')",
    "definition = jsonb_set(definition, '{provenance,translations}', '{}')",
    "key_hash = repeat('0', 64)",
    "version = '1.0.1500'",
    "instrument = 'gad-7'",
    "changes = 'something else'",
    "based_on = 'gad-7 1.0.0'",
    "author_id = reviewer_id",
    "reviewer_id = publisher_id",
    "published_at = published_at - interval '1 day'",
    "state = 'draft', retired_at = NULL",
    "state = 'in_review', retired_at = NULL",
)


@requirement("R-067")
@pytest.mark.parametrize("is_retired", [False, True])
def test_nothing_of_a_published_version_can_be_rewritten(city: SmallCity, is_retired: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("anxin_app",)
    version = published(city)
    if is_retired:
        actor = city.actor(THIRD)
        with unit_of_work(actor):
            api.retire(actor=actor, uid=version.uid, reason="不用了")
    before = InstrumentVersion.objects.filter(uid=version.uid).values().get()
    for change in REWRITINGS:
        refuse(f"UPDATE {T} SET {change} WHERE uid = %s", version.uid)
        assert InstrumentVersion.objects.filter(uid=version.uid).values().get() == before, change


def test_what_is_under_review_is_what_was_sent(city: SmallCity) -> None:
    version = sent(city, drafted(city))
    refuse(
        f"UPDATE {T} SET definition = definition - 'critical' WHERE uid = %s", version.uid, saying="is fixed"
    )
    staff = city.staff
    refuse(
        f"UPDATE {T} SET state = 'published', definition = definition - 'critical', reviewer_id = %s,"
        " publisher_id = %s, reviewed_at = saved_at, published_at = saved_at WHERE uid = %s",
        *(staff[SECOND].id, staff[THIRD].id, version.uid),
        saying="what is published is what was reviewed",
    )


def test_no_version_comes_into_force_by_a_side_door(city: SmallCity) -> None:
    version = drafted(city)
    refuse(f"UPDATE {T} SET state = 'published' WHERE uid = %s", version.uid, saying="does not go from")
    sent(city, version)
    refuse(f"UPDATE {T} SET state = 'published' WHERE uid = %s", version.uid, saying="published_after_review")
    refuse(
        f"UPDATE {T} SET reviewer_id = author_id WHERE uid = %s", version.uid, saying="reviewed_by_another"
    )
    refuse(
        f"INSERT INTO {T} (uid, instrument, version, state, definition, key_hash, based_on, changes, author_id,"
        f" created_at, saved_at, approved_translations, row_version) SELECT 'x', instrument, '1.0.9999', 'in_review',"
        f" definition, key_hash, '', '', author_id, created_at, saved_at, approved_translations, 0 FROM {T}"
        " WHERE uid = %s",
        version.uid,
        saying="begins as a draft",
    )


def test_one_version_of_an_instrument_is_in_force_at_a_time(city: SmallCity) -> None:
    first, second = published(city), drafted(city)
    sent(city, second)
    refuse(
        f"UPDATE {T} SET state = 'published', reviewer_id = %s, publisher_id = %s, reviewed_at = saved_at,"
        " published_at = saved_at WHERE uid = %s",
        *(city.staff[SECOND].id, city.staff[THIRD].id, second.uid),
        saying="instrument_one_published",
    )
    assert InstrumentVersion.objects.get(uid=first.uid).state == "published"


def test_no_version_is_removed_and_the_history_only_grows(city: SmallCity) -> None:
    version = drafted(city)
    refuse(f"DELETE FROM {T} WHERE uid = %s", version.uid)
    for verb in ("UPDATE instruments_versionentry SET note = ''", "DELETE FROM instruments_versionentry"):
        refuse(verb, error=ProgrammingError, saying="permission denied")


def test_a_licensed_text_and_its_permission_are_fixed(city: SmallCity) -> None:
    text = recorded(city)
    table = "instruments_textbinding"
    for change in (
        "text = '{}'",
        "expires_on = expires_on + 365",
        "permission_number = 'another'",
        "form_hash = repeat('0', 64)",
    ):
        refuse(f"UPDATE {table} SET {change} WHERE uid = %s", text.uid, saying="fixed once recorded")
    refuse(
        f"UPDATE {table} SET state = 'active' WHERE uid = %s", text.uid, saying="text_active_with_permission"
    )
    refuse(f"DELETE FROM {table} WHERE uid = %s", text.uid, saying="ended, not removed")
