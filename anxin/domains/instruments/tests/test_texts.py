"""Licensed texts: none without its permission, none by one person alone, none after its last day."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from anxin.domains.instruments import api
from anxin.domains.instruments.contracts import (
    BoundText,
    Channel,
    EditReasonMissing,
    LicenceExpired,
    LicenceMissing,
    LicenceRecord,
    NotKeyOnly,
    OwnWork,
    TextIncomplete,
    TextNotFound,
    TextSettled,
    TextStands,
    TextState,
)
from anxin.domains.instruments.models import TextBinding
from anxin.domains.instruments.tests.makers import ADMIN, AUTHOR, LICENCE, SECOND, THIRD, recorded, words_for
from anxin.kernel import clock
from anxin.kernel.errors import AnxinError, NotPermitted
from anxin.kernel.unit_of_work import unit_of_work
from tests.requirements_marker import requirement
from tests.small_city import SYSTEM, SmallCity

ZH = "zh-Hans"


def activate(city: SmallCity, text: TextBinding, by: str = SECOND) -> TextBinding:
    actor = city.actor(by)
    with unit_of_work(actor):
        return api.activate_text(actor=actor, uid=text.uid)


def offered(instrument: str = "sds") -> bool:
    with unit_of_work(SYSTEM):
        listed = api.list_instruments(channel=Channel.STAFF, language=ZH)
        found = api.published_version(instrument)
    assert found.shows_in(ZH, Channel.STAFF) == (instrument in {one.id for one in listed})
    return instrument in {one.id for one in listed}


@requirement("R-067")
def test_a_text_is_shown_once_another_has_seen_its_permission_and_until_its_last_day(
    city: SmallCity, at: Any
) -> None:
    text = recorded(city)
    assert not offered()
    assert activate(city, text).state == TextState.ACTIVE
    assert offered()
    with unit_of_work(SYSTEM):
        form, key = api.published_version("sds"), api.published_version("sds", "1.0.0")
    assert form.items[4].text[ZH] == "占位题目 5"
    assert [option.text[ZH] for option in form.items[19].options] == ["选项 1", "选项 2", "选项 3", "选项 4"]
    assert (form.key_hash, key.languages) == (api.published_version("sds", "1.0.0").key_hash, (ZH,))
    at.move_to(datetime(2026, 12, 31, 23, 59, 59, tzinfo=clock.LOCAL))
    assert offered()
    at.move_to(datetime(2027, 1, 1, tzinfo=clock.LOCAL))
    assert not offered()
    with unit_of_work(SYSTEM):
        assert api.score(api.published_version("sds"), [2] * 20).total is not None


@requirement("R-067")
@pytest.mark.parametrize(
    "lacking",
    [
        {"holder": ""},
        {"number": "  "},
        {"scope": ""},
        {"expires_on": None},
        {"evidence_sha256": ""},
        {"evidence_sha256": "not a fingerprint"},
    ],
)
def test_without_a_whole_permission_it_is_not_activated(city: SmallCity, lacking: dict[str, Any]) -> None:
    text = recorded(city, licence=replace(LICENCE, **lacking))
    with pytest.raises(LicenceMissing):
        activate(city, text)
    assert TextBinding.objects.get().state == TextState.RECORDED
    assert not offered()


def test_an_expired_permission_activates_nothing(city: SmallCity) -> None:
    text = recorded(city, licence=replace(LICENCE, expires_on=date(2026, 11, 23)))
    with pytest.raises(LicenceExpired):
        activate(city, text)
    assert (
        activate(city, recorded(city, licence=replace(LICENCE, expires_on=date(2026, 11, 24)))).state
        == "active"
    )


@pytest.mark.parametrize(
    ("by", "error"),
    [(AUTHOR, OwnWork), (ADMIN, TextNotFound), ("zhao-ning", TextNotFound), ("sun-lan", TextNotFound)],
)
def test_who_recorded_it_and_who_has_no_part_in_it_do_not_activate_it(
    city: SmallCity, by: str, error: type[AnxinError]
) -> None:
    text = recorded(city)
    with pytest.raises(error):
        activate(city, text, by)
    assert TextBinding.objects.get().state == TextState.RECORDED
    actor = city.actor("zhao-ning")
    with unit_of_work(actor):
        assert not api.texts_queryset(actor=actor).exists()


def test_a_text_that_does_not_fit_is_refused_gap_by_gap(city: SmallCity) -> None:
    actor, whole = city.actor(AUTHOR), words_for("sds")
    text = BoundText(
        questions={**whole.questions, "3": " ", "21": "多出的题"},
        options={"*": whole.options["*"], "7": ("甲", "乙"), "8": ("甲", "", "丙", "丁")},
    )
    with pytest.raises(TextIncomplete) as refusal, unit_of_work(actor):
        api.record_text(actor=actor, instrument="sds", language=ZH, text=text, licence=LICENCE)
    assert refusal.value.faults == (
        "question 3 has no words",
        "question 7 has 4 options and words for 2",
        "an option of question 8 has no words",
        "there is no question 21",
    )
    assert not TextBinding.objects.exists()


def test_only_a_bare_key_takes_a_licensed_text(city: SmallCity) -> None:
    with pytest.raises(NotKeyOnly):
        recorded(city, "phq-9")
    with pytest.raises(NotPermitted), unit_of_work(city.actor(ADMIN)):
        api.record_text(
            actor=city.actor(ADMIN),
            instrument="sds",
            language=ZH,
            text=words_for("sds"),
            licence=LicenceRecord(),
        )


def test_a_text_in_force_is_ended_before_another_takes_its_place(city: SmallCity) -> None:
    first = activate(city, recorded(city))
    second = recorded(city)
    with pytest.raises(TextStands):
        activate(city, second)
    actor = city.actor(THIRD)
    with pytest.raises(EditReasonMissing), unit_of_work(actor):
        api.end_text(actor=actor, uid=first.uid, reason=" ")
    with unit_of_work(actor):
        api.end_text(actor=actor, uid=first.uid, reason="新译本")
    assert not offered()
    activate(city, second)
    assert offered()
    with pytest.raises(TextSettled):
        activate(city, first)
    with pytest.raises(TextSettled), unit_of_work(actor):
        api.end_text(actor=actor, uid=first.uid, reason="再来一次")


def test_an_expired_text_makes_room_by_itself(city: SmallCity, at: Any) -> None:
    first = activate(city, recorded(city))
    at.move_to(datetime(2027, 3, 1, 9, tzinfo=clock.LOCAL))
    second = recorded(city, licence=replace(LICENCE, expires_on=date(2027, 12, 31)))
    activate(city, second)
    assert [one.state for one in TextBinding.objects.order_by("id")] == ["ended", "active"]
    assert TextBinding.objects.get(uid=first.uid).ended_by is None
