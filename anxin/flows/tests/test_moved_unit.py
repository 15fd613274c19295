"""A station is hung under another county, or somebody leaves: open warnings find new owners."""

from datetime import timedelta

from anxin.domains.assessments.models import Sitting
from anxin.domains.deadlines.models import Deadline
from anxin.domains.network import api as network
from anxin.domains.residents.models import Resident
from anxin.domains.risk import api as risk
from anxin.domains.risk.models import Evaluation, Warning
from anxin.flows.escalate_overdue import escalate_overdue
from anxin.kernel import clock, outbox
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work
from anxin.worker import keep_promise

SYSTEM = Actor.system("test")


def test_everything_kept_by_path_follows_and_the_warning_climbs_in_its_new_county(warning, city, at) -> None:
    due_before = Deadline.objects.get(id=warning.deadline_id).due_at
    at.shift(60)
    with unit_of_work(SYSTEM):
        moved = network.move_unit(actor=SYSTEM, unit=city.units["LIUAN"], parent=city.units["S"])
    for message in outbox.claim(by="test"):
        keep_promise(message)
    assert outbox.stuck_count() == 0
    with unit_of_work(SYSTEM):
        after = Warning.objects.select_related("deadline").get(uid=warning.uid)
        assert after.scope_path == after.reach_path == moved.path
        assert after.deadline.due_at == due_before, "a move never buys time"
        assert {one.scope_path for one in Sitting.objects.all()} == {moved.path}
        assert {one.scope_path for one in Evaluation.objects.all()} == {moved.path}
        assert Resident.objects.get(uid=city.residents["li-qing"].uid).scope_path == moved.path
    at.shift(31 * 60)
    escalate_overdue()
    gu, sun = city.actor("gu-yan"), city.actor("sun-lan")
    with unit_of_work(gu):
        assert [one.uid for one in risk.board_queryset(actor=gu)] == [warning.uid]
    with unit_of_work(sun):
        assert list(risk.board_queryset(actor=sun)) == []


def test_who_leaves_is_not_called_any_more_from_the_next_day_on(warning, city, at) -> None:
    with unit_of_work(SYSTEM):
        deadline = Warning.objects.select_related("deadline").get(uid=warning.uid).deadline
        leaving = deadline.owner
        due_before = deadline.due_at
        network.end_posting(actor=SYSTEM, posting=leaving, last_day=clock.today(), reason="moved away")
    waiting = {message.topic for message in outbox.claim(by="test")}
    assert network.TOPIC_POSTING_ENDED not in waiting, "on the last day they still answer"
    at.shift(timedelta(hours=14, minutes=1))
    for message in outbox.claim(by="test"):
        keep_promise(message)
    assert outbox.stuck_count() == 0
    with unit_of_work(SYSTEM):
        after = Warning.objects.select_related("deadline__owner").get(uid=warning.uid)
        assert after.deadline.is_open
        assert after.deadline.due_at == due_before, "a leaver never buys time"
        assert after.deadline.owner_id != leaving.id
        assert leaving.id not in {rung["posting_id"] for rung in after.deadline.ladder["rungs"]}
