"""Bugs that another system's users met; each shown not to be possible here."""

from datetime import timedelta
from typing import Any

import time_machine

from anxin.domains.deadlines import api as deadlines
from anxin.domains.referrals import api
from anxin.domains.referrals.contracts import ConsentScope, Disposition, Evidence, Feedback, Part
from anxin.domains.referrals.models import Referral
from anxin.domains.referrals.tests.factories import A_CALL, ALL, SYSTEM, Town, a_wish, sent
from anxin.domains.workforce.contracts import Tier
from anxin.flows import answer_referral, refer, work_on_case
from anxin.flows.escalate_overdue import escalate_overdue
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work
from tests.requirements_marker import requirement

ONWARD = ConsentScope(ALL, allows_onward=True, how="同意再转。")
LONG = timedelta(days=3650)


def listed(actor: Actor) -> list[str]:
    """What stands in somebody's list."""
    with unit_of_work(actor):
        return [one.uid for one in api.referrals_queryset(actor=actor)]


def opened(actor: Actor, uid: str) -> tuple[Referral, frozenset[Part], list[Any]]:
    """The referral as somebody is shown it."""
    with unit_of_work(actor):
        found = api.access_referral(actor=actor, uid=uid)
        return found, api.parts_of(actor, found), api.evidence_of(actor=actor, referral=found)


@requirement("R-082")
def test_sormas_8113_an_accepted_referral_is_visible_to_its_new_owner(town: Town) -> None:
    """There, an accepted case kept the old responsible district and the new owner never saw it."""
    doctor = town.actor(
        "luo-yi"
    )  # of another branch of the tree: neither the person nor the case is theirs to see
    referral = sent(town, "HOSP", tier=Tier.PSYCHIATRIST)
    answer_referral.accept(actor=doctor, uid=referral.uid)
    assert listed(doctor) == [referral.uid]
    found, parts, evidence = opened(doctor, referral.uid)
    assert parts == set(Part)
    assert (found.contact_name, bool(evidence)) == ("李晴", True)
    assert found.deadline is not None
    assert found.deadline.owner.staff_id == doctor.staff_id


@requirement("R-082")
def test_sormas_2430_a_person_treated_elsewhere_stays_with_the_home_team(town: Town) -> None:
    """There, somebody treated outside the district vanished from the list of the home team."""
    home, doctor = town.actor("zhao-ning"), town.actor("luo-yi")
    referral = sent(town, "HOSP", tier=Tier.PSYCHIATRIST)
    answer_referral.accept(actor=doctor, uid=referral.uid)
    answer_referral.attend(actor=doctor, uid=referral.uid)
    answer_referral.feed_back(
        actor=doctor, uid=referral.uid, feedback=Feedback(Disposition.CONTINUES_HERE, "在院继续治疗。")
    )
    assert listed(home) == [referral.uid]
    found, parts, _ = opened(home, referral.uid)
    assert {Part.STATUS, Part.FEEDBACK} <= parts
    assert found.to_unit == town.unit("HOSP")
    with unit_of_work(home):
        assert [one.uid for one in api.referrals_of_case(actor=home, case_id=town.case.id)] == [referral.uid]


@requirement("R-082")
def test_sormas_6684_the_evidence_travels_and_stays_as_it_was(town: Town) -> None:
    """There, samples and results stayed behind when a case was passed on."""
    doctor = town.actor("luo-yi")
    referral = sent(town, "HOSP", tier=Tier.PSYCHIATRIST)
    answer_referral.accept(actor=doctor, uid=referral.uid)
    _, _, evidence = opened(doctor, referral.uid)
    before = [(one.kind, one.body) for one in evidence]
    assert Evidence.CONTACTS in {Evidence(kind) for kind, _ in before}
    work_on_case.add_entry(actor=town.actor("zhao-ning"), case_uid=town.case.uid, entry=A_CALL)
    _, _, evidence = opened(doctor, referral.uid)
    assert [(one.kind, one.body) for one in evidence] == before


@requirement("R-082")
def test_sormas_3948_a_person_passed_on_twice_and_referred_again_counts_once(town: Town) -> None:
    """There, a case reported by the wrong district was counted in both."""
    first = sent(town, scope=ONWARD)
    answer_referral.redirect(
        actor=town.actor("jiang-tong"), uid=first.uid, to_unit_uid=town.unit("HOSP").uid, reason="需要医院。"
    )
    refer.withdraw(actor=town.actor("zhao-ning"), uid=first.uid, reason="本人改变主意。")
    again = refer.draft(
        actor=town.actor("zhao-ning"),
        wish=a_wish(town.unit("QC"), previous_uid=first.uid),
        case_uid=town.case.uid,
    )
    refer.record_consent(actor=town.actor("zhao-ning"), uid=again.uid, scope=ONWARD)
    refer.send(actor=town.actor("zhao-ning"), uid=again.uid)
    assert again.chain_uid == first.chain_uid
    city = town.unit("C").path
    with unit_of_work(SYSTEM):
        counts = api.closed_loop(
            actor=SYSTEM, node_paths=[city], since=clock.now() - LONG, until=clock.now() + LONG
        )
    assert sum(one.sent for one in counts) == 1


@requirement("R-082")
def test_silence_gives_it_back_to_the_senders_clock_and_then_climbs(
    town: Town, traveller: time_machine.Traveller
) -> None:
    referral = sent(town)
    with unit_of_work(SYSTEM):
        running = Referral.objects.select_related("deadline").get(uid=referral.uid).deadline
        assert running is not None
    assert running.owner.staff_id == town.city.staff["jiang-tong"].id
    due = running.due_at
    traveller.move_to(due + timedelta(seconds=1))
    # Whether or not anybody sweeps: the owner follows from the clock.
    assert deadlines.standing_of(running, clock.now()).rung.holder == "赵宁"
    escalate_overdue()
    with unit_of_work(SYSTEM):
        found = Referral.objects.select_related("deadline__owner").get(uid=referral.uid)
    assert found.timed_out_at == clock.now()
    assert found.deadline is not None
    assert found.deadline.owner.staff_id == town.city.staff["zhao-ning"].id
    traveller.move_to(due + timedelta(days=20))
    escalate_overdue()
    with unit_of_work(SYSTEM):
        found = Referral.objects.select_related("deadline__owner_unit").get(uid=referral.uid)
        assert found.deadline is not None
        assert found.deadline.owner_unit.kind in {"county_centre", "city_centre", "hotline"}


def test_an_appointment_does_not_put_off_when_the_person_has_to_be_seen(town: Town) -> None:
    referral = sent(town)
    receiver = town.actor("jiang-tong")
    accepted = answer_referral.accept(actor=receiver, uid=referral.uid)
    assert accepted.deadline is not None
    due = accepted.deadline.due_at
    scheduled = answer_referral.schedule(
        actor=receiver, uid=referral.uid, at=clock.now() + timedelta(days=30)
    )
    assert scheduled.deadline is not None
    assert scheduled.deadline.due_at == due
