"""The bell of one colleague: the live lane passes it on to their open pages at commit."""

import json

from django.db import connection

LIVE_CHANNEL = "anxin_live"


def tell_person(*, staff_id: int | None) -> None:
    """Say that there is news for ``staff_id``. An id and nothing else."""
    if staff_id is not None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [LIVE_CHANNEL, json.dumps({"staff": staff_id})])
