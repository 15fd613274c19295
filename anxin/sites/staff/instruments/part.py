"""One part of the edit form: it reads its fields from the definition and puts them back, and touches nothing else.

What a part cannot show (an item with answers of its own, a derived scale, a rule with several tests) stays as it is and
is written in the advanced part, which is the whole definition as text.
"""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, ClassVar

from django import forms
from django.forms import BaseFormSet
from django.utils.translation import gettext as _

from anxin.domains.instruments.contracts import DefinitionFaulty
from anxin.sites.staff.fields import version_field
from anxin.sites.staff.instruments import rows
from anxin.sites.staff.instruments.faults import all_worded
from anxin.sites.staff.instruments.words import Words

Definition = Mapping[str, Any]


def text_pair(texts: Definition | None) -> dict[str, str]:
    """The two languages of a text as cells."""
    found = texts or {}
    return {"zh": found.get("zh-Hans", ""), "en": found.get("en", "")}


def texts_of(zh: str, en: str) -> dict[str, str]:
    """And back; an empty language is left out."""
    found = {"zh-Hans": zh.strip(), "en": en.strip()}
    return {name: text for name, text in found.items() if text}


def put_texts(target: dict[str, Any], name: str, zh: str, en: str) -> None:
    """Under ``name``, or not at all."""
    texts = texts_of(zh, en)
    if texts:
        target[name] = texts
    else:
        target.pop(name, None)


def put_or_drop(target: dict[str, Any], name: str, value: Any) -> None:
    """An empty value is left out of the definition."""
    if value in (None, "", [], {}):
        target.pop(name, None)
    else:
        target[name] = value


def ticked(before: list[str], chosen: list[str]) -> list[str]:
    """What stood there already keeps its order; the file's order is not a change of ours."""
    return [one for one in before if one in chosen] + [one for one in chosen if one not in before]


class VersionForm(forms.Form):
    """Which row the page showed."""

    seen_version = version_field()


class Part:
    """One part: a form, and tables of rows. ``compared``: languages the author has compared anew."""

    key: ClassVar[str]
    label: ClassVar[Words]
    form_class: ClassVar[type[VersionForm]] = VersionForm
    tables: ClassVar[tuple[tuple[str, type[rows.Row]], ...]] = ()

    def __init__(self, definition: Definition, data: Any = None, *, changes: str = "") -> None:
        self.definition = definition
        self.changes = changes
        self.form = self.form_class(data, initial=self.initial(), prefix=None)
        self.rows: dict[str, BaseFormSet] = {  # type: ignore[type-arg]
            name: rows.table(row, self.initial_rows(name), prefix=name, data=data)
            for name, row in self.tables
        }
        self.prepare()

    def prepare(self) -> None:
        """Whatever a part adds to its forms."""

    def initial(self) -> dict[str, Any]:
        """What the fields show."""
        return {}

    def initial_rows(self, name: str) -> list[dict[str, Any]]:
        """What the rows show."""
        return []

    def is_valid(self) -> bool:
        """Form and tables; every one of them is looked at."""
        found = [self.form.is_valid(), *(table.is_valid() for table in self.rows.values())]
        if not all(found[1:]) and not self.form.non_field_errors():
            self.form.add_error(None, _("A row of the table is not complete. It is marked."))
        return all(found)

    def put_into(self) -> dict[str, Any]:
        """The definition with this part as it was sent. Raises ``DefinitionFaulty``."""
        changed = deepcopy(dict(self.definition))
        self.write(changed)
        return changed

    def write(self, definition: dict[str, Any]) -> None:
        """Put the fields back."""

    @property
    def compared(self) -> tuple[str, ...]:
        """Languages ticked as compared with the sources named."""
        return tuple(self.form.cleaned_data.get("compared") or ())

    @property
    def said_changes(self) -> str | None:
        """The note on what is different, where the part asks for it."""
        return None


def told(part: Part, error: DefinitionFaulty) -> None:
    """Each fault at the top of the part; what was typed stays."""
    for fault in all_worded(error.faults):
        part.form.add_error(None, fault)
