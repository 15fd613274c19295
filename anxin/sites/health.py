"""``/healthz``: is the web process there, is the database there, is the worker alive."""

import math

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse

from anxin.kernel import heartbeat, readiness
from anxin.sites.marks import public


@public(reason="asked by the supervisor and by monitors; says nothing about people", reads_session=False)
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while pages can be served. A silent worker is said, not punished: the web still helps people."""
    try:
        silence = heartbeat.age(heartbeat.WORKER)
    except DatabaseError:
        return JsonResponse({"web": "ok", "database": "unreachable", "worker": "unknown"}, status=503)
    stale = silence is None or silence > heartbeat.STALE_AFTER
    return JsonResponse(
        {
            "web": "ok",
            "database": "ok",
            "worker": "stale" if stale else "ok",
            **{part: "ok" if ready else "unreachable" for part, ready in readiness.said().items()},
            "worker_heartbeat_age_seconds": None if silence is None else math.floor(silence.total_seconds()),
        }
    )
