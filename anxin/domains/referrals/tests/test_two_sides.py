"""Each side sees exactly what it may, whatever the state; nobody else sees anything."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from anxin.domains.cases.models import Case
from anxin.domains.referrals import api
from anxin.domains.referrals.contracts import (
    ConsentNeeded,
    ConsentScope,
    DestinationMissing,
    DiagnosisNotAgreed,
    Disposition,
    Feedback,
    LegalBasis,
    NobodyReceives,
    NoEmergency,
    Part,
    ReferralNotFound,
    StepSkipped,
    TierTooLow,
    Urgency,
)
from anxin.domains.referrals.models import Referral, ReferralEvidence
from anxin.domains.referrals.tests.factories import AGREED, ALL, SYSTEM, Town, a_wish, sent
from anxin.domains.residents.models import ActWithoutConsent
from anxin.domains.workforce.contracts import ActReserved, Tier
from anxin.flows import answer_referral, refer
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted
from anxin.kernel.transitions import MoveNotAllowed
from anxin.kernel.unit_of_work import unit_of_work
from tests.requirements_marker import requirement

Written = Callable[[], list[Any]]
DAY = timedelta(days=1)
ADVICE = Feedback(Disposition.BACK_TO_STATION, "规律作息，两周后复评。")


def seen(actor: Actor, uid: str) -> frozenset[Part]:
    """The parts somebody is shown; nothing where the referral is not there for them."""
    with unit_of_work(actor):
        try:
            referral = api.access_referral(actor=actor, uid=uid)
        except ReferralNotFound:
            assert list(api.referrals_queryset(actor=actor).filter(uid=uid)) == []
            return frozenset()
        assert bool(api.evidence_of(actor=actor, referral=referral)) is (
            Part.EVIDENCE in api.parts_of(actor, referral)
        )
        return api.parts_of(actor, referral)


@requirement("R-082")
def test_the_receiver_decides_on_a_preview_and_sees_the_evidence_once_it_accepted(town: Town) -> None:
    referral = sent(town)
    receiver, sender = town.actor("jiang-tong"), town.actor("zhao-ning")
    assert seen(receiver, referral.uid) == {Part.STATUS, Part.PREVIEW}
    assert seen(sender, referral.uid) == {Part.STATUS, Part.PREVIEW, Part.EVIDENCE}
    answer_referral.accept(actor=receiver, uid=referral.uid)
    assert seen(receiver, referral.uid) == set(Part)
    assert seen(sender, referral.uid) == {Part.STATUS, Part.PREVIEW, Part.EVIDENCE}


@requirement("R-082")
def test_nobody_else_sees_a_referral_in_any_state(town: Town) -> None:
    referral = sent(town)
    strangers = [
        town.actor(code) for code in ("chen-mo", "gu-yan", "ye-qiu", "luo-yi", "zhou-xing", "fang-zheng")
    ]
    assert [seen(one, referral.uid) for one in strangers] == [frozenset()] * len(strangers)
    answer_referral.accept(actor=town.actor("jiang-tong"), uid=referral.uid)
    assert [seen(one, referral.uid) for one in strangers] == [frozenset()] * len(strangers)


def test_whoever_answers_for_both_units_decides_on_the_preview_as_well(town: Town) -> None:
    referral = sent(town)
    above_both = town.actor("sun-lan")
    assert seen(above_both, referral.uid) == {Part.STATUS, Part.PREVIEW}
    answer_referral.accept(actor=town.actor("jiang-tong"), uid=referral.uid)
    assert Part.EVIDENCE in seen(above_both, referral.uid)


def test_a_draft_is_the_senders_alone_in_both_walls(town: Town) -> None:
    sender, receiver = town.actor("zhao-ning"), town.actor("luo-yi")
    draft = refer.draft(
        actor=sender, wish=a_wish(town.unit("HOSP"), tier=Tier.PSYCHIATRIST), case_uid=town.case.uid
    )
    assert seen(receiver, draft.uid) == frozenset()
    with unit_of_work(receiver):
        assert not Referral.objects.filter(uid=draft.uid).exists()
        assert not ReferralEvidence.objects.exists()
    refer.record_consent(actor=sender, uid=draft.uid, scope=AGREED)
    refer.send(actor=sender, uid=draft.uid)
    with unit_of_work(receiver):
        assert Referral.objects.filter(uid=draft.uid).exists()
        assert not ReferralEvidence.objects.exists()  # the inner wall too waits for the yes


def test_whoever_turned_it_away_sees_it_no_more_and_the_sender_learns_where_to(town: Town) -> None:
    referral = sent(town)
    receiver, sender = town.actor("jiang-tong"), town.actor("zhao-ning")
    answer_referral.reject(
        actor=receiver, uid=referral.uid, to_unit_uid=town.unit("HOSP").uid, reason="需要医院评估。"
    )
    assert seen(receiver, referral.uid) == frozenset()
    with unit_of_work(sender):
        back = api.access_referral(actor=sender, uid=referral.uid)
        assert back.proposed_unit == town.unit("HOSP")
        assert back.deadline is not None
        assert back.deadline.owner.staff_id == town.city.staff["zhao-ning"].id


def test_a_no_without_a_destination_is_refused_and_changes_nothing(town: Town, written: Written) -> None:
    referral = sent(town)
    before = written()
    with pytest.raises(DestinationMissing):
        answer_referral.reject(
            actor=town.actor("jiang-tong"), uid=referral.uid, to_unit_uid="", reason="不合适。"
        )
    assert written() == before


def test_a_redirection_goes_on_at_once_only_as_far_as_the_consent_reaches(town: Town) -> None:
    receiver, next_one = town.actor("jiang-tong"), town.actor("luo-yi")
    hospital = town.unit("HOSP")
    narrow = sent(town)
    answer_referral.redirect(
        actor=receiver, uid=narrow.uid, to_unit_uid=hospital.uid, reason="需要医院评估。"
    )
    assert seen(next_one, narrow.uid) == frozenset()
    with pytest.raises(ConsentNeeded):
        refer.send_on(
            actor=town.actor("zhao-ning"), uid=narrow.uid, to_unit_uid=hospital.uid, reason="按建议改转。"
        )
    refer.widen_consent(actor=town.actor("zhao-ning"), uid=narrow.uid, how="电话里同意。")
    refer.send_on(
        actor=town.actor("zhao-ning"), uid=narrow.uid, to_unit_uid=hospital.uid, reason="按建议改转。"
    )
    assert seen(next_one, narrow.uid) == {Part.STATUS, Part.PREVIEW}
    refer.withdraw(actor=town.actor("zhao-ning"), uid=narrow.uid, reason="重新开一份。")
    wide = sent(town, scope=ConsentScope(ALL, allows_onward=True, how="同意再转。"))
    answer_referral.redirect(actor=receiver, uid=wide.uid, to_unit_uid=hospital.uid, reason="需要医院评估。")
    assert seen(receiver, wide.uid) == frozenset()
    assert seen(next_one, wide.uid) == {Part.STATUS, Part.PREVIEW}


def test_evidence_the_person_did_not_agree_to_does_not_travel(town: Town) -> None:
    referral = sent(town, scope=ConsentScope(frozenset(), how="只同意说明情况。"))
    answer_referral.accept(actor=town.actor("jiang-tong"), uid=referral.uid)
    with unit_of_work(SYSTEM):
        assert not ReferralEvidence.objects.filter(referral=referral).exists()


def test_feedback_says_no_diagnosis_unless_the_person_agreed(town: Town, written: Written) -> None:
    doctor = town.actor("luo-yi")
    with_name = Feedback(Disposition.CONTINUES_HERE, "继续来院。", diagnosis="某诊断", medication="某药")
    referral = sent(town, "HOSP", tier=Tier.PSYCHIATRIST)
    answer_referral.accept(actor=doctor, uid=referral.uid)
    answer_referral.attend(actor=doctor, uid=referral.uid)
    before = written()
    with pytest.raises(DiagnosisNotAgreed):
        answer_referral.feed_back(actor=doctor, uid=referral.uid, feedback=with_name)
    assert written() == before
    answer_referral.feed_back(actor=doctor, uid=referral.uid, feedback=ADVICE)
    with unit_of_work(town.actor("zhao-ning")):
        back = api.access_referral(actor=town.actor("zhao-ning"), uid=referral.uid)
        assert (back.advice, back.diagnosis, back.medication) == (ADVICE.advice, "", "")


def test_a_diagnosis_travels_back_by_consent_and_by_a_psychiatrist_of_a_hospital_only(town: Town) -> None:
    agreed = ConsentScope(ALL, allows_diagnosis=True, how="同意告知驿站。")
    with_name = Feedback(Disposition.CONTINUES_HERE, "继续来院。", diagnosis="某诊断")
    therapist = town.actor("jiang-tong")
    first = sent(town, scope=agreed)
    answer_referral.accept(actor=therapist, uid=first.uid)
    answer_referral.attend(actor=therapist, uid=first.uid)
    with pytest.raises(ActReserved):
        answer_referral.feed_back(actor=therapist, uid=first.uid, feedback=with_name)
    doctor = town.actor("luo-yi")
    second = sent(town, "HOSP", scope=agreed, tier=Tier.PSYCHIATRIST)
    answer_referral.accept(actor=doctor, uid=second.uid)
    answer_referral.attend(actor=doctor, uid=second.uid)
    answer_referral.feed_back(actor=doctor, uid=second.uid, feedback=with_name)
    with unit_of_work(town.actor("zhao-ning")):
        assert api.access_referral(actor=town.actor("zhao-ning"), uid=second.uid).diagnosis == "某诊断"


def test_inner_notes_of_one_side_stay_there(town: Town) -> None:
    referral = sent(town)
    receiver, sender = town.actor("jiang-tong"), town.actor("zhao-ning")
    answer_referral.accept(actor=receiver, uid=referral.uid)
    answer_referral.write_note(actor=receiver, uid=referral.uid, note="首次会谈前先与家人通话。")
    for actor, count in ((receiver, 1), (sender, 0)):
        with unit_of_work(actor):
            lines = api.timeline_of(actor=actor, referral=api.access_referral(actor=actor, uid=referral.uid))
            assert sum(one.is_internal for one in lines) == count


@requirement("R-083")
def test_up_asks_for_a_higher_tier_and_only_a_high_risk_skips_one(town: Town, written: Written) -> None:
    actor = town.actor("zhao-ning")
    before = written()
    with pytest.raises(TierTooLow):
        refer.draft(actor=actor, wish=a_wish(town.unit("QC"), tier=Tier.COUNSELLOR), case_uid=town.case.uid)
    with unit_of_work(SYSTEM):
        Case.objects.filter(id=town.case.id).update(level=2)
    with pytest.raises(StepSkipped):
        refer.draft(
            actor=actor, wish=a_wish(town.unit("HOSP"), tier=Tier.PSYCHIATRIST), case_uid=town.case.uid
        )
    assert written() == before


def test_nothing_is_sent_where_nobody_could_answer(town: Town, written: Written) -> None:
    actor, before = town.actor("zhao-ning"), written()
    with pytest.raises(NobodyReceives):  # a tutor answers no referral
        refer.draft(actor=actor, wish=a_wish(town.unit("BEIMEN"), tier=Tier.TUTOR), case_uid=town.case.uid)
    assert written() == before


@requirement("R-082")
def test_nothing_closes_without_feedback_or_a_loss_written_down(town: Town, written: Written) -> None:
    referral = sent(town)
    receiver, sender = town.actor("jiang-tong"), town.actor("zhao-ning")
    answer_referral.accept(actor=receiver, uid=referral.uid)
    before = written()
    for act in (
        lambda: refer.close(actor=sender, uid=referral.uid, note=""),
        lambda: refer.withdraw(actor=sender, uid=referral.uid, reason="不需要了"),
        lambda: refer.follow_up(actor=sender, uid=referral.uid, note="已联系"),
    ):
        with pytest.raises(MoveNotAllowed):
            act()
    assert written() == before
    answer_referral.schedule(actor=receiver, uid=referral.uid, at=clock.now() + DAY)
    answer_referral.miss(actor=receiver, uid=referral.uid, note="两次电话未接，短信未回。")
    answer_referral.feed_back(
        actor=receiver, uid=referral.uid, feedback=Feedback(Disposition.NOT_SEEN, "未到访，请驿站上门。")
    )
    refer.close(actor=sender, uid=referral.uid, note="知悉，由驿站上门。")
    with unit_of_work(SYSTEM):
        assert Referral.objects.get(uid=referral.uid).state == "closed"


def test_an_emergency_goes_without_consent_and_the_person_is_told(town: Town) -> None:
    actor = town.actor("zhao-ning")
    wish = a_wish(
        town.unit("HOSP"),
        tier=Tier.PSYCHIATRIST,
        urgency=Urgency.EMERGENCY,
        legal_basis=LegalBasis.EMERGENCY,
    )
    draft = refer.draft(actor=actor, wish=wish, case_uid=town.case.uid)
    refer.send(actor=actor, uid=draft.uid)
    with unit_of_work(SYSTEM):
        act = ActWithoutConsent.objects.get()
        assert act.told_at is not None
        assert act.recipient == town.unit("HOSP").name


def test_without_consent_nothing_else_is_sent(town: Town, written: Written) -> None:
    actor = town.actor("zhao-ning")
    with pytest.raises(NoEmergency):
        refer.draft(
            actor=actor,
            wish=a_wish(town.unit("QC"), legal_basis=LegalBasis.EMERGENCY),
            case_uid=town.case.uid,
        )
    draft = refer.draft(actor=actor, wish=a_wish(town.unit("QC")), case_uid=town.case.uid)
    before = written()
    with pytest.raises(ConsentNeeded):
        refer.send(actor=actor, uid=draft.uid)
    assert written() == before


def test_the_other_side_cannot_do_what_is_not_theirs(town: Town, written: Written) -> None:
    referral = sent(town)
    before = written()
    with pytest.raises(NotPermitted):
        answer_referral.accept(actor=town.actor("zhao-ning"), uid=referral.uid)
    with pytest.raises(NotPermitted):
        refer.withdraw(actor=town.actor("jiang-tong"), uid=referral.uid, reason="不需要了")
    with pytest.raises(ReferralNotFound):
        answer_referral.accept(actor=town.actor("ye-qiu"), uid=referral.uid)
    assert written() == before


def test_the_whole_way_back_to_the_station(town: Town) -> None:
    referral = sent(town)
    receiver, sender = town.actor("jiang-tong"), town.actor("zhao-ning")
    answer_referral.receive(actor=receiver, uid=referral.uid)
    answer_referral.accept(actor=receiver, uid=referral.uid)
    answer_referral.attend(actor=receiver, uid=referral.uid)
    answer_referral.feed_back(actor=receiver, uid=referral.uid, feedback=ADVICE, returns=True)
    taken = refer.take_back(actor=sender, uid=referral.uid, note="")
    assert taken.deadline is not None
    assert (taken.deadline.due_at - taken.deadline.started_at).days == 14
    ended = refer.follow_up(actor=sender, uid=referral.uid, note="已见面，睡眠好转。")
    assert ended.state == "closed"
    assert seen(receiver, referral.uid) >= {Part.EVIDENCE}
