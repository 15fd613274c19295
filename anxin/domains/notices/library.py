"""The templates shipped with the code, read once. Needs no database."""

from functools import lru_cache
from pathlib import Path

import yaml

from anxin.domains.notices.contracts import Lane, Template, TemplateUnknown

DATA = Path(__file__).parent / "data"


@lru_cache(maxsize=1)
def templates() -> dict[str, Template]:
    """Every template by its key."""
    raw = yaml.safe_load((DATA / "templates.yaml").read_text(encoding="utf-8"))
    return {
        entry["key"]: Template(
            key=entry["key"],
            params=frozenset(entry.get("params", ())),
            zh=entry["zh"],
            en=entry["en"],
            lane=Lane(entry.get("lane", Lane.PROMPT)),
            secret=entry.get("secret", ""),
        )
        for entry in raw["templates"]
    }


def template(key: str) -> Template:
    """One template. Raises ``TemplateUnknown``."""
    try:
        return templates()[key]
    except KeyError:
        raise TemplateUnknown(field=key) from None
