"""The web process: one port, two lanes. ``/live/`` is bare ASGI (server-sent events), everything else is Django."""

import os
from typing import Any

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.prod")
os.environ.setdefault("ANXIN_PROCESS", "web")
django_application = get_asgi_application()

from anxin.live import application as live  # noqa: E402  (Django must be ready first)


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Split by path; the lifespan belongs to the live lane, which runs the safety sweep."""
    if scope["type"] == "lifespan":
        await live.lifespan(scope, receive, send)
    elif scope["type"] == "http" and scope["path"].startswith("/live/"):
        await live.application(scope, receive, send)
    else:
        await django_application(scope, receive, send)
