"""A campaign walked through its states by the people of the small city, as far as a test needs it."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from anxin.domains.campaigns import api as campaigns
from anxin.domains.campaigns.contracts import (
    CampaignPlan,
    CampaignState,
    DataKind,
    InterviewOutcome,
    PlanDraft,
    Segment,
    StepPlan,
    TriageLevel,
    Window,
    Worksheet,
)
from anxin.domains.campaigns.models import Campaign, CriticalSignal, Group, Participant, Submission, Triage
from anxin.domains.instruments import api as instruments
from anxin.flows import run_campaign, triage_campaign
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.crypto import blind_index
from anxin.kernel.unit_of_work import unit_of_work
from tests.small_city import SYSTEM, SmallCity

S = CampaignState
OWNER, REVIEWER, INTERVIEWER, SECOND, STRANGER = "zhao-ning", "sun-lan", "zhao-ning", "sun-lan", "chen-mo"
PLAN = CampaignPlan(
    title="秋季新生心理普测",
    segment=Segment.STUDENT,
    age_min=18,
    age_max=22,
    purpose="早一点发现需要帮助的学生。",
    data_kinds=(DataKind.ROSTER, DataKind.ANSWERS, DataKind.SCORES, DataKind.INTERVIEW),
    recipients=("学校心理辅导室", "区心理健康中心"),
    retention_months=36,
    impact_assessment="只收需要的；答卷只有访谈的人能看；三年后去掉姓名。",
    expected_participants=100,
    expected_positive_permille=80,
    interviewer_minutes=240,
    target_permille=950,
    steps=(StepPlan("phq-2"), StepPlan("phq-9", follows=1)),
)
CALM, LOW, GRAVE = (0, 0), (2, 2), (1, 0, 0, 0, 0, 0, 0, 0, 2)
HEAVY = (3, 3, 3, 3, 2, 2, 1, 1, 0)
MILD = (1, 1, 1, 0, 0, 0, 0, 0, 0)


@dataclass
class Course:
    """The campaign, the city around it, and what to do with both."""

    city: SmallCity
    uid: str
    people: list[Participant] = field(default_factory=list)

    def actor(self, code: str) -> Actor:
        """Somebody of the city, as they are now."""
        return self.city.actor(code)

    @property
    def campaign(self) -> Campaign:
        """As it is in the database now."""
        with unit_of_work(SYSTEM):
            return Campaign.objects.select_related("unit", "owner").get(uid=self.uid)

    @property
    def state(self) -> CampaignState:
        """Where it stands."""
        return S(self.campaign.state)

    def row(self, place: int) -> Triage:
        """The record of the participant at ``place``."""
        with unit_of_work(SYSTEM):
            return Triage.objects.select_related("deadline__owner__staff", "participant").get(
                participant=self.people[place]
            )

    def list_people(self, count: int = 12, classes: int = 1, *, agreed: bool = True) -> None:
        """A roster, as an import leaves it, with rooms and somebody standing by."""
        with unit_of_work(SYSTEM):
            groups = [
                Group.objects.get_or_create(
                    campaign=self.campaign,
                    code=f"{self.campaign.number}{one}"[-12:],
                    defaults={
                        "grade": "大一",
                        "name": f"{one + 1} 班",
                        "room": f"教学楼 {101 + one}",
                        "planned_at": clock.now() + timedelta(days=8),
                        "standby": self.city.staff[OWNER],
                    },
                )[0]
                for one in range(classes)
            ]
            answer = "given" if agreed else "awaited"
            first = len(self.people)
            self.people += [
                Participant.objects.create(
                    campaign=self.campaign,
                    group=groups[place % classes],
                    scope_path=self.campaign.scope_path,
                    name=f"学生{place:02d}",
                    identity_index=blind_index(f"{self.uid}-{place}", purpose="identity"),
                    roster_number=str(place),
                    born_on=date(2007, 3, 1),
                    sex="f" if place % 2 else "m",
                    consent=answer,
                    assent=answer,
                )
                for place in range(first, first + count)
            ]

    def hand_in(self, place: int, *answers: tuple[int, ...], deciseconds: int = 30) -> None:
        """Forms as the intake leaves them; adoption is not waited for."""
        with unit_of_work(SYSTEM):
            person = self.people[place]
            for step, given in zip(self.campaign.steps.order_by("position"), answers, strict=False):
                published = instruments.published_version(step.instrument, step.instrument_version)
                sheet = instruments.score(published, list(given), age=19)
                Submission.objects.create(
                    uid=campaigns.submission_uid(person.uid, step.position),
                    campaign=self.campaign,
                    participant=person,
                    scope_path=person.scope_path,
                    step=step.position,
                    instrument=step.instrument,
                    instrument_version=step.instrument_version,
                    language="zh-Hans",
                    answers=list(given),
                    deciseconds=[deciseconds] * len(given),
                    digest=bytes(given),
                    scores=dict(sheet.scores),
                    is_critical=bool(sheet.critical),
                    channel="online",
                    answered_at=clock.now(),
                    received_at=clock.now(),
                )
            Participant.objects.filter(id=person.id).update(state="submitted")

    def signal(self, place: int) -> None:
        """A critical answer, heard before the form is finished."""
        with unit_of_work(SYSTEM):
            CriticalSignal.objects.create(
                participant=self.people[place],
                scope_path=self.people[place].scope_path,
                step=2,
                item="9",
                code=2,
                answered_at=clock.now(),
                received_at=clock.now(),
            )

    def window(self, *, opens: timedelta = timedelta(days=7), lasts: timedelta = timedelta(days=5)) -> Window:
        """From ``opens`` on, for so long."""
        return Window(clock.now() + opens, clock.now() + opens + lasts)

    def go_to(self, state: CampaignState, at: Any) -> "Course":
        """Every step up to ``state``, each by somebody who may, with the time it takes."""
        walk = {
            S.ETHICS_CHECK: lambda: run_campaign.send_to_review(
                actor=self.actor(OWNER), campaign_uid=self.uid
            ),
            S.APPROVED: lambda: run_campaign.approve(actor=self.actor(REVIEWER), campaign_uid=self.uid),
            S.CONSENT_OPEN: lambda: run_campaign.open_consent(
                actor=self.actor(OWNER), campaign_uid=self.uid, window=self.window()
            ),
            S.RUNNING: lambda: self._run(at),
            S.QUALITY_CHECK: lambda: self._close(at),
            S.TRIAGED: self._triage,
            S.INTERVIEWING: lambda: run_campaign.begin_interviews(
                actor=self.actor(INTERVIEWER), campaign_uid=self.uid
            ),
            S.REPORTED: self._report,
            S.ARCHIVED: self._archive,
        }
        order = [*walk]
        while self.state is not state:
            here = order.index(self.state) + 1 if self.state in order else 0
            walk[order[here]]()
        return self

    def _run(self, at: Any) -> None:
        if not self.people:
            self.list_people()
        at.shift(timedelta(days=7, minutes=1))
        run_campaign.start_running(actor=self.actor(OWNER), campaign_uid=self.uid)

    def _close(self, at: Any) -> None:
        at.shift(timedelta(days=5))
        triage_campaign.sweep_campaigns()

    def _triage(self) -> None:
        triage_campaign.sweep_campaigns()
        for row in self.open_rows("confirm"):
            triage_campaign.confirm(
                actor=self.actor(INTERVIEWER), triage_uid=row.uid, level=TriageLevel(row.proposed)
            )
        run_campaign.finish_triage(actor=self.actor(INTERVIEWER), campaign_uid=self.uid)

    def _report(self) -> None:
        for row in self.open_rows("interview"):
            self.talk(row, TriageLevel(row.confirmed))
        run_campaign.report(actor=self.actor(OWNER), campaign_uid=self.uid)

    def _archive(self) -> None:
        for row in self.open_rows("plan"):
            self.plan(row)
        run_campaign.archive(actor=self.actor(OWNER), campaign_uid=self.uid)

    def open_rows(self, stage: str) -> list[Triage]:
        """Rows whose clock waits for ``stage``."""
        with unit_of_work(SYSTEM):
            rows = Triage.objects.filter(participant__campaign__uid=self.uid, deadline__stage=stage)
            return list(rows.select_related("deadline").order_by("id"))

    def talk(
        self,
        row: Triage,
        level: TriageLevel,
        *,
        by: str = INTERVIEWER,
        outcome: InterviewOutcome = InterviewOutcome.HELD,
        summary: str = "谈过了，睡得不好，家里知道。",
    ) -> Triage:
        """One talk."""
        return triage_campaign.record_interview(
            actor=self.actor(by),
            triage_uid=row.uid,
            worksheet=Worksheet(outcome=outcome, level=level, summary=summary, findings={"sleep": "yes"}),
        )

    def plan(self, row: Triage, *, days: int = 30, by: str = INTERVIEWER, **changes: Any) -> Any:
        """One version of a plan."""
        content = {
            "goals": "睡好，有人说话。",
            "measures": "每周谈一次；班主任只知道要照顾。",
            "responsible_id": self.city.staff[INTERVIEWER].id,
            "review_on": clock.today() + timedelta(days=days),
        }
        return triage_campaign.write_plan(
            actor=self.actor(by), triage_uid=row.uid, plan=PlanDraft(**(content | changes))
        )


def draft(city: SmallCity, plan: CampaignPlan = PLAN, *, by: str = OWNER, unit: str = "LIUAN") -> Course:
    """A draft by 赵宁 at 柳岸."""
    actor = city.actor(by)
    with unit_of_work(actor):
        campaign = campaigns.draft_campaign(actor=actor, unit_id=city.units[unit].id, plan=plan)
    return Course(city, campaign.uid)


def noon(day: date) -> datetime:
    """Twelve o'clock of a day, in the city."""
    return datetime.combine(day, time(12), clock.LOCAL)
