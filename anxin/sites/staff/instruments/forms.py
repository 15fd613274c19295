"""What the instrument pages ask for besides the definition itself."""

import hashlib
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anxin.domains.instruments import api as instruments
from anxin.domains.instruments.contracts import BoundText, Instrument, LicenceRecord
from anxin.kernel.uploads import FileKind, PackedLimits, UploadLimits
from anxin.sites.staff.fields import note_field, version_field
from anxin.sites.staff.instruments.words import LANGUAGES
from anxin.sites.uploads import CheckedFileField

# Addresses under /staff/instruments/ that are pages and cannot be an instrument.
RESERVED = frozenset({"new"})
_NUMBER_MISSING = {"required": gettext_lazy("Write a number.")}
MOST_EVIDENCE_BYTES = 20_000_000
_EVIDENCE = UploadLimits(
    kinds=frozenset({FileKind.PDF, FileKind.PNG, FileKind.JPEG, FileKind.DOCUMENT, FileKind.TEXT}),
    most_bytes=MOST_EVIDENCE_BYTES,
    packed=PackedLimits(unpacked_bytes=200_000_000, packed_bytes=MOST_EVIDENCE_BYTES),
)


def _evidence_limits() -> UploadLimits:
    return _EVIDENCE


def name_field() -> forms.CharField:
    """The short name in addresses and files."""
    return forms.CharField(
        label=gettext_lazy("Short name"),
        max_length=40,
        help_text=gettext_lazy(
            "Lower-case letters, digits and hyphens, like sleep-diary. It stays for ever."
        ),
        error_messages={"required": gettext_lazy("Give it a short name.")},
    )


class _Named(forms.Form):
    def clean_name(self) -> str:
        """Not the name of a page."""
        name = str(self.cleaned_data["name"]).strip()
        if name in RESERVED:
            raise forms.ValidationError(_("Choose another name, please."))
        return name


class NewInstrumentForm(_Named):
    """An instrument from nothing."""

    name = name_field()
    title_zh = forms.CharField(
        label=gettext_lazy("Title in Chinese"),
        max_length=120,
        error_messages={"required": gettext_lazy("Give it a title.")},
    )
    title_en = forms.CharField(label=gettext_lazy("Title in English"), max_length=120, required=False)
    items = forms.IntegerField(
        label=gettext_lazy("How many questions"), min_value=1, max_value=600, error_messages=_NUMBER_MISSING
    )
    codes = forms.IntegerField(
        label=gettext_lazy("How many answers to choose from"),
        min_value=2,
        max_value=11,
        initial=4,
        help_text=gettext_lazy("They are numbered from 0; that can be changed afterwards."),
        error_messages=_NUMBER_MISSING,
    )

    def titles(self) -> dict[str, str]:
        """By language."""
        found = {"zh-Hans": self.cleaned_data["title_zh"], "en": self.cleaned_data["title_en"]}
        return {name: text for name, text in found.items() if text}


class CopyForm(_Named):
    """The next version, or a copy under another name."""

    name = name_field()
    changes = note_field(gettext_lazy("What will be different, and why"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = False


class StepForm(forms.Form):
    """One step on the way of a version; a reason where the step asks for one."""

    seen_version = version_field()
    step = forms.CharField(widget=forms.HiddenInput)
    reason = note_field(gettext_lazy("Reason"), required=False)


class DecisionForm(forms.Form):
    """A second person's decision."""

    seen_version = version_field()
    step = forms.ChoiceField(
        label=gettext_lazy("Your decision"),
        choices=[
            ("approve", gettext_lazy("I have compared it with its sources and approve it")),
            ("give_back", gettext_lazy("It goes back to the author")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one.")},
    )
    reason = note_field(gettext_lazy("What you compared, or what has to be mended"), required=True)

    def __init__(self, *args: Any, waiting: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        languages = [(name, LANGUAGES[name]) for name in waiting]
        if languages:
            self.fields["translations"] = forms.MultipleChoiceField(
                label=_("Translations you stand for with your name"),
                choices=languages,
                widget=forms.CheckboxSelectMultiple,
                required=False,
                help_text=_("A translation that is not ticked stays a draft, for staff only."),
            )


class TextForm(forms.Form):
    """A licensed text and its permission. One line of the text for each question, in form order."""

    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=[*LANGUAGES.items()])
    instruction = note_field(gettext_lazy("Instruction"), required=False)
    questions = forms.CharField(
        label=gettext_lazy("Questions, one a line, in the order of the form"),
        widget=forms.Textarea({"rows": 10}),
        error_messages={"required": gettext_lazy("Write the questions.")},
    )
    options = forms.CharField(
        label=gettext_lazy("Answers to choose from, one a line"),
        widget=forms.Textarea({"rows": 5}),
        error_messages={"required": gettext_lazy("Write the answers.")},
    )
    holder = forms.CharField(label=gettext_lazy("Holder of the rights"), max_length=200, required=False)
    number = forms.CharField(label=gettext_lazy("Number of the permission"), max_length=120, required=False)
    scope = note_field(gettext_lazy("What it permits, where and to whom"), required=False)
    expires_on = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    evidence = CheckedFileField(
        limits=_evidence_limits,
        label=gettext_lazy("The permission as a file"),
        required=False,
        help_text=gettext_lazy("Only its name and fingerprint are kept here. Keep the file in your archive."),
    )

    def text(self, instrument: Instrument) -> BoundText:
        """The lines, given to the questions of the form in order. Surplus lines are told as questions it lacks."""
        lines = _lines(self.cleaned_data["questions"])
        names = list(instruments.question_names(instrument))
        named = dict.fromkeys(names, "")
        for place, line in enumerate(lines):
            named[names[place] if place < len(names) else str(place + 1)] = line
        return BoundText(
            questions=named,
            options={"*": tuple(_lines(self.cleaned_data["options"]))},
            instruction=self.cleaned_data["instruction"].strip(),
        )

    def licence(self) -> LicenceRecord:
        """The permission as recorded; it may lack something until somebody activates the text."""
        file = self.cleaned_data.get("evidence")
        data = self.cleaned_data
        return LicenceRecord(
            holder=data["holder"],
            number=data["number"],
            scope=data["scope"],
            expires_on=data["expires_on"],
            evidence_name=str(file.name)[:200] if isinstance(file, UploadedFile) else "",
            evidence_sha256=_sha256(file) if isinstance(file, UploadedFile) else "",
        )


class TextStepForm(forms.Form):
    """Activate a licensed text, or end it."""

    step = forms.CharField(widget=forms.HiddenInput)
    reason = note_field(gettext_lazy("Reason"), required=False)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _sha256(file: UploadedFile) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    return digest.hexdigest()
