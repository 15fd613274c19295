"""What an event says in words. Each room keeps the sentences of its own events in ``data/sentences.yaml``."""

from functools import lru_cache

import yaml
from django.apps import apps
from django.utils.translation import get_language


@lru_cache(maxsize=1)
def load_sentences() -> dict[str, dict[str, str]]:
    """Every sentence by the name of its event, with ``zh`` and ``en``."""
    found: dict[str, dict[str, str]] = {}
    for app in sorted(apps.get_app_configs(), key=lambda one: one.label):
        file = f"{app.path}/data/sentences.yaml"
        try:
            with open(file, encoding="utf-8") as stream:
                found |= yaml.safe_load(stream)
        except FileNotFoundError:
            continue
    return found


def sentence_of(event: str, *, number: str = "", language: str = "") -> str:
    """What was done, to be read after the name of who did it. An event without a sentence says its own name."""
    said = load_sentences().get(event)
    if said is None:
        return event
    is_chinese = (language or get_language() or "zh").startswith("zh")
    words = said["zh" if is_chinese else "en"]
    if number:
        return words.format(number=number)
    # The gap that the number leaves is closed; between Chinese words there is no space.
    return ("" if is_chinese else " ").join(words.replace("{number}", "").split())
