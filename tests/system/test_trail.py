"""The trail in the running house: sealed by the worker within ten seconds, read by the auditor in a browser."""

from typing import Any

import pytest

from anxin.domains.audit import api as audit
from anxin.domains.audit.models import AuditEvent, AuditWaiting
from anxin.kernel.actor import Actor
from tests.system.stack import eventually
from tests.system.windows import DESK, PHONE, accessible


def test_the_worker_seals_what_is_written_within_ten_seconds_and_outside_it_is_said(house: Any) -> None:
    for _ in range(3):
        audit.record(actor=Actor.system("test"), event="network:unit:moved")
        eventually("every row is sealed", lambda: not AuditWaiting.objects.exists(), patience=10)
    health = house.stack.health()
    assert health["trail"] == "ok"
    eventually(
        "the end is said outside", lambda: list((house.stack.folder / "audit").glob("*.end")), patience=10
    )
    assert len(list((house.stack.folder / "audit").glob("*.roots"))) == 1


@pytest.mark.browser
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_auditor_searches_opens_a_row_and_has_the_trail_verified(
    house: Any, visit: Any, size: Any
) -> None:
    page = visit("fang-zheng", size=size)
    page.goto("/staff/audit/")
    accessible(page)
    page.get_by_label("做了什么").select_option("network:unit:created")
    page.get_by_role("button", name="找一找").click()
    row = page.get_by_role("link", name="登记了机构").first
    row.click()
    assert page.get_by_text("链上序号").is_visible()
    accessible(page)
    page.goto("/staff/audit/")
    page.get_by_role("button", name="立即校验").click()
    eventually("a verification stands on the page", lambda: _verified(page), patience=30)
    assert AuditEvent.objects.filter(event="audit:verification:asked").count() == 1


def _verified(page: Any) -> bool:
    page.goto("/staff/audit/")
    return bool(page.get_by_text("与写入时一致").count())
