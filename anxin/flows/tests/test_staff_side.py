"""What people do with a warning: take over, reach, assess, end, sign, merge; every refusal changes nothing."""

import pytest

from anxin.domains.audit.models import AuditEvent
from anxin.domains.risk import api as risk
from anxin.domains.risk.contracts import (
    AlreadyTaken,
    AssessmentMissing,
    AttemptsMissing,
    ContactChannel,
    ContactOutcome,
    Ending,
    Findings,
    Level,
    NotCompetent,
    ReasonMissing,
    SecondPersonNeeded,
    TwinMismatch,
    WarningNotFound,
)
from anxin.domains.risk.models import ContactAttempt, RiskAssessment, Warning, WarningEntry
from anxin.flows import (
    acknowledge_warning,
    assess_warning,
    contact_person,
    end_warning,
    merge_warnings,
    request_contact,
)
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted
from anxin.kernel.transitions import MoveNotAllowed
from anxin.kernel.unit_of_work import unit_of_work
from tests.requirements_marker import requirement

SYSTEM = Actor.system("test")
CALM = Findings(ideation="no", plan="no", means="no", intent="no", protective="yes")


def stored(warning) -> Warning:
    with unit_of_work(SYSTEM):
        return Warning.objects.get(uid=warning.uid)


def rows(model) -> int:
    with unit_of_work(SYSTEM):
        return model.objects.count()


@pytest.fixture
def zhao(city):
    return city.actor("zhao-ning")


@pytest.fixture
def sun(city):
    return city.actor("sun-lan")


@pytest.fixture
def taken(warning, zhao):
    return acknowledge_warning.acknowledge(actor=zhao, warning_uid=warning.uid)


@pytest.fixture
def reached(taken, zhao):
    contact_person.log_contact(
        actor=zhao,
        warning_uid=taken.uid,
        channel=ContactChannel.PHONE,
        outcome=ContactOutcome.REACHED,
        note="本人接听",
    )
    return stored(taken)


@pytest.fixture
def assessed(reached, zhao):
    assess_warning.assess(
        actor=zhao, warning_uid=reached.uid, level=Level.L1, findings=CALM, summary="当面评估，目前没有打算"
    )
    return stored(reached)


@requirement("R-060")
def test_from_the_call_to_the_signed_end(assessed, zhao, sun) -> None:
    proposed = end_warning.propose(
        actor=zhao, warning_uid=assessed.uid, ending=Ending.FALSE_POSITIVE, reason="误选，已核实"
    )
    assert proposed.state == "false_positive"
    assert proposed.deadline.stage == "sign"
    assert proposed.deadline.owner.staff.name == "孙岚", "the signature is asked of somebody else"
    closed = end_warning.sign(actor=sun, warning_uid=assessed.uid, reason="同意")
    assert closed.state == "closed"
    assert closed.deadline_id is None
    assert closed.proposed_by_id != closed.signed_by_id


def test_the_second_of_two_rivals_is_told_who_was_faster(taken, zhao) -> None:
    with pytest.raises(AlreadyTaken) as refusal:
        acknowledge_warning.acknowledge(actor=zhao, warning_uid=taken.uid)
    assert refusal.value.params == {"holder": "赵宁", "at": "10:00"}
    joined = acknowledge_warning.join(actor=zhao, warning_uid=taken.uid)
    assert joined.holder_id == taken.holder_id


@pytest.mark.parametrize("code", ["chen-mo", "sun-lan", "bai-lu", "zhou-xing"])
def test_nobody_out_of_reach_can_take_it_over(warning, city, code: str) -> None:
    before = rows(WarningEntry)
    with pytest.raises((WarningNotFound, NotPermitted)):
        acknowledge_warning.acknowledge(actor=city.actor(code), warning_uid=warning.uid)
    assert stored(warning).state == "new"
    assert rows(WarningEntry) == before


def test_nothing_can_be_logged_before_somebody_took_it_over(warning, zhao) -> None:
    with pytest.raises(MoveNotAllowed):
        contact_person.log_contact(
            actor=zhao,
            warning_uid=warning.uid,
            channel=ContactChannel.PHONE,
            outcome=ContactOutcome.REACHED,
        )
    assert rows(ContactAttempt) == 0


