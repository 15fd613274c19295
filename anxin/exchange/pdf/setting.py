"""Setting a document."""

import json
from functools import lru_cache
from pathlib import Path

from anxin.exchange.pdf.documents import Document
from anxin.kernel.errors import Refused
from anxin.platform import fonts

_TEMPLATE = Path(__file__).parent / "document.typ"


class NoFontForPdf(Refused):
    """Without a Chinese font a PDF would be a page of empty boxes."""

    code = "no-font-for-pdf"
    message = "No PDF can be made on this server: it has no font for Chinese. Please print the page instead."


def is_available() -> bool:
    """Whether a PDF may be offered at all."""
    return bool(fonts.han_family())


def as_pdf(document: Document) -> bytes:
    """The PDF. Raises ``NoFontForPdf``."""
    import typst

    family = fonts.han_family()
    if not family:
        raise NoFontForPdf
    made = typst.compile(
        _template(),
        font_paths=fonts.installed(),
        sys_inputs={"document": json.dumps(document.as_data(), ensure_ascii=False), "family": family},
        timestamp=document.made_at,
    )
    assert isinstance(made, bytes)
    return made


@lru_cache(maxsize=1)
def _template() -> bytes:
    return _TEMPLATE.read_bytes()
