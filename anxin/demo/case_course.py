"""What hangs on the cases besides their timeline: safety plans both sides agreed to, goals, and tasks."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from anxin.demo.bulk import Uids, insert, take_ids
from anxin.demo.case_story import CaseStory
from anxin.demo.records import sealed
from anxin.domains.cases.contracts import CaseState, GoalState, PlanPart
from anxin.kernel import clock

_PLANS: dict[PlanPart, tuple[str, ...]] = {
    PlanPart.SIGNS: ("整夜睡不着，不想回消息。", "总觉得自己拖累别人，不想吃饭。"),
    PlanPart.OWN_WAYS: ("下楼走一圈，听那张老唱片。", "洗个热水澡，把房间收拾一遍。"),
    PlanPart.PEOPLE_PLACES: ("和大学室友吃饭，去河边的图书角。", "去姐姐家坐坐，和邻居下棋。"),
    PlanPart.WHO_TO_ASK: ("妈妈，晚上也可以打。", "姐姐，她知道我的情况。"),
    PlanPart.PROFESSIONALS: ("驿站的负责同事；任何时候打 12356。", "社区医生；夜里打 12356。"),
    PlanPart.SURROUNDINGS: ("已和家人商量好，由家人保管。", "和室友说好，这段时间一起住。"),
}
_GOALS = ("能睡整夜", "重新上班，每周见一次朋友", "和家人说得上话")
_TASKS = ("约定下次当面见的时间和地点", "联系家人，说明怎么陪伴", "陪同就诊，带上资料")
_PLANNED = frozenset({CaseState.SAFETY_PLANNED})


def write_case_courses(cases: list[CaseStory], uids: Uids, rng: Random, now: datetime) -> None:
    """After the cases themselves; everything is in the words of an invented person."""
    planned = [(case, at) for case in cases if (at := _planned_at(case)) is not None]
    ids = list(take_ids("cases_caseplan", len(planned)))
    insert(
        "cases_caseplan",
        (
            "id",
            "uid",
            "case_id",
            "version",
            "content",
            "author_kind",
            "author_uid",
            "author_label",
            "written_at",
        ),
        (
            (
                *(row_id, uids.at(at), case.id, 1, sealed(_plan(rng), "cases_caseplan.content"), "staff"),
                *(case.manager.staff.account_uid, case.manager.staff.name, at),
            )
            for row_id, (case, at) in zip(ids, planned, strict=True)
        ),
    )
    insert(
        "cases_caseplanagreement",
        ("uid", "plan_id", "side", "how", "author_uid", "author_label", "agreed_at"),
        (
            (uids.at(at), row_id, side, how, case.manager.staff.account_uid, case.manager.staff.name, at)
            for row_id, (case, at) in zip(ids, planned, strict=True)
            for side, how in (("staff", "online"), ("person", "face_to_face"))
        ),
    )
    insert(
        "cases_casegoal",
        ("uid", "case_id", "text", "set_at", "state", "reviewed_at", "reviewed_by", "review_note"),
        (_goal(case, at, uids, rng) for case, at in planned),
    )
    insert(
        "cases_casetask",
        ("uid", "case_id", "text", "owner_id", "due_on", "set_at", "set_by", "done_at", "done_by"),
        _tasks([case for case, _at in planned], uids, rng, now),
    )


def _planned_at(case: CaseStory) -> datetime | None:
    return next((at for at, state, _by, _note in case.statuses if state in _PLANNED), None)


def _plan(rng: Random) -> str:
    return json.dumps({part.value: rng.choice(words) for part, words in _PLANS.items()}, ensure_ascii=False)


def _goal(case: CaseStory, at: datetime, uids: Uids, rng: Random) -> tuple[object, ...]:
    is_closed = case.state is CaseState.CLOSED
    return (
        *(uids.at(at), case.id, sealed(rng.choice(_GOALS), "cases_casegoal.text"), at),
        *((GoalState.REACHED if is_closed else GoalState.OPEN).value, case.closed_at if is_closed else None),
        *(case.manager.staff.name if is_closed else "", sealed("", "cases_casegoal.review_note")),
    )


def _tasks(cases: list[CaseStory], uids: Uids, rng: Random, now: datetime) -> Iterator[tuple[object, ...]]:
    """One for each open case, mostly still ahead."""
    for case in cases:
        if case.closed_at is None:
            due = clock.local(now + timedelta(days=rng.randrange(-1, 6))).date()
            text = sealed(rng.choice(_TASKS), "cases_casetask.text")
            yield (uids.at(now), case.id, text, case.manager.id, due, now, case.manager.staff.name, None, "")
