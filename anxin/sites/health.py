"""``/healthz``: is the web process there, is the database there, is the worker alive."""

import math

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse

from anxin.domains.audit import api as audit
from anxin.kernel import heartbeat, readiness
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.marks import public


@public(reason="asked by the supervisor and by monitors; says nothing about people", reads_session=False)
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while pages can be served. A silent worker is said, not punished: the web still helps people."""
    try:
        with unit_of_work(Actor.system("health")):  # a database that refuses our scope serves nobody
            silence = heartbeat.age(heartbeat.WORKER)
            sealing = audit.sealing_now()
    except DatabaseError:
        return JsonResponse({"web": "ok", "database": "unreachable", "worker": "unknown"}, status=503)
    stale = silence is None or silence > heartbeat.STALE_AFTER
    return JsonResponse(
        {
            "web": "ok",
            "database": "ok",
            "worker": "stale" if stale else "ok",
            **{part: "ok" if ready else "unreachable" for part, ready in readiness.said().items()},
            "trail": "ok" if sealing.is_prompt else "late",
            "trail_lag_seconds": None if sealing.lag_seconds is None else math.floor(sealing.lag_seconds),
            "worker_heartbeat_age_seconds": None if silence is None else math.floor(silence.total_seconds()),
        }
    )
