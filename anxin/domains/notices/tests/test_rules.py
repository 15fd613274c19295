"""What a message may say."""

from dataclasses import replace
from typing import Any

import pytest

from anxin.domains.notices.contracts import ParamsWrong, Template
from anxin.domains.notices.library import templates
from anxin.domains.notices.rules.wording import check_params, faults, render

GOOD = Template(
    key="k", params=frozenset({"number"}), zh="{number} 等您接手。", en="{number} is waiting for you."
)


@pytest.mark.parametrize("key", sorted(templates()))
def test_every_shipped_template_may_be_read_on_a_locked_screen(key: str) -> None:
    assert faults(templates()[key]) == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"zh": "您的心理测评 {number} 有结果。"},
        {"en": "Your PHQ-9 score {number}."},
        {"zh": "{number} 疑似抑郁。"},
        {"en": "{number}: suicidal thoughts."},
        {"zh": "{number} {level}"},
        {"en": "waiting"},
    ],
)
def test_a_template_that_says_too_much_is_found(changes: dict[str, Any]) -> None:
    assert faults(replace(GOOD, **changes))


@pytest.mark.parametrize("params", [{}, {"number": "W1", "name": "李晴"}, {"name": "李晴"}])
def test_only_the_named_values_may_enter(params: dict[str, str]) -> None:
    with pytest.raises(ParamsWrong):
        check_params(GOOD, params)


@pytest.mark.parametrize(
    "value",
    ["心理中心", "L4", "三级", "PHQ-9 21", "self-harm", "红色预警", "x" * 121],
    ids=lambda one: one[:8],
)
def test_a_value_that_says_too_much_is_refused(value: str) -> None:
    with pytest.raises(ParamsWrong):
        check_params(GOOD, {"number": value})


def test_a_unit_whose_name_says_too_much_is_called_by_another() -> None:
    asked = templates()["guardian_told"]
    check_params(asked, {"unit": "柳岸社区心理健康站", "day": "12-01"})
    assert render(asked, {"unit": "柳岸社区心理健康站", "day": "12-01"}, "zh").startswith("服务站将在")
    assert render(asked, {"unit": "柳岸小学", "day": "12-01"}, "zh").startswith("柳岸小学将在")


def test_a_value_is_put_in_as_it_is_and_never_read_as_a_placeholder() -> None:
    assert render(GOOD, {"number": "{number}"}, "zh-hans") == "{number} 等您接手。"
    assert render(GOOD, {"number": "W1"}, "en") == "W1 is waiting for you."
    assert render(GOOD, {"number": "W1"}, "fr") == "W1 等您接手。"
