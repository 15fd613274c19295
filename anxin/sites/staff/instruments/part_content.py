"""What it is, whom it asks, and what it says."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anxin.domains.instruments.contracts import RETEST_DAYS, Mode, Respondent
from anxin.sites.staff.fields import note_field
from anxin.sites.staff.instruments import rows
from anxin.sites.staff.instruments.part import (
    Definition,
    Part,
    VersionForm,
    put_or_drop,
    put_texts,
    text_pair,
    texts_of,
    ticked,
)
from anxin.sites.staff.instruments.words import CHANNELS, LANGUAGES, MODES, RESPONDENTS, WINDOWS


class BasicsForm(VersionForm):
    """What it is, whom it asks, who sees the result."""

    title_zh = forms.CharField(label=gettext_lazy("Title in Chinese"), max_length=120, required=False)
    title_en = forms.CharField(label=gettext_lazy("Title in English"), max_length=120, required=False)
    mode = forms.ChoiceField(
        label=gettext_lazy("Terms"), choices=[(mode.value, f"{mode.value}") for mode in Mode]
    )
    window = forms.ChoiceField(label=gettext_lazy("Time asked about"), choices=[*WINDOWS.items()])
    age_min = forms.IntegerField(label=gettext_lazy("Youngest"), min_value=0, max_value=150, required=False)
    age_max = forms.IntegerField(label=gettext_lazy("Oldest"), min_value=0, max_value=150, required=False)
    channels = forms.MultipleChoiceField(
        label=gettext_lazy("Where it may be offered"),
        choices=[(one.value, words) for one, words in CHANNELS.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one.")},
    )
    disclosure = forms.ChoiceField(
        label=gettext_lazy("Who sees the result"),
        choices=[
            ("public_hint", gettext_lazy("The person, as a hint in plain words")),
            ("staff_only", gettext_lazy("Staff only")),
        ],
    )
    respondents = forms.MultipleChoiceField(
        label=gettext_lazy("Who answers"),
        choices=[(one.value, words) for one, words in RESPONDENTS.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one.")},
    )
    retest_days = forms.IntegerField(
        label=gettext_lazy("Days until it may be asked again"), min_value=1, max_value=3650
    )
    changes = note_field(gettext_lazy("What is different in this version, and why"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        window = (kwargs.get("initial") or {}).get("window", "")
        choices = [*WINDOWS.items()] + ([(window, window)] if window not in WINDOWS else [])
        self.fields["window"] = forms.ChoiceField(
            label=_("Time asked about"), choices=choices, required=False
        )
        self.fields["mode"].choices = [(mode.value, f"{mode.value} {words}") for mode, words in MODES.items()]

    def clean(self) -> None:
        """A title in one language at least."""
        data = self.cleaned_data
        if not (data.get("title_zh") or data.get("title_en")):
            self.add_error("title_zh", _("Give it a title."))


class BasicsPart(Part):
    """What it is, whom it asks, who sees the result."""

    key, label, form_class = "basics", gettext_lazy("What and for whom"), BasicsForm

    def initial(self) -> dict[str, Any]:
        found, title = self.definition, text_pair(self.definition["title"])
        return {
            "title_zh": title["zh"],
            "title_en": title["en"],
            "mode": found["mode"],
            "window": found["window"],
            "age_min": found.get("age", {}).get("min"),
            "age_max": found.get("age", {}).get("max"),
            "channels": found["channels"],
            "disclosure": found["disclosure"],
            "respondents": found.get("respondents", [Respondent.SELF.value]),
            "retest_days": found.get("retest_days", RETEST_DAYS),
            "changes": self.changes,
        }

    def write(self, definition: dict[str, Any]) -> None:
        data = self.form.cleaned_data
        definition["title"] = texts_of(data["title_zh"], data["title_en"])
        definition["mode"], definition["window"] = data["mode"], data["window"]
        age = {"min": data["age_min"], "max": data["age_max"]}
        put_or_drop(definition, "age", {name: value for name, value in age.items() if value is not None})
        definition["channels"] = ticked(definition["channels"], data["channels"])
        definition["disclosure"] = data["disclosure"]
        respondents = ticked(definition.get("respondents", []), data["respondents"])
        put_or_drop(definition, "respondents", [] if respondents == ["self"] else respondents)
        days = data["retest_days"]
        put_or_drop(definition, "retest_days", None if days == RETEST_DAYS else days)

    @property
    def said_changes(self) -> str | None:
        return str(self.form.cleaned_data["changes"])


class WordsForm(VersionForm):
    """Instruction and lead-in, and how the words are known."""

    instruction_zh = note_field(gettext_lazy("Instruction in Chinese"), required=False)
    instruction_en = note_field(gettext_lazy("Instruction in English"), required=False)
    stem_zh = note_field(gettext_lazy("Lead-in of every question in Chinese"), required=False)
    stem_en = note_field(gettext_lazy("Lead-in of every question in English"), required=False)
    compared = forms.MultipleChoiceField(
        label=gettext_lazy("I have compared the words, as they stand here, with two of the sources named"),
        choices=[*LANGUAGES.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


class WordsPart(Part):
    """Questions, answers to choose from, instruction."""

    key, label, form_class = "questions", gettext_lazy("Questions and answers"), WordsForm
    tables = (("options", rows.OptionRow), ("items", rows.ItemRow))

    def prepare(self) -> None:
        listed = self._listed()
        reverse = set(self.definition.get("reverse", ()))
        for place, form in enumerate(self.rows["items"]):
            item = listed[place] if place < len(listed) else {}
            form.number = place + 1  # type: ignore[attr-defined]
            form.own = _own_answers(item)  # type: ignore[attr-defined]
            form.was_reversed = place + 1 in reverse  # type: ignore[attr-defined]

    def initial(self) -> dict[str, Any]:
        instruction, stem = (text_pair(self.definition.get(name)) for name in ("instruction", "stem"))
        return {
            "instruction_zh": instruction["zh"],
            "instruction_en": instruction["en"],
            "stem_zh": stem["zh"],
            "stem_en": stem["en"],
        }

    def initial_rows(self, name: str) -> list[dict[str, Any]]:
        if name == "options":
            shared = self.definition.get("options", [])
            return [{"code": one["code"], **text_pair(one.get("text"))} for one in shared]
        reverse = set(self.definition.get("reverse", ()))
        return [{**text_pair(one.get("text")), "is_reversed": one["n"] in reverse} for one in self._listed()]

    def _listed(self) -> list[dict[str, Any]]:
        items = self.definition["items"]
        return [{"n": number} for number in range(1, items + 1)] if isinstance(items, int) else items

    def write(self, definition: dict[str, Any]) -> None:
        data = self.form.cleaned_data
        put_texts(definition, "instruction", data["instruction_zh"], data["instruction_en"])
        put_texts(definition, "stem", data["stem_zh"], data["stem_en"])
        self._write_options(definition)
        self._write_items(definition)

    def _write_options(self, definition: dict[str, Any]) -> None:
        known = {one["code"]: one for one in definition.get("options", [])}
        options = []
        for row in rows.filled(self.rows["options"]):
            if row.get("code") is None:
                continue
            option = {**known.get(row["code"], {}), "code": row["code"]}
            put_texts(option, "text", row["zh"], row["en"])
            options.append(option)
        put_or_drop(definition, "options", options)

    def _write_items(self, definition: dict[str, Any]) -> None:
        before, listed, reverse = self._listed(), [], []
        for place, form in enumerate(self.rows["items"]):
            row = form.cleaned_data
            is_spare = place >= len(before)
            if is_spare and not (row.get("zh") or row.get("en")):
                continue
            number = len(listed) + 1
            item = {**(before[place] if not is_spare else {}), "n": number}
            put_texts(item, "text", row.get("zh", ""), row.get("en", ""))
            listed.append(item)
            if row.get("is_reversed"):
                reverse.append(number)
        is_bare = isinstance(definition["items"], int) and all(set(item) == {"n"} for item in listed)
        definition["items"] = len(listed) if is_bare else listed
        put_or_drop(definition, "reverse", reverse)


def _own_answers(item: Definition) -> str:
    if "entry" in item:
        return _("written answer")
    if "option_set" in item:
        return _("answers “%(name)s”") % {"name": item["option_set"]}
    return _("answers of its own") if "options" in item else ""
