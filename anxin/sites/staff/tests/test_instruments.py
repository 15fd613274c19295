"""The library pages: looked at by many, written by one, reviewed by another, and nothing typed is lost."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from anxin.domains.instruments import api as instruments
from anxin.domains.instruments.models import InstrumentVersion, TextBinding
from anxin.domains.instruments.tests import makers
from anxin.domains.instruments.tests.makers import ADMIN, AUTHOR, MANAGER, SECOND, THIRD
from anxin.domains.instruments.tests.test_rules_planted import PLANTED, _file
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.staff.instruments.faults import worded
from anxin.sites.staff.instruments.parts import PARTS
from anxin.sites.staff.instruments.urls import urlpatterns
from anxin.sites.staff.tests.conftest import BACKEND, SYSTEM
from tests.requirements_marker import requirement
from tests.small_city import SmallCity

Browser = Callable[[str], Client]


@pytest.fixture
def city(db: None, at: Any) -> SmallCity:
    """The small city with its centre."""
    return makers.build()


@pytest.fixture
def browser(city: SmallCity) -> Browser:
    """A browser without scripts, signed in as a persona."""

    def sign_in(code: str) -> Client:
        client = Client()
        client.force_login(city.accounts[code], backend=BACKEND)
        return client

    return sign_in


def address(version: InstrumentVersion, view: str = "instrument-version", *more: str) -> str:
    return reverse(f"staff:{view}", args=[version.instrument, version.version, *more])


def text(answer: Any) -> str:
    return answer.content.decode()


def rows() -> list[Any]:
    return list(InstrumentVersion.objects.order_by("id").values())


def fields_of(answer: Any) -> dict[str, Any]:
    """What a browser would send of the form of a part if nothing were touched."""
    part = answer.context["part"]
    sent: dict[str, Any] = {}
    forms = [part.form, *(row for table in part.rows.values() for row in table)]
    forms += [table.management_form for table in part.rows.values()]
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is None or value is False or value == []:
                continue
            sent[bound.html_name] = value
    return sent


@requirement("R-067")
@pytest.mark.parametrize(
    "instrument", ["phq-9", "sds", "audit", "psqi", "c-ssrs-screener", "sdq", "gds-15", "asq"]
)
def test_every_kind_of_form_has_its_page(city: SmallCity, browser: Browser, instrument: str) -> None:
    answer = browser("zhao-ning").get(reverse("staff:instrument", args=[instrument]), follow=True)
    assert answer.status_code == 200
    with unit_of_work(SYSTEM):
        form = instruments.published_version(instrument)
    assert form.key_hash in text(answer)
    assert form.licence.summary.split(".")[0][:20] in text(answer)


def test_the_list_says_why_something_is_not_offered(city: SmallCity, browser: Browser) -> None:
    client = browser("zhao-ning")
    listed = text(client.get("/staff/instruments/?q=sds"))
    assert "这里只有计分方法，没有题目文字" in listed
    assert "只凭记忆" in text(client.get("/staff/instruments/?q=pansi"))
    assert "Mini-Mental" in text(client.get("/staff/instruments/?q=mmse"))
    assert "<small>phq-9</small>" not in text(client.get("/staff/instruments/?mode=K&q=phq"))
    assert "<small>phq-9</small>" in text(client.get("/staff/instruments/?mode=S1&q=phq&language=zh-Hans"))
    assert "新建量表" not in listed
    assert "新建量表" in text(browser(AUTHOR).get("/staff/instruments/"))


def test_the_list_asks_the_database_a_fixed_number_of_times(city: SmallCity, browser: Browser) -> None:
    client = browser(AUTHOR)
    client.get("/staff/instruments/")
    with CaptureQueriesContext(connection) as few:
        client.get("/staff/instruments/")
    for name in ("gad-7", "phq-9"):
        makers.published(city, makers.drafted(city, name))
    client.get("/staff/instruments/")
    with CaptureQueriesContext(connection) as many:
        assert client.get("/staff/instruments/").status_code == 200
    assert len(many) <= len(few)
    assert len(few) <= 31  # five of them in the frame: the bell


@requirement("R-067", "R-048")
@pytest.mark.parametrize("code", [ADMIN, "he-jia", "zhou-xing", "fang-zheng", "bai-lu"])
def test_who_has_no_part_in_it_finds_no_page_and_no_entry(
    city: SmallCity, browser: Browser, code: str
) -> None:
    version = makers.drafted(city)
    text_uid = makers.recorded(city).uid
    client, before = browser(code), rows()
    for pattern in urlpatterns:
        values = {"name": "phq-9", "number": version.version, "part": "basics", "uid": text_uid}
        kwargs = {key: values[key] for key in pattern.pattern.converters}
        page = reverse(f"staff:{pattern.name}", kwargs=kwargs)
        assert client.get(page).status_code in (403, 404, 405), page
        assert client.post(page, {"step": "approve", "reason": "好"}).status_code in (403, 404, 405), page
    assert rows() == before
    assert "/staff/instruments/" not in text(client.get("/staff/", follow=True))


def test_a_counsellor_looks_but_does_not_meet_drafts(city: SmallCity, browser: Browser) -> None:
    version, before = makers.drafted(city), rows()
    client = browser("zhao-ning")
    assert "/staff/instruments/" in text(client.get("/staff/", follow=True))
    for view in ("version", "difference", "review", "preview", "screen"):
        assert client.get(address(version, f"instrument-{view}")).status_code == 404, view
    assert client.post(address(version, "instrument-step"), {"step": "send"}).status_code == 404
    assert client.get(address(version, "instrument-part", "basics")).status_code == 403
    assert rows() == before


@requirement("R-067")
def test_a_version_goes_its_whole_way_through_the_pages(city: SmallCity, browser: Browser) -> None:
    author, second, third = browser(AUTHOR), browser(SECOND), browser(THIRD)
    made = author.post("/staff/instruments/phq-9/1.0.0/copy/", {"changes": "复测间隔改为 30 天"})
    assert made.status_code == 303
    version = InstrumentVersion.objects.get()
    part = author.get(made["Location"])
    sent = fields_of(part) | {"retest_days": "30"}
    assert author.post(made["Location"], sent).status_code == 303
    version.refresh_from_db()
    assert version.definition["retest_days"] == 30
    page = text(author.get(address(version)))
    assert "送审" in page
    assert "试做" in page
    assert author.post(address(version, "instrument-step"), {"step": "send"}).status_code == 303
    review = address(version, "instrument-review")
    seen = text(second.get(review))
    assert "复测间隔改为 30 天" in seen
    assert "<ins>30</ins>" in seen
    decided = second.post(review, {"step": "approve", "reason": "与手册核对"})
    assert decided.status_code == 303
    assert third.post(address(version, "instrument-step"), {"step": "publish"}).status_code == 303
    version.refresh_from_db()
    assert (version.state, version.publisher.name) == ("published", "唐未")
    assert "1.0.1000" in third.get("/staff/instruments/phq-9/")["Location"]
    assert (
        third.post(address(version, "instrument-step"), {"step": "retire", "reason": ""}).status_code == 422
    )
    assert (
        third.post(
            address(version, "instrument-step"), {"step": "retire", "reason": "用回出厂版"}
        ).status_code
        == 303
    )
    assert third.get("/staff/instruments/phq-9/")["Location"].endswith("/1.0.0/")


@requirement("R-067")
def test_the_author_is_refused_at_the_review_and_nothing_changes(city: SmallCity, browser: Browser) -> None:
    version = makers.sent(city, makers.drafted(city))
    before, client = rows(), browser(AUTHOR)
    review = address(version, "instrument-review")
    assert 'name="reason"' not in text(client.get(review))
    for step in ("approve", "give_back"):
        answer = client.post(review, {"step": step, "reason": "自己核对过"})
        assert answer.status_code == 422
        assert "需要由另一个人审核和发布" in text(answer)
        assert "自己核对过" in text(answer), "nothing typed is lost"
    makers.approved(city, version)
    before = rows()
    answer = client.post(address(version, "instrument-step"), {"step": "publish"})
    assert answer.status_code == 422
    assert rows() == before


def test_a_decision_needs_words_and_an_old_page_decides_nothing(city: SmallCity, browser: Browser) -> None:
    version, client = makers.sent(city, makers.drafted(city)), browser(SECOND)
    review, before = address(version, "instrument-review"), rows()
    assert client.post(review, {"step": "approve", "reason": " "}).status_code == 422
    answer = client.post(review, {"step": "approve", "reason": "好", "seen_version": "0"})
    assert answer.status_code == 409
    assert "别人已经改过这个版本" in text(answer)
    assert rows() == before
    given = client.post(review, {"step": "give_back", "reason": "第 3 题漏字"})
    assert given.status_code == 303
    assert "第 3 题漏字" in text(browser(AUTHOR).get(address(version)))


@pytest.mark.parametrize(
    "instrument", ["phq-9", "gds-15", "sds", "sdq", "psqi", "audit-c", "k10", "c-ssrs-screener"]
)
def test_a_part_kept_as_it_is_changes_nothing(city: SmallCity, browser: Browser, instrument: str) -> None:
    version, client = makers.drafted(city, instrument), browser(AUTHOR)
    before = InstrumentVersion.objects.get(uid=version.uid).definition
    for key in PARTS:
        page = address(version, "instrument-part", key)
        sent = fields_of(client.get(page))
        answer = client.post(page, sent)
        assert answer.status_code == 303, (key, answer.context and answer.context["part"].form.errors)
        assert InstrumentVersion.objects.get(uid=version.uid).definition == before, key


def test_rows_are_written_where_they_belong(city: SmallCity, browser: Browser) -> None:
    version, client = makers.drafted(city, "gad-7", name="gad-8"), browser(AUTHOR)

    def put(part: str, **changes: str) -> Any:
        page = address(version, "instrument-part", part)
        answer = client.post(page, fields_of(client.get(page)) | changes)
        assert answer.status_code == 303, answer.context["part"].form.errors
        return InstrumentVersion.objects.get(uid=version.uid).definition

    found = put(
        "questions",
        **{"items-7-zh": "第八题", "items-7-en": "An eighth question", "items-2-is_reversed": "on"},
    )
    assert (len(found["items"]), found["items"][7]["text"]["zh-Hans"], found["reverse"]) == (8, "第八题", [3])
    found = put(
        "scoring",
        **{
            "scales-1-name": "core",
            "scales-1-zh": "核心",
            "scales-1-kind": "mean",
            "scales-1-numbers": "1，3-5",
        },
    )
    assert found["scales"][1] == {
        "id": "core",
        "kind": "mean",
        "title": {"zh-Hans": "核心"},
        "items": [1, 3, 4, 5],
    }
    found = put("bands", **{"norms-0-bands": "minimal 0 4\nmild 5 9\nmoderate 10 24"})
    assert found["norm_sets"][0]["bands"][2] == {"label": "moderate", "min": 10, "max": 24}
    found = put(
        "critical",
        **{
            "critical-0-name": "despair",
            "critical-0-item": "8",
            "critical-0-at_least": "2",
            "critical-0-action": "suicide_flow",
        },
    )
    assert found["critical"] == [
        {"id": "despair", "when": [{"item": 8, "at_least": 2}], "action": "suicide_flow", "mark": "D"}
    ]
    page = text(client.get(address(version)))
    assert "zh-Hans 的文字与核对过的文本不同" in page, "the words changed and nobody said they were compared"


def test_a_row_that_is_wrong_comes_back_as_it_was_typed(city: SmallCity, browser: Browser) -> None:
    version, client = makers.drafted(city, "gad-7"), browser(AUTHOR)
    page, before = address(version, "instrument-part", "bands"), rows()
    sent = fields_of(client.get(page)) | {"norms-0-bands": "minimal 0 4\nmild fünf 9"}
    answer = client.post(page, sent)
    assert answer.status_code == 422
    assert "mild fünf 9" in text(answer)
    assert "第 2 行" in text(answer)
    assert rows() == before


@requirement("R-067")
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("mode: S1", "mode: free", "mode"),
        ("window: P2W", "window: P2W\nwindow: P1W", "出现了两次"),
        ("window: P2W", "window: [P2W", "expected"),
        ("title:", "titel:", "titel"),
        ("window: P2W", 'window: "P2W\\0"', "无法保存的字符"),
        ("window: P2W", 'window: "\\uD800"', "无法读取"),
        ("min: 0", "min: .nan", "不是数"),
        ("window: P2W", "window: " + "[" * 3000 + "]" * 3000, "层次太深"),
        ("window: P2W", "window: " + "[" * 90 + "]" * 90, "层次太深"),
        ("reverse_nothing", "", ""),
    ],
)
def test_a_faulty_definition_is_refused_by_name_and_nothing_typed_is_lost(
    city: SmallCity, browser: Browser, old: str, new: str, said: str
) -> None:
    version, client = makers.drafted(city, "gad-7"), browser(AUTHOR)
    page = address(version, "instrument-part", "advanced")
    sent, before = fields_of(client.get(page)), rows()
    sent["definition"] = sent["definition"].replace(old, new) + "\n# 我的笔记"
    answer = client.post(page, sent)
    if not said:
        assert answer.status_code == 303
        return
    assert answer.status_code == 422
    assert said in text(answer)
    assert "# 我的笔记" in text(answer)
    assert rows() == before


def test_somebody_elses_draft_is_not_written_and_what_was_typed_comes_back(
    city: SmallCity, browser: Browser
) -> None:
    version, before = makers.drafted(city), rows()
    before, client = rows(), browser(SECOND)
    page = address(version, "instrument-part", "basics")
    sent = fields_of(client.get(page)) | {"changes": "我也想改"}
    answer = client.post(page, sent)
    assert answer.status_code == 422
    assert "我也想改" in text(answer)
    assert rows() == before


def test_a_draft_saved_by_two_windows_keeps_the_first(city: SmallCity, browser: Browser) -> None:
    version, client = makers.drafted(city), browser(AUTHOR)
    page = address(version, "instrument-part", "basics")
    sent = fields_of(client.get(page))
    assert client.post(page, sent | {"retest_days": "20"}).status_code == 303
    answer = client.post(page, sent | {"retest_days": "40"})
    assert answer.status_code == 409
    assert 'value="40"' in text(answer)
    version.refresh_from_db()
    assert version.definition["retest_days"] == 20


@requirement("R-067")
def test_the_phone_shows_a_draft_with_its_branches_and_keeps_nothing(
    city: SmallCity, browser: Browser
) -> None:
    version, client = makers.drafted(city), browser(SECOND)
    before = rows()
    frame = client.get(address(version, "instrument-preview"))
    screen = frame.context["view"].screen_url
    assert "<iframe" in text(frame)
    shown = client.get(screen)
    assert "SAMEORIGIN" in shown["X-Frame-Options"]
    assert "frame-ancestors 'self'" in shown["Content-Security-Policy"]
    assert "做事时提不起劲或没有兴趣" in text(shown)
    assert client.post(screen, {"step": "next"}).status_code == 422
    for value in [3, 3, 0, 0, 0, 0, 0, 0, 2]:
        answer = client.post(screen, {"step": "next", "value": str(value)})
        assert answer.status_code == 303
        screen = answer["Location"]
    client.post(screen, {"step": "skip"})
    end = text(client.get(client.post(screen, {"step": "stop"})["Location"]))
    assert '<b class="ax-num">8</b>' in end
    assert "立即给出帮助" in end
    assert rows() == before
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM assessments_sitting")
        assert cursor.fetchone() == (0,)
    assert client.get(address(version))["X-Frame-Options"] == "DENY"


def test_a_new_questionnaire_begins_from_nothing(city: SmallCity, browser: Browser) -> None:
    client = browser(AUTHOR)
    sent = {"name": "sleep-diary", "title_zh": "睡眠问卷", "items": "3", "codes": "4"}
    for wrong, said in (
        ({"name": "phq-9"}, "已经有"),
        ({"name": "Sleep"}, "小写字母"),
        ({"name": "new"}, "换一个名字"),
        ({"name": "mmse"}, "条款"),
    ):
        answer = client.post("/staff/instruments/new/", sent | wrong)
        assert answer.status_code == 422
        assert said in text(answer), wrong
        assert "睡眠问卷" in text(answer)
    assert not InstrumentVersion.objects.exists()
    answer = client.post("/staff/instruments/new/", sent)
    assert answer["Location"] == "/staff/instruments/sleep-diary/1.0.1000/edit/questions/"
    assert client.get(answer["Location"]).status_code == 200
    assert "睡眠问卷" in text(client.get("/staff/instruments/?show=working"))
    sent_page = client.post("/staff/instruments/sleep-diary/1.0.1000/step/", {"step": "send"})
    assert sent_page.status_code == 422
    assert "计分方法尚未核实" in text(sent_page)


@requirement("R-067")
def test_a_licensed_text_is_recorded_by_one_and_activated_by_another(
    city: SmallCity, browser: Browser
) -> None:
    client = browser(AUTHOR)
    sent: dict[str, Any] = {
        "language": "zh-Hans",
        "questions": "\n".join(f"占位题目 {number}" for number in range(1, 21)),
        "options": "甲\n乙\n丙\n丁",
        "holder": "某出版社",
        "number": "授权 18",
        "scope": "全市",
        "expires_on": "2027-06-30",
    }
    short = client.post("/staff/instruments/sds/texts/new/", sent | {"questions": "只有一题"})
    assert short.status_code == 422
    assert "只有一题" in text(short)
    assert not TextBinding.objects.exists()
    letter = SimpleUploadedFile("授权书.pdf", b"%PDF permission")
    made = client.post("/staff/instruments/sds/texts/new/", {**sent, "evidence": letter})
    page = made["Location"]
    assert "授权书.pdf" in text(client.get(page))
    assert client.post(page, {"step": "activate"}).status_code == 422
    assert TextBinding.objects.get().state == "recorded"
    assert browser(SECOND).post(page, {"step": "activate"}).status_code == 303
    assert "占位题目 7" in text(browser("zhao-ning").get("/staff/instruments/sds/1.0.0/"))
    assert browser("zhao-ning").get(page).status_code == 403
    assert browser(THIRD).post(page, {"step": "end", "reason": ""}).status_code == 422
    assert browser(THIRD).post(page, {"step": "end", "reason": "授权收回"}).status_code == 303
    assert "占位题目 7" not in text(browser("zhao-ning").get("/staff/instruments/sds/1.0.0/"))


def test_two_versions_are_compared_place_by_place(city: SmallCity, browser: Browser) -> None:
    version = makers.drafted(city)
    definition = makers.shipped(city.actor(AUTHOR), "phq-9") | {"version": version.version}
    definition["items"][0]["text"]["zh-Hans"] = "没有兴趣"
    definition["norm_sets"][0]["bands"][1]["max"] = 8
    makers.saved(city, version, definition)
    page = text(browser(MANAGER).get(address(version, "instrument-difference") + "?from=1.0.0"))
    assert "<del>做事时提不起劲或没有兴趣</del>" in page
    assert "<ins>没有兴趣</ins>" in page
    assert "norm_sets" not in page
    assert "<ins>8</ins>" in page


@pytest.mark.parametrize("row", PLANTED, ids=[row[0] for row in PLANTED])
def test_every_fault_the_checks_name_has_its_words(row: Any) -> None:
    _said, instrument, plant, _message = row
    data = copy.deepcopy(instruments.parse_definition(_file(instrument).read_text("utf-8")))
    plant(data)
    found = instruments.check_definition(data).faults
    assert found
    with translation.override("zh-hans"):
        assert [fault for fault in found if worded(fault) == fault] == []
