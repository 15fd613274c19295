"""Names and addresses that exist in Chinese only, on a page in another language."""

from django.utils.translation import get_language


def is_untranslated(text: str) -> bool:
    """Whether ``text`` is Chinese on a page that is not, so that it has to be marked for screen readers."""
    return not (get_language() or "zh").startswith("zh") and any(
        "\u4e00" <= sign <= "\u9fff" for sign in text
    )
