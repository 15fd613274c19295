"""A version made here: every step of its way, every refusal, and that a refusal changes nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from anxin.domains.audit.models import AuditEvent
from anxin.domains.instruments import api
from anxin.domains.instruments.contracts import (
    AlreadyPublished,
    Channel,
    DefinitionFaulty,
    EditReasonMissing,
    InstrumentNameFixed,
    InstrumentNameRefused,
    InstrumentNameTaken,
    NotReviewed,
    NotTheAuthor,
    OwnWork,
    UnknownInstrument,
    VersionChanged,
    VersionFixed,
    VersionNotFound,
    VersionState,
)
from anxin.domains.instruments.models import InstrumentVersion
from anxin.domains.instruments.tests.makers import (
    ADMIN,
    AUTHOR,
    MANAGER,
    SECOND,
    THIRD,
    approved,
    drafted,
    published,
    saved,
    sent,
    shipped,
)
from anxin.kernel.errors import AnxinError, NotPermitted
from anxin.kernel.transitions import MoveNotAllowed
from anxin.kernel.unit_of_work import unit_of_work
from tests.requirements_marker import requirement
from tests.small_city import SYSTEM, SmallCity

S = VersionState
Verb = Callable[..., object]


def row(version: InstrumentVersion) -> dict[str, Any]:
    return InstrumentVersion.objects.filter(uid=version.uid).values().get()


def refuse(
    city: SmallCity, by: str, error: type[AnxinError], verb: Verb, version: InstrumentVersion, **more: Any
) -> None:
    """``verb`` is refused and leaves the row, its history and the trail as they were."""
    before, lines, trail = row(version), version.entries.count(), AuditEvent.objects.count()
    actor = city.actor(by)
    with pytest.raises(error), unit_of_work(actor):
        verb(actor=actor, uid=version.uid, **more)
    assert row(version) == before
    assert version.entries.count() == lines
    assert AuditEvent.objects.count() == trail


def present(instrument: str = "phq-9") -> str:
    with unit_of_work(SYSTEM):
        return api.published_version(instrument).version


@requirement("R-067")
def test_the_whole_way_from_a_copy_to_being_in_force_and_retired(city: SmallCity) -> None:
    version = drafted(city)
    assert (version.instrument, version.version, version.state) == ("phq-9", "1.0.1000", S.DRAFT)
    assert version.based_on == "phq-9 1.0.0"
    definition = shipped(city.actor(AUTHOR), "phq-9") | {"version": "1.0.1000", "retest_days": 30}
    version = saved(city, version, definition, changes="间隔改为 30 天")
    version = approved(city, sent(city, version))
    assert (version.state, present()) == (S.IN_REVIEW, "1.0.0")
    actor = city.actor(THIRD)
    with unit_of_work(actor):
        api.publish(actor=actor, uid=version.uid)
    assert present() == "1.0.1000"
    with unit_of_work(SYSTEM):
        assert api.published_version("phq-9").retest_days == 30
        listed = api.list_instruments(channel=Channel.PUBLIC, language="zh-Hans")
        assert {one.version for one in listed if one.id == "phq-9"} == {"1.0.1000"}
    with unit_of_work(actor):
        api.retire(actor=actor, uid=version.uid, reason="改用出厂版本")
    assert present() == "1.0.0"
    assert api.published_version("phq-9", "1.0.1000").retest_days == 30
    acts = [one.act for one in version.entries.order_by("id")]
    assert acts == ["drafted", "saved", "sent", "approved", "published", "retired"]
    events = set(AuditEvent.objects.filter(event__startswith="instruments:").values_list("event", flat=True))
    assert events == {
        f"instruments:version:{act}"
        for act in ("drafted", "saved", "sent_to_review", "approved", "published", "retired")
    }


def test_the_next_version_takes_the_place_of_the_one_before(city: SmallCity) -> None:
    first, second = published(city), drafted(city)
    assert second.version == "1.0.1001"
    published(city, second)
    assert present() == "1.0.1001"
    assert row(first)["state"] == S.RETIRED
    assert first.entries.order_by("-id")[0].act == "superseded"


def test_an_older_draft_does_not_replace_a_newer_version(city: SmallCity) -> None:
    older, newer = drafted(city), drafted(city)
    published(city, newer)
    approved(city, sent(city, older))
    refuse(city, THIRD, AlreadyPublished, api.publish, older)
    assert present() == newer.version


@requirement("R-067")
@pytest.mark.parametrize("verb", [api.approve, api.give_back])
def test_the_author_does_not_review(city: SmallCity, verb: Verb) -> None:
    version = sent(city, drafted(city))
    refuse(city, AUTHOR, OwnWork, verb, version, reason="我自己看过了")


@requirement("R-067")
def test_the_author_does_not_publish(city: SmallCity) -> None:
    refuse(city, AUTHOR, OwnWork, api.publish, approved(city, sent(city, drafted(city))))


def test_nothing_is_published_without_a_second_person(city: SmallCity) -> None:
    refuse(city, SECOND, NotReviewed, api.publish, sent(city, drafted(city)))


def test_a_draft_is_neither_approved_nor_published_nor_retired(city: SmallCity) -> None:
    version = drafted(city)
    refuse(city, SECOND, MoveNotAllowed, api.approve, version, reason="好")
    refuse(city, SECOND, MoveNotAllowed, api.publish, version)
    refuse(city, SECOND, MoveNotAllowed, api.retire, version, reason="不用了")
    refuse(city, SECOND, MoveNotAllowed, api.give_back, version, reason="不好")


def test_what_is_given_back_needs_a_reason_and_a_new_review(city: SmallCity) -> None:
    version = approved(city, sent(city, drafted(city)))
    refuse(city, SECOND, EditReasonMissing, api.give_back, version, reason="  ")
    actor = city.actor(SECOND)
    with unit_of_work(actor):
        version = api.give_back(actor=actor, uid=version.uid, reason="第 3 题漏字")
    assert (version.state, version.reviewer, version.entries.order_by("-id")[0].note) == (
        S.DRAFT,
        None,
        "第 3 题漏字",
    )
    refuse(city, SECOND, NotReviewed, api.publish, sent(city, version))


def test_the_author_takes_it_back_and_nobody_else_does(city: SmallCity) -> None:
    version = sent(city, drafted(city))
    refuse(city, SECOND, NotTheAuthor, api.take_back, version, reason="我来改")
    actor = city.actor(AUTHOR)
    with unit_of_work(actor):
        assert api.take_back(actor=actor, uid=version.uid, reason="还要改").state == S.DRAFT


def test_only_the_author_writes_a_draft(city: SmallCity) -> None:
    version = drafted(city)
    refuse(city, SECOND, NotTheAuthor, api.save_draft, version, definition=version.definition)
    refuse(city, SECOND, NotTheAuthor, api.send_to_review, version)


@pytest.mark.parametrize("stage", [sent, approved, published])
def test_what_is_no_draft_any_more_is_not_written(city: SmallCity, stage: Callable[..., Any]) -> None:
    version = drafted(city)
    version = stage(city, version if stage is not approved else sent(city, version))
    refuse(city, AUTHOR, VersionFixed, api.save_draft, version, definition=version.definition)
    refuse(city, AUTHOR, MoveNotAllowed, api.discard_draft, version)


def test_a_page_that_is_behind_does_not_write(city: SmallCity) -> None:
    version = drafted(city)
    saved(city, version, version.definition)
    refuse(
        city, AUTHOR, VersionChanged, api.save_draft, version, definition=version.definition, seen_version=0
    )
    refuse(city, AUTHOR, VersionChanged, api.send_to_review, version, seen_version=0)


def test_a_draft_keeps_its_name_and_number(city: SmallCity) -> None:
    version = drafted(city)
    other = {**version.definition, "version": "1.0.2000"}
    refuse(city, AUTHOR, InstrumentNameFixed, api.save_draft, version, definition=other)


def test_a_discarded_draft_keeps_its_number(city: SmallCity) -> None:
    version, actor = drafted(city), city.actor(AUTHOR)
    with unit_of_work(actor):
        assert api.discard_draft(actor=actor, uid=version.uid).state == S.DISCARDED
    assert drafted(city).version == "1.0.1001"
    with pytest.raises(UnknownInstrument):
        api.published_version("phq-9", version.version)


def test_an_unreadable_definition_is_not_kept_and_a_contradiction_is_kept_but_not_sent(
    city: SmallCity,
) -> None:
    version = drafted(city)
    broken = {**version.definition, "mode": "free"}
    refuse(city, AUTHOR, DefinitionFaulty, api.save_draft, version, definition=broken)
    gap = shipped(city.actor(AUTHOR), "phq-9") | {"version": version.version}
    gap["norm_sets"][0]["bands"][0]["max"] = 3
    version = saved(city, version, gap)
    with pytest.raises(DefinitionFaulty) as refusal:
        sent(city, version)
    assert any("nothing covers 4 up to 5" in fault for fault in refusal.value.faults)
    assert row(version)["state"] == S.DRAFT


def test_a_key_nobody_verified_is_not_sent(city: SmallCity) -> None:
    actor = city.actor(AUTHOR)
    with unit_of_work(actor):
        version = api.draft_instrument(
            actor=actor,
            instrument="sleep-diary",
            title={"zh-Hans": "睡眠问卷", "en": "Sleep"},
            items=3,
            codes=4,
        )
    assert version.version == "1.0.1000"
    assert api.read_definition(version.definition).items[2].codes == (0, 1, 2, 3)
    with pytest.raises(DefinitionFaulty) as refusal:
        sent(city, version)
    assert refusal.value.faults == (
        "provenance/key: the key is not verified, so nobody could be asked with it",
    )


def test_an_own_instrument_is_found_beside_the_shipped_ones(city: SmallCity) -> None:
    version = published(city, drafted(city, "gad-7", name="gad-7-county"))
    assert (version.instrument, version.version) == ("gad-7-county", "1.0.1000")
    with unit_of_work(SYSTEM):
        assert "gad-7-county" in {one.id for one in api.list_instruments()}
    with pytest.raises(UnknownInstrument), unit_of_work(SYSTEM):
        api.published_version("gad-7-county", "1.0.1001")


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("gad-7", InstrumentNameTaken),
        ("mmse", InstrumentNameRefused),
        ("Gad 7", DefinitionFaulty),
        ("a" * 41, DefinitionFaulty),
    ],
)
def test_a_copy_needs_a_free_name(city: SmallCity, name: str, error: type[AnxinError]) -> None:
    with pytest.raises(error):
        drafted(city, "phq-9", name=name)
    assert not InstrumentVersion.objects.exists()


@requirement("R-067")
@pytest.mark.parametrize(
    "code", [ADMIN, MANAGER, "sun-lan", "zhao-ning", "he-jia", "zhou-xing", "fang-zheng"]
)
def test_nobody_but_the_leads_of_the_city_centre_writes(city: SmallCity, code: str) -> None:
    with pytest.raises((NotPermitted, VersionNotFound)):
        drafted(city, by=code)
    version = drafted(city)
    for verb, more in (
        (api.save_draft, {"definition": version.definition}),
        (api.send_to_review, {}),
        (api.approve, {"reason": "好"}),
        (api.give_back, {"reason": "不好"}),
        (api.retire, {"reason": "不用了"}) if code != MANAGER else (api.discard_draft, {}),
    ):
        refuse(city, code, (NotPermitted, VersionNotFound), verb, version, **more)  # type: ignore[arg-type]


def test_the_manager_of_the_centre_puts_into_force_what_two_clinicians_made(city: SmallCity) -> None:
    version, actor = approved(city, sent(city, drafted(city))), city.actor(MANAGER)
    with unit_of_work(actor):
        assert api.publish(actor=actor, uid=version.uid).state == S.PUBLISHED


def test_drafts_are_seen_by_those_who_work_on_them_only(city: SmallCity) -> None:
    draft = drafted(city)
    public = published(city, drafted(city, "gad-7"))
    for code, seen in (
        (SECOND, {draft.uid, public.uid}),
        (MANAGER, {draft.uid, public.uid}),
        ("zhao-ning", {public.uid}),
        ("he-jia", set()),
        (ADMIN, set()),
    ):
        actor = city.actor(code)
        with unit_of_work(actor):
            assert {one.uid for one in api.versions_queryset(actor=actor)} == seen, code
            if draft.uid not in seen:
                with pytest.raises(VersionNotFound):
                    api.version_of(actor=actor, uid=draft.uid)


def test_a_translation_of_our_own_is_the_publics_only_with_its_reviewers_name(city: SmallCity) -> None:
    version = drafted(city, "pcl-5")
    definition = shipped(city.actor(AUTHOR), "pcl-5") | {"version": version.version}
    for question in (*definition["items"], *definition["options"]):
        question["text"]["zh-Hans"] = f"译文 {question.get('n', question.get('code'))}"
    definition["provenance"]["translations"] = {
        "zh-Hans": {
            "status": "approved",
            "translator": "邵明",
            "reviewer": "陆敏",
            "reviewed_on": "2026-01-01",
        }
    }
    version = saved(city, version, definition)
    assert version.definition["provenance"]["translations"]["zh-Hans"]["status"] == "draft", (
        "nobody approves in writing"
    )
    assert api.draft_translations(version.definition) == ("zh-Hans",)
    version = approved(city, sent(city, version), translations=["zh-Hans"])
    actor = city.actor(THIRD)
    with unit_of_work(actor):
        version = api.publish(actor=actor, uid=version.uid)
        found = api.published_version("pcl-5")
    assert version.definition["provenance"]["translations"]["zh-Hans"]["reviewer"] == "陆敏"
    assert "zh-Hans" in found.languages
    following = drafted(city, "pcl-5")
    changed = shipped(city.actor(AUTHOR), "pcl-5") | {"version": following.version}
    assert api.draft_translations(following.definition) == (), "the same words keep their approval"
    changed["items"][0]["text"]["zh-Hans"] = "另一种译文"
    assert api.draft_translations(saved(city, following, changed).definition) == ("zh-Hans",)


def test_a_translation_nobody_approved_stays_a_draft_for_staff(city: SmallCity) -> None:
    version = drafted(city, "pcl-5")
    definition = shipped(city.actor(AUTHOR), "pcl-5") | {"version": version.version}
    for question in (*definition["items"], *definition["options"]):
        question["text"]["zh-Hans"] = f"译文 {question.get('n', question.get('code'))}"
    definition["provenance"]["translations"] = {"zh-Hans": {"status": "draft", "translator": "邵明"}}
    published(city, saved(city, version, definition))
    with unit_of_work(SYSTEM):
        found = api.published_version("pcl-5")
    assert (found.languages, found.draft_languages) == (("en",), ("zh-Hans",))
    assert not found.shows_in("zh-Hans", Channel.PUBLIC, drafts=True)


def test_changed_words_are_told_until_the_author_says_that_they_were_compared(city: SmallCity) -> None:
    version = drafted(city)
    definition = shipped(city.actor(AUTHOR), "phq-9") | {"version": version.version}
    definition["items"][0]["text"]["zh-Hans"] = "做事情没有兴趣"
    version = saved(city, version, definition)
    with pytest.raises(DefinitionFaulty) as refusal:
        sent(city, version)
    assert refusal.value.faults == ("wording in zh-Hans differs from the text that was compared (sha256)",)
    version = saved(city, version, definition, compared=["zh-Hans"])
    assert sent(city, version).state == S.IN_REVIEW
