"""What a message may say: a text can be read over somebody's shoulder, on a locked screen or by the family."""

import re
from collections.abc import Mapping

from anxin.domains.notices.contracts import ParamsWrong, Template

FORBIDDEN = (
    "心理",
    "抑郁",
    "焦虑",
    "躁狂",
    "双相",
    "强迫",
    "失眠",
    "自杀",
    "自伤",
    "自残",
    "轻生",
    "精神",
    "危机",
    "预警",
    "高危",
    "筛查",
    "咨询",
    "量表",
    "得分",
    "分数",
    "诊断",
    "病",
    "depress",
    "anxiety",
    "bipolar",
    "manic",
    "insomnia",
    "suicid",
    "self-harm",
    "mental",
    "psych",
    "crisis",
    "counsel",
    "score",
    "diagnos",
    "illness",
    "screening",
    "PHQ",
    "GAD",
    "EPDS",
    "SCL-90",
)
_LEVELS = re.compile(r"\bL[1-4]\b|[一二三四1-4]级|(?:红|橙|黄|蓝)色", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_LONGEST = 120
# Names of units are facts of the network and may say too much; what stands for them says enough to be recognised.
STAND_INS = {"unit": {"zh": "服务站", "en": "The station"}}


def says(text: str) -> tuple[str, ...]:
    """Which of the words that no message may hold are in ``text``."""
    lowered = text.lower()
    found = [word for word in FORBIDDEN if word.lower() in lowered]
    return (*found, *_LEVELS.findall(text))


def faults(template: Template) -> tuple[str, ...]:
    """What is wrong with a template, in words; empty when it may be sent."""
    found = []
    for language, text in (("zh", template.zh), ("en", template.en)):
        found += [f"{language}: says {word}" for word in says(text)]
        if set(_PLACEHOLDER.findall(text)) != template.params:
            found.append(f"{language}: its placeholders are not its parameters")
    return tuple(found)


def check_params(template: Template, params: Mapping[str, str]) -> None:
    """Raise unless ``params`` are exactly those of the template, and none of them says what no message may."""
    if set(params) != template.params:
        raise ParamsWrong(field=template.key)
    for name, value in params.items():
        if name not in STAND_INS and name != template.secret and (says(value) or len(value) > _LONGEST):
            raise ParamsWrong(field=template.key)


def render(template: Template, params: Mapping[str, str], language: str) -> str:
    """The text in one language; every language but English reads the Chinese original."""
    chosen = "en" if language.startswith("en") else "zh"
    text = template.en if chosen == "en" else template.zh

    def value_of(match: re.Match[str]) -> str:
        name = match[1]
        value = str(params.get(name, ""))
        return STAND_INS[name][chosen] if name in STAND_INS and says(value) else value

    return _PLACEHOLDER.sub(value_of, text)


def neutral_sender(name: str, otherwise: str) -> str:
    """The sender as it may stand on a locked screen."""
    return otherwise if not name or says(name) else name
