"""Sending a file."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from anxin.domains.campaigns.contracts import FileFault
from anxin.exchange.roster.words import file_words


class RosterFileForm(forms.Form):
    """One file. What it is, its content says."""

    file = forms.FileField(
        label=_("File with the names"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
        error_messages={
            "required": _("Choose a file first."),
            "empty": _("There is nothing in this file."),
        },
    )

    def clean_file(self) -> Any:
        """Say what to do before anything is kept."""
        sent = self.cleaned_data["file"]
        head = sent.read(4)
        sent.seek(0)
        if sent.size > settings.ANXIN_ROSTER_MAX_BYTES:
            detail = str(settings.ANXIN_ROSTER_MAX_BYTES // 1_000_000)
            raise forms.ValidationError(file_words(FileFault.TOO_LARGE, detail))
        if head == b"\xd0\xcf\x11\xe0":
            raise forms.ValidationError(file_words(FileFault.OLD_EXCEL))
        return sent
