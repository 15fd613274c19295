"""Many at once: every sitting that was acknowledged is kept, scored and evaluated, exactly once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from django.conf import settings
from django.db import connection

from anxin.domains.assessments.models import ScoreSheet, Sitting
from anxin.domains.risk.models import Warning
from anxin.kernel import outbox
from anxin.kernel.unit_of_work import unit_of_work
from tests.small_city import SYSTEM
from tests.system.conftest import House
from tests.system.residents import resident_with_draft
from tests.system.stack import Visitor, eventually

CLIENTS = 4


def _many_at_once(house: House, count: int) -> None:
    """Every third resident gives a critical last answer; four browsers hand in one after the other."""
    codes = [resident_with_draft(house, number) for number in range(count)]
    sessions = {code: house.session(code) for code in codes}
    faults: list[str] = []

    def send(mine: list[str]) -> None:
        for code in mine:
            visitor = Visitor(house.stack, sessions[code])
            value = "1" if codes.index(code) % 3 == 0 else "0"
            page = visitor.post(
                "/self-tests/phq-9/9/", visitor.get("/self-tests/phq-9/9/"), value=value, step="next"
            )
            if value == "1":
                page = visitor.post("/self-tests/phq-9/check/", visitor.get("/self-tests/phq-9/check/"))
            if page.status_code != 200 or "/results/" not in str(page.url):
                faults.append(f"{code}: {page.status_code} at {page.url}")
            visitor.http.close()

    threads = [threading.Thread(target=send, args=(codes[start::CLIENTS],)) for start in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    critical = len(codes[::3])

    def evaluated() -> bool:
        with unit_of_work(SYSTEM):
            return Sitting.objects.filter(evaluated_at__isnull=False).count() == count

    eventually("every sitting is evaluated", evaluated)
    with unit_of_work(SYSTEM):
        assert Sitting.objects.filter(state="submitted").count() == ScoreSheet.objects.count() == count
        assert Warning.objects.count() == critical
        assert outbox.stuck_count() == 0


def test_a_class_at_once(house: House) -> None:
    _many_at_once(house, 24)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_a_school_at_once(house: House) -> None:
    _many_at_once(house, 1200)


def test_many_visitors_at_once_do_not_use_up_the_database(house: House) -> None:
    def visit(_: int) -> int:
        return httpx.get(f"{house.stack.base}/stations/", timeout=60).status_code

    with ThreadPoolExecutor(40) as visitors:
        assert set(visitors.map(visit, range(160))) == {200}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = 'web'"
        )
        (held,) = cursor.fetchone()
    assert 0 < held <= settings.ANXIN_WEB_CONNECTIONS
