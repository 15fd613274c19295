"""The side door of the instrument room, for the command line: nothing behind it needs Django or a database."""

from anxin.domains.instruments.drafting import (
    check_definition,
    definition_text,
    parse_definition,
    read_definition,
)
from anxin.domains.instruments.instruments_cli import instruments_group
from anxin.domains.instruments.library import get
from anxin.domains.instruments.recomputing import Comparison, Mismatch, compare_totals
from anxin.domains.instruments.rules.bound_text import form_hash, sha256, text_faults

__all__ = [
    "Comparison",
    "Mismatch",
    "check_definition",
    "compare_totals",
    "definition_text",
    "form_hash",
    "get",
    "instruments_group",
    "parse_definition",
    "read_definition",
    "sha256",
    "text_faults",
]
