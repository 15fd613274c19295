"""What a message may say: a text can be read over somebody's shoulder, on a locked screen or by the family."""

import re

from anxin.domains.notices.contracts import ParamsWrong, Template

FORBIDDEN = (
    "心理",
    "抑郁",
    "焦虑",
    "自杀",
    "自伤",
    "精神",
    "量表",
    "得分",
    "分数",
    "诊断",
    "depress",
    "anxiety",
    "suicid",
    "self-harm",
    "mental",
    "psycho",
    "score",
    "diagnos",
    "PHQ",
    "GAD",
)
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def faults(template: Template) -> tuple[str, ...]:
    """What is wrong with a template, in words; empty when it may be sent."""
    found = []
    for language, text in (("zh", template.zh), ("en", template.en)):
        found += [f"{language}: says {word}" for word in FORBIDDEN if word.lower() in text.lower()]
        if set(_PLACEHOLDER.findall(text)) != template.params:
            found.append(f"{language}: its placeholders are not its parameters")
    return tuple(found)


def check_params(template: Template, params: dict[str, str]) -> None:
    """Raise unless ``params`` are exactly those of the template."""
    if set(params) != template.params:
        raise ParamsWrong(field=template.key)


def render(template: Template, params: dict[str, str], language: str) -> str:
    """The text in one language; every language but English reads the Chinese original."""
    text = template.en if language.startswith("en") else template.zh
    return _PLACEHOLDER.sub(lambda match: str(params.get(match[1], "")), text)