def test_an_attempt_that_fails_lets_the_contact_clock_run(taken, zhao) -> None:
    before = stored(taken).deadline_id
    contact_person.log_contact(
        actor=zhao,
        warning_uid=taken.uid,
        channel=ContactChannel.PHONE,
        outcome=ContactOutcome.NO_ANSWER,
    )
    assert stored(taken).deadline_id == before
    assert stored(taken).state == "acknowledged"


def test_an_assessment_needs_words_and_leaves_a_high_level_high(reached, zhao) -> None:
    with pytest.raises(ReasonMissing) as refusal:
        assess_warning.assess(actor=zhao, warning_uid=reached.uid, level=Level.L1, findings=CALM, summary=" ")
    assert refusal.value.field == "summary"
    assert rows(RiskAssessment) == 0
    assess_warning.assess(actor=zhao, warning_uid=reached.uid, level=Level.L0, findings=CALM, summary="平稳")
    after = stored(reached)
    assert (after.confirmed_level, after.level) == (Level.L0, Level.L3)


def test_without_crisis_training_nobody_confirms_a_high_level(reached, zhao, city) -> None:
    from anxin.domains.workforce.models import Credential

    Credential.objects.filter(staff=city.staff["zhao-ning"], kind="crisis_training").update(
        valid_until="2026-11-23"
    )
    with pytest.raises(NotCompetent):
        assess_warning.assess(
            actor=zhao, warning_uid=reached.uid, level=Level.L1, findings=CALM, summary="评估"
        )
    assert rows(RiskAssessment) == 0
    assert stored(reached).state == "contacted"


def test_a_high_warning_does_not_end_unassessed(reached, zhao) -> None:
    with pytest.raises(AssessmentMissing):
        end_warning.propose(actor=zhao, warning_uid=reached.uid, ending=Ending.FALSE_POSITIVE, reason="误选")
    assert stored(reached).state == "contacted"


def test_an_ending_needs_its_reason(assessed, zhao) -> None:
    with pytest.raises(ReasonMissing):
        end_warning.propose(actor=zhao, warning_uid=assessed.uid, ending=Ending.WATCH, reason="")
    assert stored(assessed).proposed_ending == ""


def test_nobody_signs_their_own_proposal(assessed, zhao) -> None:
    end_warning.propose(actor=zhao, warning_uid=assessed.uid, ending=Ending.WATCH, reason="继续关注")
    with pytest.raises(SecondPersonNeeded):
        end_warning.sign(actor=zhao, warning_uid=assessed.uid)
    assert stored(assessed).signed_by_id is None


def test_a_signer_who_read_an_older_version_is_told(assessed, zhao, sun) -> None:
    from anxin.kernel.errors import Conflict

    end_warning.propose(actor=zhao, warning_uid=assessed.uid, ending=Ending.WATCH, reason="继续关注")
    version = stored(assessed).row_version
    with pytest.raises(Conflict):
        end_warning.sign(actor=sun, warning_uid=assessed.uid, seen_version=version - 1)
    end_warning.sign(actor=sun, warning_uid=assessed.uid, seen_version=version)


def test_declining_needs_a_reason_and_brings_it_back_to_the_holder(assessed, zhao, sun) -> None:
    end_warning.propose(actor=zhao, warning_uid=assessed.uid, ending=Ending.FALSE_POSITIVE, reason="误选")
    with pytest.raises(ReasonMissing):
        end_warning.decline(actor=sun, warning_uid=assessed.uid, reason="")
    back = end_warning.decline(actor=sun, warning_uid=assessed.uid, reason="请再当面看一次")
    assert back.state == "assessed"
    assert back.deadline.stage == "decide"
    assert back.deadline.owner.staff.name == "赵宁"
    assert back.proposed_ending == ""


