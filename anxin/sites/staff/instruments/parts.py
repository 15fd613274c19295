"""The parts of the edit form: each reads its fields from the definition and puts them back, and touches nothing else.

What a part cannot show (an item with answers of its own, a derived scale, a rule with several tests) stays as it is and
is written in the advanced part, which is the whole definition as text.
"""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any, ClassVar

from django import forms
from django.forms import BaseFormSet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anxin.domains.instruments import api as instruments
from anxin.domains.instruments.contracts import RETEST_DAYS, DefinitionFaulty, Mode, Respondent
from anxin.sites.staff.fields import note_field, version_field
from anxin.sites.staff.instruments import rows
from anxin.sites.staff.instruments.faults import all_worded
from anxin.sites.staff.instruments.words import CHANNELS, LANGUAGES, MARKS, MODES, RESPONDENTS, WINDOWS, Words

Definition = Mapping[str, Any]
_MARKS = [(mark.value, words) for mark, words in MARKS.items()]


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


def _ticked(before: list[str], chosen: list[str]) -> list[str]:
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
        definition["channels"] = _ticked(definition["channels"], data["channels"])
        definition["disclosure"] = data["disclosure"]
        respondents = _ticked(definition.get("respondents", []), data["respondents"])
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


class ScoringPart(Part):
    """Scales over items."""

    key, label = "scoring", gettext_lazy("Scales")
    tables = (("scales", rows.ScaleRow),)

    def initial_rows(self, name: str) -> list[dict[str, Any]]:
        return [
            {
                "name": scale["id"],
                **text_pair(scale["title"]),
                "kind": scale["kind"],
                "numbers": rows.shown_numbers(scale.get("items")),
                "at_least": scale.get("at_least"),
            }
            for scale in self.definition["scales"]
            if _is_plain(scale)
        ]

    @property
    def others(self) -> list[str]:
        """Scales this table cannot show."""
        return [scale["id"] for scale in self.definition["scales"] if not _is_plain(scale)]

    def write(self, definition: dict[str, Any]) -> None:
        known = {scale["id"]: scale for scale in definition["scales"]}
        plain = []
        for row in rows.filled(self.rows["scales"]):
            before = known.get(row["name"], {})
            scale = {
                **(before if not before or _is_plain(before) else {}),
                "id": row["name"],
                "kind": row["kind"],
                "title": texts_of(row["zh"], row["en"]) or {"en": row["name"]},
                "items": row["numbers"],
            }
            put_or_drop(scale, "at_least", row["at_least"])
            plain.append(scale)
        definition["scales"] = _in_old_order(definition["scales"], plain, _is_plain)


def _is_plain(scale: Definition) -> bool:
    return scale["kind"] in rows.PLAIN_KINDS and "reach" not in scale


def _in_old_order(before: list[Any], written: list[Any], is_written: Any) -> list[Any]:
    """Those the table wrote stand where such stood before; the others keep their places between them."""
    waiting, merged = list(written), []
    for one in before:
        if not is_written(one):
            merged.append(one)
        elif waiting:
            merged.append(waiting.pop(0))
    return merged + waiting


class BandsPart(Part):
    """Norm sets and their bands."""

    key, label = "bands", gettext_lazy("Bands")
    tables = (("norms", rows.NormRow),)

    def initial_rows(self, name: str) -> list[dict[str, Any]]:
        return [
            {
                "name": one["id"],
                "scales": ", ".join(one["scales"]),
                "population": one["population"],
                "year": one.get("year"),
                "reference": one["reference"],
                "mark": one["mark"],
                "default": one.get("default", False),
                "bands": rows.shown_bands(one["bands"]),
            }
            for one in self.definition["norm_sets"]
        ]

    def write(self, definition: dict[str, Any]) -> None:
        known = {one["id"]: one for one in definition["norm_sets"]}
        written = []
        for row in rows.filled(self.rows["norms"]):
            norms = {
                **known.get(row["name"], {}),
                "id": row["name"],
                "scales": [
                    part for part in row["scales"].replace("，", ",").replace(",", " ").split() if part
                ],
                "population": row["population"],
                "reference": row["reference"],
                "mark": row["mark"],
                "bands": row["bands"],
            }
            put_or_drop(norms, "year", row["year"])
            norms["default"] = row["default"]
            if not row["default"] and "default" not in known.get(row["name"], {}):
                del norms["default"]
            written.append(norms)
        definition["norm_sets"] = written


class CriticalPart(Part):
    """Critical answers."""

    key, label = "critical", gettext_lazy("Critical answers")
    tables = (("critical", rows.CriticalRow),)

    def initial_rows(self, name: str) -> list[dict[str, Any]]:
        return [
            {
                "name": rule["id"],
                "item": rule["when"][0]["item"],
                "at_least": rule["when"][0]["at_least"],
                "severe_at": rule.get("severe_at"),
                "action": rule["action"],
                "mark": rule["mark"],
            }
            for rule in self.definition.get("critical", [])
            if _is_single(rule)
        ]

    @property
    def others(self) -> list[str]:
        """Rules this table cannot show."""
        return [rule["id"] for rule in self.definition.get("critical", []) if not _is_single(rule)]

    def write(self, definition: dict[str, Any]) -> None:
        known = {rule["id"]: rule for rule in definition.get("critical", [])}
        written = []
        for row in rows.filled(self.rows["critical"]):
            item = row["item"].strip()
            rule = {
                **known.get(row["name"], {}),
                "id": row["name"],
                "when": [{"item": int(item) if item.isdigit() else item, "at_least": row["at_least"]}],
                "action": row["action"],
                "mark": row["mark"],
            }
            put_or_drop(rule, "severe_at", row["severe_at"])
            written.append(rule)
        put_or_drop(
            definition, "critical", _in_old_order(definition.get("critical", []), written, _is_single)
        )


