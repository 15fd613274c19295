"""Rows of the tables of the edit form: one answer, one question, one scale, one norm set, one critical rule."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anxin.domains.instruments.contracts import CriticalAction, Mark, ScaleKind
from anxin.sites.staff.instruments.sheet import numbers_text
from anxin.sites.staff.instruments.words import ACTIONS, KINDS, MARKS

SPARE_ROWS = 2
MOST_ROWS = 620
# Kinds that name items themselves; the others are written in the advanced part.
PLAIN_KINDS = (ScaleKind.SUM, ScaleKind.MEAN, ScaleKind.COUNT)
_RANGE = re.compile(r"(\d+)(?:\s*[-–]\s*(\d+))?")
_BAND = re.compile(r"(?P<label>[a-z][a-z0-9_]*)\s+(?P<low>-?[\d.]+)\s+(?P<below><\s*)?(?P<high>-?[\d.]+)")
_MARKS = [(mark.value, words) for mark, words in MARKS.items()]


class Row(forms.Form):
    """A row of a table: every cell is labelled by its column and the number of the row."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place = str(self.prefix or "").rpartition("-")[2]
        row = int(place) + 1 if place.isdigit() else ""
        for field in self.fields.values():
            field.required = field.required and not self.empty_permitted
            if not isinstance(field.widget, forms.HiddenInput):
                said = _("%(label)s, row %(row)s") % {"label": field.label, "row": row}
                field.widget.attrs["aria-label"] = said
                is_tick = isinstance(field.widget, forms.CheckboxInput)
                field.widget.attrs["class"] = "ax-choice__input" if is_tick else "ax-input"


class OptionRow(Row):
    """One answer to choose from."""

    code = forms.IntegerField(label=gettext_lazy("Printed code"))
    zh = forms.CharField(label=gettext_lazy("Chinese"), required=False)
    en = forms.CharField(label=gettext_lazy("English"), required=False)


class ItemRow(Row):
    """One question. Which answers it has of its own is told beside it."""

    zh = forms.CharField(label=gettext_lazy("Chinese"), required=False, widget=forms.Textarea({"rows": 2}))
    en = forms.CharField(label=gettext_lazy("English"), required=False, widget=forms.Textarea({"rows": 2}))
    is_reversed = forms.BooleanField(label=gettext_lazy("Reversed"), required=False)


class ScaleRow(Row):
    """One scale over items."""

    name = forms.RegexField(
        label=gettext_lazy("Short name"),
        regex=r"^[a-z][a-z0-9_]*$",
        error_messages={"invalid": gettext_lazy("Lower-case letters, digits and underscores.")},
    )
    zh = forms.CharField(label=gettext_lazy("Chinese"), required=False)
    en = forms.CharField(label=gettext_lazy("English"), required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("How"),
        choices=[(one.value, KINDS[one]) for one in PLAIN_KINDS],
        initial=ScaleKind.SUM.value,
    )
    numbers = forms.CharField(label=gettext_lazy("Questions"))
    at_least = forms.IntegerField(label=gettext_lazy("Counts from"), required=False)
    remove = forms.BooleanField(label=gettext_lazy("Take out"), required=False)

    def clean_numbers(self) -> str | list[int]:
        """``all``, or the numbers."""
        return read_numbers(str(self.cleaned_data["numbers"]))


class NormRow(Row):
    """One norm set: its bands a line each."""

    name = forms.RegexField(label=gettext_lazy("Short name"), regex=r"^[a-z0-9]+([-_][a-z0-9]+)*$")
    scales = forms.CharField(label=gettext_lazy("Scales"))
    population = forms.CharField(label=gettext_lazy("For whom"))
    year = forms.IntegerField(label=gettext_lazy("Year"), required=False)
    reference = forms.CharField(label=gettext_lazy("Reference"), widget=forms.Textarea({"rows": 2}))
    mark = forms.ChoiceField(label=gettext_lazy("How it is known"), choices=_MARKS, initial=Mark.MEMORY.value)
    default = forms.BooleanField(label=gettext_lazy("In use"), required=False)
    bands = forms.CharField(label=gettext_lazy("Bands"), widget=forms.Textarea({"rows": 5}))
    remove = forms.BooleanField(label=gettext_lazy("Take out"), required=False)

    def clean_bands(self) -> list[dict[str, Any]]:
        """Each line is a name and the two ends of a band."""
        return read_bands(str(self.cleaned_data["bands"]))