def test_a_watch_goes_on_to_its_review_and_ends_with_two_more_signatures(assessed, zhao, sun) -> None:
    end_warning.propose(actor=zhao, warning_uid=assessed.uid, ending=Ending.WATCH, reason="继续关注")
    watching = end_warning.sign(actor=sun, warning_uid=assessed.uid)
    assert (watching.state, watching.deadline.stage) == ("watch", "review")
    over = end_warning.propose(
        actor=zhao, warning_uid=assessed.uid, ending=Ending.WATCH_OVER, reason="两周平稳"
    )
    assert over.state == "watch"
    assert end_warning.sign(actor=sun, warning_uid=assessed.uid).state == "closed"


def test_not_reachable_is_guarded(taken, zhao, sun) -> None:
    assess_warning.assess(
        actor=zhao,
        warning_uid=taken.uid,
        level=Level.L3,
        findings=Findings(),
        summary="联系不上，按已有信息评估",
    )

    def attempt(channel: ContactChannel) -> None:
        contact_person.log_contact(
            actor=zhao, warning_uid=taken.uid, channel=channel, outcome=ContactOutcome.NO_ANSWER
        )

    for channel in (ContactChannel.PHONE, ContactChannel.PHONE, ContactChannel.SMS):
        attempt(channel)
        with pytest.raises(AttemptsMissing):
            end_warning.propose(
                actor=zhao, warning_uid=taken.uid, ending=Ending.NOT_REACHABLE, reason="联系不上"
            )
    attempt(ContactChannel.VISIT)
    end_warning.propose(actor=zhao, warning_uid=taken.uid, ending=Ending.NOT_REACHABLE, reason="联系不上")
    assert end_warning.sign(actor=sun, warning_uid=taken.uid).state == "closed"


def test_a_low_warning_ends_with_one_person(city, zhao, journey) -> None:
    from anxin.flows import evaluate_sitting

    way = journey()
    way.answer([2, 2, 2, 2, 2, 0, 0, 0, 0])
    way.submit()
    warning = evaluate_sitting.evaluate_sitting(sitting_uid=way.uid)
    assert warning.level == Level.L1
    acknowledge_warning.acknowledge(actor=zhao, warning_uid=warning.uid)
    closed = end_warning.propose(
        actor=zhao, warning_uid=warning.uid, ending=Ending.FALSE_POSITIVE, reason="已沟通"
    )
    assert closed.state == "closed"


def test_looking_at_a_warning_is_recorded_with_the_person(warning, zhao, city) -> None:
    with unit_of_work(zhao):
        risk.access_warning(actor=zhao, uid=warning.uid)
    event = AuditEvent.objects.get(event="risk:warning:viewed")
    assert event.actor_label == "赵宁"
    assert event.person_uid == city.residents["li-qing"].uid


@pytest.fixture
def twin(city):
    return request_contact.request_contact(
        actor=Actor.anonymous(),
        area_uid=city.units["LIUAN"].uid,
        phone="13800000001",
        is_safe_now="no",
    )


def test_a_twin_is_merged_and_the_higher_level_stays(warning, twin, zhao) -> None:
    assert twin.uid != warning.uid
    with unit_of_work(zhao):
        merged = merge_warnings.merge(
            actor=zhao, warning_uid=twin.uid, into_uid=warning.uid, reason="同一个人"
        )
    assert merged.level == Level.L4
    assert stored(twin).state == "closed"
    assert stored(twin).merged_into_id == merged.id
    codes = {reason["code"] for reason in stored(warning).reasons}
    assert {"self_harm_item", "asked_unsafe"} <= codes


def test_strangers_cannot_be_merged(warning, city, zhao) -> None:
    other = request_contact.request_contact(
        actor=Actor.anonymous(),
        area_uid=city.units["LIUAN"].uid,
        phone="13800000009",
        is_safe_now="unsure",
    )
    with pytest.raises(TwinMismatch):
        merge_warnings.merge(actor=zhao, warning_uid=other.uid, into_uid=warning.uid, reason="像")
    assert stored(other).state == "new"
    assert stored(warning).state == "new"


def test_a_second_high_answer_within_three_days_joins_and_later_makes_a_new_one(warning, journey, at) -> None:
    again = journey()
    again.answer([0] * 8 + [1])
    assert again.submit().warning.uid == warning.uid
    at.shift(73 * 3600)
    later = journey()
    later.answer([0] * 8 + [1])
    assert later.submit().warning.uid != warning.uid