def _is_single(rule: Definition) -> bool:
    return len(rule["when"]) == 1 and set(rule["when"][0]) == {"item", "at_least"}


class TermsForm(VersionForm):
    """What its author allows, and where the figures and words come from."""

    summary = note_field(gettext_lazy("The terms in a sentence"), required=True)
    granted_by = forms.CharField(label=gettext_lazy("Granted by"), required=False, max_length=400)
    credit_line = forms.CharField(label=gettext_lazy("Credit line"), required=False, max_length=400)
    mark = forms.ChoiceField(label=gettext_lazy("How the terms are known"), choices=_MARKS)
    key = forms.ChoiceField(
        label=gettext_lazy("The scoring key"),
        choices=[
            ("verified", gettext_lazy("was compared with the sources named below")),
            ("unverified", gettext_lazy("is known from memory only; nobody is asked with it")),
        ],
    )
    key_sources = note_field(gettext_lazy("Sources of the key, one a line"), required=False)
    wording_sources = note_field(gettext_lazy("Sources of the wording, one a line"), required=False)
    translated = forms.MultipleChoiceField(
        label=gettext_lazy("Our own translation, not a published text"),
        choices=[*LANGUAGES.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("It stays a draft for staff until a reviewer stands for it by name."),
    )
    translator = forms.CharField(label=gettext_lazy("Translated by"), required=False, max_length=120)
    notes = note_field(gettext_lazy("Notes, one a line"), required=False)

    def clean(self) -> None:
        """A verified key names a source, a translation its translator."""
        data = self.cleaned_data
        if data.get("key") == "verified" and not lines_of(data.get("key_sources", "")):
            self.add_error("key_sources", _("Name the source the key was compared with."))
        if data.get("translated") and not data.get("translator"):
            self.add_error("translator", _("Name who translated it."))


def lines_of(text: str) -> list[str]:
    """One entry a line."""
    return [line.strip() for line in text.splitlines() if line.strip()]


class TermsPart(Part):
    """Licence and sources."""

    key, label, form_class = "terms", gettext_lazy("Terms and sources"), TermsForm

    def initial(self) -> dict[str, Any]:
        licence, provenance = self.definition["licence"], self.definition["provenance"]
        translations = provenance.get("translations", {})
        return {
            **{name: licence[name] for name in ("summary", "granted_by", "credit_line", "mark")},
            "key": provenance["key"],
            "key_sources": "\n".join(provenance["key_sources"]),
            "wording_sources": "\n".join(provenance.get("wording", {}).get("sources", [])),
            "translated": list(translations),
            "translator": next((one["translator"] for one in translations.values()), ""),
            "notes": "\n".join(provenance.get("notes", [])),
        }

    def write(self, definition: dict[str, Any]) -> None:
        data = self.form.cleaned_data
        for name in ("summary", "granted_by", "credit_line", "mark"):
            definition["licence"][name] = data[name]
        provenance = definition["provenance"]
        provenance["key"], provenance["key_sources"] = data["key"], lines_of(data["key_sources"])
        put_or_drop(provenance, "notes", lines_of(data["notes"]))
        self._write_wording(provenance, lines_of(data["wording_sources"]))
        before = provenance.get("translations", {})
        translations = {
            language: {
                **before.get(language, {"status": "draft"}),
                "translator": before.get(language, {}).get("translator") or data["translator"],
            }
            for language in data["translated"]
        }
        for language in translations:
            # A text is ours or published, not both.
            provenance.get("wording", {}).get("state", {}).pop(language, None)
        put_or_drop(provenance, "translations", translations)

    def _write_wording(self, provenance: dict[str, Any], sources: Iterable[str]) -> None:
        wording = provenance.get("wording", {"state": {}, "sha256": {}})
        put_or_drop(wording, "sources", list(sources))
        if wording["state"] or wording["sha256"] or "sources" in wording:
            provenance["wording"] = wording


class TextForm(VersionForm):
    """The whole definition."""

    definition = forms.CharField(
        label=gettext_lazy("The whole definition as text (YAML)"),
        widget=forms.Textarea({"rows": 30, "spellcheck": "false"}),
        strip=False,
        error_messages={"required": gettext_lazy("The definition is empty.")},
    )
    compared = forms.MultipleChoiceField(
        label=gettext_lazy("I have compared the words, as they stand here, with two of the sources named"),
        choices=[*LANGUAGES.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


class AdvancedPart(Part):
    """The whole definition as text, for everything the other parts do not show."""

    key, label, form_class = "advanced", gettext_lazy("Advanced"), TextForm

    def initial(self) -> dict[str, Any]:
        return {"definition": instruments.definition_text(self.definition)}

    def put_into(self) -> dict[str, Any]:
        return instruments.parse_definition(self.form.cleaned_data["definition"])


PARTS: dict[str, type[Part]] = {
    part.key: part
    for part in (BasicsPart, WordsPart, ScoringPart, BandsPart, CriticalPart, TermsPart, AdvancedPart)
}


def told(part: Part, error: DefinitionFaulty) -> None:
    """Each fault at the top of the part; what was typed stays."""
    for fault in all_worded(error.faults):
        part.form.add_error(None, fault)
