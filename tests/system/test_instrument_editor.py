"""A questionnaire is written by one clinician, tried on a phone, reviewed by another and put into force by a third."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from anxin.domains.instruments.tests import makers
from anxin.domains.instruments.tests.makers import AUTHOR, SECOND, THIRD
from tests.requirements_marker import requirement
from tests.system.windows import DESK, PHONE, accessible

TRIED = ",".join([*(f"{number}:1" for number in range(1, 10)), "difficulty:"])
PARTS = ("basics", "questions", "scoring", "bands", "critical", "terms", "advanced")


@pytest.fixture
def centre(house: Any) -> Any:
    """More people at the city centre."""
    makers.employ(house.city)
    return house


@pytest.fixture
def look(tmp_path: Path) -> Callable[[Page, str], None]:
    """What every page must pass, on a desk and on a phone; the pictures stay beside a failed run."""

    def check(page: Page, name: str) -> None:
        for width, size in (("desk", DESK), ("phone", PHONE)):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            page.screenshot(path=tmp_path / f"{name}-{width}.png", full_page=True)
            accessible(page)
        page.set_viewport_size(DESK)  # type: ignore[arg-type]

    return check


@requirement("R-067")
def test_a_questionnaire_from_its_copy_to_being_in_force(centre: Any, visit: Any, look: Any) -> None:
    author = visit(AUTHOR)
    author.goto("/staff/instruments/")
    look(author, "list")
    author.get_by_role("searchbox").fill("phq-9")
    author.get_by_role("searchbox").press("Enter")
    author.get_by_role("link", name="患者健康问卷-9").first.click()
    look(author, "shipped")
    author.get_by_role("link", name="新版本").click()
    author.get_by_label("打算改什么，为什么").fill("第 1 题改为更口语的说法")
    look(author, "copy")
    author.get_by_role("button", name="开始起草").click()
    for part in PARTS:
        author.goto(f"/staff/instruments/phq-9/1.0.1000/edit/{part}/")
        look(author, f"edit-{part}")
    author.goto("/staff/instruments/phq-9/1.0.1000/edit/questions/")
    author.get_by_label("中文，第 1 行").nth(1).fill("做什么都提不起劲，没有兴趣")
    author.get_by_role("button", name="保存", exact=False).first.click()
    expect(author.get_by_text("zh-Hans 的文字与核对过的文本不同").first).to_be_visible()
    author.goto("/staff/instruments/phq-9/1.0.1000/")
    look(author, "faulty")
    author.goto("/staff/instruments/phq-9/1.0.1000/edit/questions/")
    author.get_by_role("checkbox", name="中文").check()
    author.get_by_role("button", name="保存", exact=False).first.click()
    author.goto("/staff/instruments/phq-9/1.0.1000/preview/")
    phone = author.frame_locator("iframe")
    for _ in range(9):
        phone.get_by_text("几乎每天").click()
        phone.get_by_role("button", name="下一题").or_(
            phone.get_by_role("button", name="看结果")
        ).first.click()
    look(author, "preview")
    author.goto("/staff/instruments/phq-9/1.0.1000/")
    author.get_by_text("送审", exact=True).first.click()
    author.get_by_role("button", name="送审").click()
    author.goto("/staff/instruments/phq-9/1.0.1000/review/")
    expect(author.get_by_text("需要由另一个人审核和发布")).to_be_visible()
    second = visit(SECOND)
    second.goto("/staff/instruments/phq-9/1.0.1000/review/")
    look(second, "review")
    second.get_by_text("我已与来源核对，同意").click()
    second.get_by_label("您核对了什么").fill("与手册第 3 页逐字核对")
    second.get_by_role("button", name="提交签字").click()
    third = visit(THIRD)
    third.goto("/staff/instruments/phq-9/1.0.1000/")
    third.get_by_text("发布", exact=True).first.click()
    third.get_by_role("button", name="发布").click()
    expect(third.get_by_text("已生效。")).to_be_visible()
    look(third, "in-force")
    third.goto("/staff/instruments/phq-9/1.0.1000/difference/")
    look(third, "difference")


@requirement("R-067")
def test_the_other_pages_are_for_everybody_too(centre: Any, visit: Any, look: Any) -> None:
    text = makers.recorded(centre.city)
    author = visit(AUTHOR)
    for name, address in (
        ("key-only", "/staff/instruments/sds/1.0.0/"),
        ("text-new", "/staff/instruments/sds/texts/new/"),
        ("text", f"/staff/instruments/sds/texts/{text.uid}/"),
        ("new", "/staff/instruments/new/"),
        (
            "trial-end",
            f"/staff/instruments/phq-9/1.0.0/screen/?language=zh-Hans&answers={TRIED}",
        ),
        ("many-scales", "/staff/instruments/sdq/"),
    ):
        author.goto(address)
        look(author, name)
