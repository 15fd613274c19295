"""Terms and sources, and the whole definition as text."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anxin.domains.instruments import api as instruments
from anxin.sites.staff.fields import note_field
from anxin.sites.staff.instruments.part import Part, VersionForm, put_or_drop
from anxin.sites.staff.instruments.words import LANGUAGES, MARKS

_MARKS = [(mark.value, words) for mark, words in MARKS.items()]


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
