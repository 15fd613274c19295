"""What is YAML and still no definition is refused by name, and never takes the machine down."""

from pathlib import Path

import pytest

from anxin.domains.instruments import library
from anxin.domains.instruments.contracts import BadDefinition

PHQ = (library.DATA / "phq-9.yaml").read_text(encoding="utf-8")

BOMB = "a0: &a0 [1, 1]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
"""Twelve lines that hold thirty thousand million numbers."""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: &a [*a]\n", "endless or far too large"),
        (BOMB, "endless or far too large"),
        ("id: 2020-13-45\n", "cannot be read: month must be"),
        (PHQ.replace("min: 0, max: 4", "min: .nan, max: 4", 1), "norm_sets/0/bands/0/min: nan is no number"),
        (PHQ.replace("{scale: total, at_least: 10}", "{scale: total, at_least: .inf}"), "inf is no number"),
    ],
)
def test_it_is_refused_by_name(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "odd.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadDefinition, match=said):
        library.check(path)