class CriticalRow(Row):
    """One critical rule with a single test."""

    name = forms.RegexField(label=gettext_lazy("Short name"), regex=r"^[a-z][a-z0-9_]*$")
    item = forms.CharField(label=gettext_lazy("Question"))
    at_least = forms.IntegerField(label=gettext_lazy("From code"))
    severe_at = forms.IntegerField(label=gettext_lazy("Severe from"), required=False)
    action = forms.ChoiceField(
        label=gettext_lazy("What happens"),
        choices=[(one.value, ACTIONS[one]) for one in CriticalAction],
        initial=CriticalAction.ASK_RISK.value,
    )
    mark = forms.ChoiceField(
        label=gettext_lazy("How it is known"), choices=_MARKS, initial=Mark.PROPOSAL.value
    )
    remove = forms.BooleanField(label=gettext_lazy("Take out"), required=False)


def table(
    row: type[Row],
    initial: Iterable[Mapping[str, Any]],
    *,
    prefix: str,
    data: Any = None,
    spare: int = SPARE_ROWS,
) -> BaseFormSet:  # type: ignore[type-arg]
    """A table of such rows with a few empty ones below."""
    made = formset_factory(row, extra=spare, max_num=MOST_ROWS, absolute_max=MOST_ROWS)
    return made(data, initial=list(initial), prefix=prefix)


def filled(rows: BaseFormSet) -> list[dict[str, Any]]:  # type: ignore[type-arg]
    """What the rows hold, without the empty ones and the ones taken out."""
    return [
        form.cleaned_data
        for form in rows
        if (form.has_changed() or not form.empty_permitted) and not form.cleaned_data.get("remove")
    ]


def read_numbers(text: str) -> str | list[int]:
    """ "1, 3, 5-8" → [1, 3, 5, 6, 7, 8]; "all" and 全部 stay all."""
    if text.strip().casefold() in ("all", "全部", _("all")):
        return "all"
    numbers: list[int] = []
    for part in re.split(r"[,，、\s]+", re.sub(r"\s*[-–]\s*", "-", text.strip())):
        match = _RANGE.fullmatch(part)
        if match is None:
            raise forms.ValidationError(_("Write numbers like 1, 3, 5-8, or all."))
        first, last = int(match[1]), int(match[2] or match[1])
        if not first <= last <= MOST_ROWS:
            raise forms.ValidationError(_("Write numbers like 1, 3, 5-8, or all."))
        numbers += range(first, last + 1)
    return numbers


def shown_numbers(items: Any) -> str:
    """The other way round."""
    return "all" if items == "all" else numbers_text(items or [])


def read_bands(text: str) -> list[dict[str, Any]]:
    """ "mild 5 9" is a band from 5 to 9, "low 0 <2.5" one that ends below 2.5."""
    bands = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        match = _BAND.fullmatch(line.strip())
        try:
            if match is None:
                raise ValueError
            low, high = _number(match["low"]), _number(match["high"])
        except ValueError:
            raise forms.ValidationError(
                _("Line %(number)s: write a name and two numbers, like mild 5 9, or low 0 <2.5."),
                params={"number": number},
            ) from None
        bands.append({"label": match["label"], "min": low, ("below" if match["below"] else "max"): high})
    return bands


def shown_bands(bands: Iterable[Mapping[str, Any]]) -> str:
    """The other way round."""
    return "\n".join(
        f"{band['label']} {band['min']} " + (f"<{band['below']}" if "below" in band else f"{band['max']}")
        for band in bands
    )


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)
