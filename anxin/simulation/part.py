"""One process of a run: a part of the alarms, in a database of its own. Django is set up by whoever starts it."""

import gc
import json
import logging
import sys
import tempfile
from pathlib import Path

import django
from django.conf import settings

from anxin.simulation.order import Order
from anxin.simulation.streams import save


def live(order: Order, into: Path) -> None:
    """Live the year and write its lines down."""
    settings.ANXIN_SMS_GATEWAY = "anxin.simulation.provider.UnreliableSms"
    from anxin.simulation.lines import Lines
    from anxin.simulation.year import Year

    written = Lines()
    with tempfile.TemporaryDirectory() as folder:
        Year(order, Path(folder) / "clock.json", written).run()
    save(written.all(), into)


def main() -> None:
    """``python -m anxin.simulation.part ORDER FILE``."""
    django.setup()
    # One in three texts is not taken, on purpose: the figures say so, the log need not.
    logging.getLogger("anxin.domains.notices").setLevel(logging.CRITICAL)
    gc.set_threshold(50_000, 20, 20)  # a short life of many small objects
    live(Order(**json.loads(sys.argv[1])), Path(sys.argv[2]))


if __name__ == "__main__":
    main()
