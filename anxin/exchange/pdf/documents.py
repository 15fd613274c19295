"""What can stand in a PDF. Words are in the reader's language already."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Heading:
    """Begins a section."""

    text: str

    def as_data(self) -> dict[str, Any]:
        """For the template."""
        return {"kind": "heading", "text": self.text}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A few sentences; ``is_small`` for notes and references."""

    text: str
    is_small: bool = False

    def as_data(self) -> dict[str, Any]:
        """For the template."""
        return {"kind": "paragraph", "text": self.text, "small": self.is_small}


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head that is repeated on each page. ``widths`` share out the width; ``marked`` rows get an edge."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int] = ()
    marked: frozenset[int] = frozenset()

    def as_data(self) -> dict[str, Any]:
        """For the template."""
        return {
            "kind": "table",
            "head": list(self.head),
            "rows": [list(row) for row in self.rows],
            "widths": list(self.widths or [1] * len(self.head)),
            "marked": sorted(self.marked),
        }


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart as SVG text, with what it shows in words for those who do not see it."""

    svg: str
    words: str

    def as_data(self) -> dict[str, Any]:
        """For the template."""
        return {"kind": "drawing", "svg": self.svg, "words": self.words}


Block = Heading | Paragraph | Table | Drawing


@dataclass(frozen=True, slots=True)
class Document:
    """One document. ``foot`` stands on every page: the help numbers, and on staff prints who printed it.

    ``watermark`` lies across every page, behind the words.
    """

    title: str
    language: str
    made_at: datetime
    lead: str = ""
    blocks: Sequence[Block] = field(default_factory=tuple)
    foot: Sequence[str] = field(default_factory=tuple)
    watermark: str = ""

    def as_data(self) -> dict[str, Any]:
        """For the template."""
        return {
            "title": self.title,
            "language": self.language,
            "lead": self.lead,
            "blocks": [block.as_data() for block in self.blocks],
            "foot": list(self.foot),
            "watermark": self.watermark,
        }
