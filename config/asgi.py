"""The web process: one port, three lanes. ``/live/`` (server-sent events) and ``/intake/`` (a whole city's answers) are
bare ASGI, everything else is Django.
"""

import os
from typing import Any

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.prod")
os.environ.setdefault("ANXIN_PROCESS", "web")
django_application = get_asgi_application()

from django.conf import settings  # noqa: E402  (Django must be ready first)

from anxin.intake import application as intake  # noqa: E402
from anxin.live import application as live  # noqa: E402
from anxin.platform import production  # noqa: E402

if os.environ["DJANGO_SETTINGS_MODULE"] not in ("config.settings.dev", "config.settings.test"):
    production.demand_safe_settings(settings)


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Split by path; the lifespan belongs to the live lane, which runs the safety sweep, and keeps intake at work."""
    if scope["type"] == "lifespan":
        tasks = intake.start()
        try:
            await live.lifespan(scope, receive, send)
        finally:
            await intake.stop(tasks)
    elif scope["type"] == "http" and scope["path"].startswith("/intake/"):
        await intake.application(scope, receive, send)
    elif scope["type"] == "http" and scope["path"].startswith("/live/"):
        await live.application(scope, receive, send)
    else:
        await django_application(scope, receive, send)
