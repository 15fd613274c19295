"""What lay open in a column is sealed by its migration, behind the wall of the table, and opened on the way back."""

from typing import Any, cast
from urllib.parse import urlsplit

import psycopg
from django.db import connection

from anxin.domains.risk.models import ContactRequest
from anxin.flows import request_contact
from anxin.kernel.actor import Actor
from anxin.kernel.plain_columns import sealed
from anxin.kernel.unit_of_work import unit_of_work
from conftest import _pointed_at
from tests import small_city

SYSTEM = Actor.system("test")


def test_open_words_are_sealed_and_the_wall_stands_as_before(fresh_db: str, databases: Any) -> None:
    city = small_city.build()
    request_contact.request_contact(
        actor=SYSTEM, area_uid=city.units["LIUAN"].uid, phone="13800000003", call_name="小李"
    )
    name = urlsplit(fresh_db).path.lstrip("/")
    with psycopg.connect(databases.cluster.url("postgres", name), autocommit=True) as thief:

        def stored() -> str:
            (row,) = thief.execute("SELECT call_name FROM risk_contactrequest").fetchall()
            return str(row[0])

        thief.execute("UPDATE risk_contactrequest SET call_name = '小李'")
        step = sealed("risk_contactrequest", "call_name")
        with _pointed_at(databases.cluster.url("anxin_owner", name)):
            with connection.schema_editor() as editor:
                step.code(cast(Any, None), editor)
            assert stored().startswith("v1.")
            with unit_of_work(SYSTEM):
                assert ContactRequest.objects.get().call_name == "小李"
            with connection.schema_editor() as editor:
                assert step.reverse_code is not None
                step.reverse_code(cast(Any, None), editor)
            assert stored() == "小李"
        walled = thief.execute(
            "SELECT relforcerowsecurity FROM pg_class WHERE relname = 'risk_contactrequest'"
        )
        assert walled.fetchone() == (True,)
