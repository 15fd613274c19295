"""Three screening campaigns at 柳岸: one being answered, one with its talks under way, one that is still a draft.

They are planned and triaged by the rooms' own verbs; what lies in the past is set back in time. Nobody's answers are
written: a campaign here is for looking at the pages, and the worker would raise alarms from answers.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.db import connection

from anxin.demo.bulk import Uids, insert, take_ids
from anxin.demo.forbidden import invented_person
from anxin.demo.names import People
from anxin.demo.personas import BY_CODE
from anxin.demo.stations import LIUAN
from anxin.domains.access import api as access
from anxin.domains.accounts import api as accounts
from anxin.domains.campaigns import api as campaigns
from anxin.domains.campaigns.contracts import (
    CampaignPlan,
    CampaignState,
    DataKind,
    InterviewOutcome,
    PlanDraft,
    Proposal,
    Proposed,
    Segment,
    StepPlan,
    TriageLevel,
    TriageReason,
    Worksheet,
)
from anxin.domains.network import api as network
from anxin.flows import run_campaign, triage_campaign
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.crypto import blind_index, seal
from anxin.kernel.unit_of_work import unit_of_work

ACTOR = Actor.system("city")
DAY = timedelta(days=1)
S, L, R = CampaignState, TriageLevel, TriageReason
_STUDENTS = CampaignPlan(
    title="柳岸职业学院新生心理普测",
    segment=Segment.STUDENT,
    age_min=18,
    age_max=22,
    purpose="了解新生入学后的状态，需要帮助的早一点帮上忙。",
    data_kinds=(DataKind.ROSTER, DataKind.ANSWERS, DataKind.SCORES, DataKind.INTERVIEW),
    recipients=("学院心理辅导室", "柳岸社区心灵驿站"),
    impact_assessment="只收集需要的内容；答卷只有访谈的人能看；不排名、不列名单；到期去掉姓名。",
    expected_participants=72,
    expected_positive_permille=80,
    interviewer_minutes=360,
    steps=(StepPlan("phq-2"), StepPlan("phq-9", follows=1)),
)
_YOUNG = CampaignPlan(
    title="柳岸社区青年心理普测",
    segment=Segment.RESIDENT,
    age_min=18,
    age_max=35,
    purpose="了解社区青年的状态，把帮助送到身边。",
    data_kinds=(DataKind.ROSTER, DataKind.ANSWERS, DataKind.SCORES, DataKind.INTERVIEW),
    recipients=("柳岸社区心灵驿站",),
    impact_assessment="只收集需要的内容；访谈自愿；汇总中小于 10 的数不显示。",
    expected_participants=52,
    expected_positive_permille=150,
    interviewer_minutes=300,
    steps=(StepPlan("phq-2"), StepPlan("phq-9", follows=1)),
)
_ELDERS = CampaignPlan(
    title="柳岸社区老年人心理筛查",
    segment=Segment.ELDER,
    age_min=60,
    age_max=100,
    purpose="重阳节前后看看老人过得怎么样。",
    steps=(StepPlan("gds-15"),),
)
_FOUND = (
    *((L.ATTENTION, (R.FIRST_STEP_POSITIVE,)),) * 4,
    (L.ATTENTION, (R.ANSWERS_DOUBTFUL,)),
    *((L.FOCUS, (R.HEAVY_BURDEN, R.STILL_POSITIVE, R.FIRST_STEP_POSITIVE)),) * 3,
    (L.URGENT, (R.CRITICAL_ANSWER,)),
)


@dataclass(frozen=True, slots=True)
class _Class:
    grade: str
    name: str
    room: str


def write_campaigns(rng: Random, uids: Uids, moment: datetime) -> int:
    """The three; how many there are."""
    teller = _Teller(rng, uids, moment)
    # A clock is replaced within a transaction, so this one constraint waits for the end of it, as in daily work.
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS campaigns_triage_running_clock DEFERRED")
    with unit_of_work(ACTOR):
        teller.running()
        teller.talking()
        teller.draft(_ELDERS)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return 3


class _Teller:
    def __init__(self, rng: Random, uids: Uids, moment: datetime) -> None:
        self.rng, self.uids, self.moment, self.people = rng, uids, moment, People(rng)
        self.unit = network.units_queryset().get(name=LIUAN)
        self.owner, self.reviewer = (self._actor(code) for code in ("zhao-ning", "sun-lan"))

    def _actor(self, code: str) -> Actor:
        account = accounts.account_by_login(login=BY_CODE[code].login)
        assert account is not None
        return access.actor_for(account=account)

    def draft(self, plan: CampaignPlan) -> Any:
        with unit_of_work(self.owner):
            return campaigns.draft_campaign(actor=self.owner, unit_id=self.unit.id, plan=plan)

    def running(self) -> None:
        """Since yesterday, until the day after tomorrow; two of three classes have answered."""
        begin = self._eight(self.moment - DAY)
        campaign = self.draft(_STUDENTS)
        self._set_back(campaign, S.RUNNING, begin, begin + 4 * DAY)
        classes = (
            _Class("一年级", "护理 1 班", "实训楼 201"),
            _Class("一年级", "护理 2 班", "实训楼 203"),
            _Class("一年级", "汽修 1 班", "实训楼 305"),
        )
        for place, one in enumerate(classes):
            group = self._group(campaign, one, self._eight(self.moment + (place - 1) * DAY))
            states = ["submitted"] * 22 + ["listed"] * 2 if place < 1 else ["submitted"] * 9 + ["started"] * 4
            self._participants(campaign, group, [*states, *["listed"] * (24 - len(states))])

    def talking(self) -> None:
        """Answered last week; levels are confirmed and the first talks were held."""
        begin = self._eight(self.moment - 9 * DAY)
        campaign = self.draft(_YOUNG)
        self._set_back(campaign, S.QUALITY_CHECK, begin, begin + 5 * DAY)
        ids: list[int] = []
        for one in (_Class("", "柳岸东里", "驿站团体室"), _Class("", "柳岸西里", "社区活动室")):
            ids += self._participants(campaign, self._group(campaign, one, begin), ["submitted"] * 26)
        found = {ids[place * 5]: seen for place, seen in enumerate(_FOUND)}
        proposed = [
            Proposed(one, Proposal(*found.get(one, (L.NORMAL, ())), credible=_is_credible(found.get(one))))
            for one in ids
        ]
        stored = campaigns.campaign_of(actor=ACTOR, uid=campaign.uid)
        rows = campaigns.propose_levels(
            actor=ACTOR, campaign=stored, found=proposed, draw=run_campaign.draw_for_owner(stored)
        )
        open_rows = [row for row in rows if row.proposed != L.NORMAL]
        for row in open_rows:
            triage_campaign.confirm(actor=self.owner, triage_uid=row.uid, level=L(row.proposed))
        run_campaign.finish_triage(actor=self.owner, campaign_uid=campaign.uid)
        run_campaign.begin_interviews(actor=self.owner, campaign_uid=campaign.uid)
        attention, focus, urgent = open_rows[0], open_rows[5], open_rows[8]
        self._talk(attention.uid, L.NORMAL, "最近搬家睡得少，这周好多了，没有别的担心。")
        self._talk(focus.uid, L.FOCUS, "两个月没怎么出门，吃得少。愿意每周来一次。")
        self._talk(urgent.uid, L.FOCUS, "那一题是指半年前的想法，现在没有，也没有打算。家里人知道。")
        triage_campaign.write_plan(
            actor=self.owner,
            triage_uid=focus.uid,
            plan=PlanDraft(
                goals="每天出门走一走，晚上能睡着。",
                measures="每周三下午来驿站谈一次；约一位邻居一起散步。",
                responsible_id=self.owner.staff_id or 0,
                review_on=clock.today() + timedelta(days=21),
            ),
        )

    def _talk(self, uid: str, level: TriageLevel, words: str) -> None:
        sheet = Worksheet(
            outcome=InterviewOutcome.HELD, level=level, summary=words, findings={"sleep": "yes", "plan": "no"}
        )
        triage_campaign.record_interview(actor=self.owner, triage_uid=uid, worksheet=sheet)

    def _eight(self, moment: datetime) -> datetime:
        return clock.local(moment).replace(hour=8, minute=0, second=0, microsecond=0)

    def _set_back(self, campaign: Any, state: CampaignState, begin: datetime, end: datetime) -> None:
        """As if everything up to ``state`` had been decided in its time."""
        opened = begin - 8 * DAY
        steps = [
            (S.ETHICS_CHECK, opened - 6 * DAY, self.owner, "counsellor", ""),
            (S.APPROVED, opened - 3 * DAY, self.reviewer, "county_clinician", "访谈力量够用。"),
            (S.CONSENT_OPEN, opened, self.owner, "counsellor", ""),
            (S.RUNNING, begin, self.owner, "counsellor", ""),
            (S.QUALITY_CHECK, end, None, "system", ""),
        ]
        before, rows = S.DRAFT, []
        for target, at, actor, role, reason in steps:
            staff = actor.staff_id if actor else None
            rows.append((self.uids.at(at), campaign.id, at, staff, role, before, target, "", "", reason))
            before = target
            if target is state:
                break
        insert(
            "campaigns_campaignentry",
            (
                "uid",
                "campaign_id",
                "at",
                "staff_id",
                "role",
                "before",
                "after",
                "before_hash",
                "after_hash",
                "reason",
            ),
            rows,
        )
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE campaigns_campaign SET state = %s, reviewer_id = %s, consent_opens_at = %s, runs_from = %s,"
                " runs_until = %s, created_at = %s WHERE id = %s",
                [state.value, self.reviewer.staff_id, opened, begin, end, opened - 7 * DAY, campaign.id],
            )

    def _group(self, campaign: Any, one: _Class, planned_at: datetime) -> int:
        (group,) = take_ids("campaigns_group", 1)
        code = f"{self.rng.randrange(10**8):08d}"
        insert(
            "campaigns_group",
            ("id", "uid", "campaign_id", "code", "grade", "name", "room", "planned_at", "standby_id"),
            [
                (
                    *(group, self.uids.at(self.moment), campaign.id, code, one.grade, one.name, one.room),
                    *(planned_at, self.owner.staff_id),
                )
            ],
        )
        return group

    def _participants(self, campaign: Any, group: int, states: list[str]) -> list[int]:
        ids = take_ids("campaigns_participant", len(states))
        insert(
            "campaigns_participant",
            (
                *(
                    "id",
                    "uid",
                    "campaign_id",
                    "group_id",
                    "scope_path",
                    "name",
                    "identity_index",
                    "roster_number",
                ),
                *("sex", "born_on", "phone", "guardian_phone", "consent", "assent", "state", "token_version"),
                "roster_row",
            ),
            [
                self._participant(campaign, group, one, place, state)
                for one, (place, state) in zip(ids, enumerate(states, start=1), strict=True)
            ],
        )
        return list(ids)

    def _participant(self, campaign: Any, group: int, one: int, place: int, state: str) -> tuple[Any, ...]:
        sex = self.rng.choice("fm")
        name = invented_person(self.people.draw(sex))
        born_on = clock.today() - timedelta(days=365 * 19 + self.rng.randrange(900))
        agreed = "given" if state != "listed" or self.rng.random() < 0.8 else "refused"
        return (
            *(one, self.uids.at(self.moment), campaign.id, group, campaign.scope_path),
            seal(name, context="campaigns_participant.name"),
            blind_index(f"demo-{campaign.number}-{one}", purpose="identity"),
            *(str(place), sex, born_on, "", "", agreed, agreed, state, 1, place),
        )


def _is_credible(seen: tuple[TriageLevel, tuple[TriageReason, ...]] | None) -> bool:
    return seen is None or R.ANSWERS_DOUBTFUL not in seen[1]
