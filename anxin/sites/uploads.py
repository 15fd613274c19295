"""The one form field for a file from outside. Every upload passes :mod:`anxin.kernel.uploads` before a view sees it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from anxin.kernel.uploads import UploadFault, UploadLimits, UploadRefused, look_over, safe_name

_WORDS = {
    UploadFault.DAMAGED: _(
        "The file is damaged, or another file is hidden in it. Save it anew and send that one."
    ),
    UploadFault.EMPTY: _("There is nothing in this file."),
    UploadFault.KIND: _("This is not a kind of file that can be taken in here."),
    UploadFault.OLD_OFFICE: _("This is a file of an old Office. Save it in a newer form and send that one."),
    UploadFault.PROTECTED: _("The file has a password. Save it without one and send it again."),
    UploadFault.TOO_LARGE: _("The file is larger than %(detail)s MB."),
    UploadFault.UNPACKS_TOO_LARGE: _(
        "Opened, the file becomes far too large. Save it anew and send that one."
    ),
}


def _words(fault: UploadFault, detail: str) -> str:
    return str(_WORDS[fault]) % {"detail": detail}


class CheckedFileField(forms.FileField):
    """A file within ``limits``, under a harmless name. ``words`` says a fault with its detail."""

    def __init__(
        self,
        *,
        limits: Callable[[], UploadLimits],
        words: Callable[[UploadFault, str], str] | None = None,
        **kwargs: Any,
    ) -> None:
        self._limits, self._words = limits, words or _words
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The file, at its beginning."""
        sent = super().clean(data, initial)
        if not isinstance(sent, UploadedFile):
            return sent
        sent.name = safe_name(sent.name or "")
        try:
            look_over(sent, size=sent.size or 0, limits=self._limits())
        except UploadRefused as refused:
            raise forms.ValidationError(self._words(refused.fault, refused.detail)) from None
        return sent
