"""Sending a file."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from anxin.domains.campaigns.contracts import FileFault
from anxin.exchange.roster.words import file_words
from anxin.kernel.uploads import FileKind, PackedLimits, UploadFault, UploadLimits
from anxin.sites.uploads import CheckedFileField

_FAULTS = {
    UploadFault.DAMAGED: FileFault.DAMAGED,
    UploadFault.EMPTY: FileFault.EMPTY,
    UploadFault.KIND: FileFault.NOT_A_TABLE,
    UploadFault.OLD_OFFICE: FileFault.OLD_EXCEL,
    UploadFault.PROTECTED: FileFault.PROTECTED,
    UploadFault.TOO_LARGE: FileFault.TOO_LARGE,
    UploadFault.UNPACKS_TOO_LARGE: FileFault.TOO_LARGE,
}


def _limits() -> UploadLimits:
    packed = PackedLimits(
        unpacked_bytes=settings.ANXIN_ROSTER_MAX_UNPACKED_BYTES,
        packed_bytes=settings.ANXIN_ROSTER_MAX_WORKBOOK_BYTES,
    )
    kinds = frozenset({FileKind.WORKBOOK, FileKind.TEXT})
    return UploadLimits(kinds=kinds, most_bytes=settings.ANXIN_ROSTER_MAX_BYTES, packed=packed)


def _words(fault: UploadFault, detail: str) -> str:
    return file_words(_FAULTS[fault], detail)


class RosterFileForm(forms.Form):
    """One file. What it is, its content says."""

    file = CheckedFileField(
        limits=_limits,
        words=_words,
        label=_("File with the names"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
        error_messages={
            "required": _("Choose a file first."),
            "empty": _("There is nothing in this file."),
        },
    )
