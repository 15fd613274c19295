"""Form fields the staff pages share."""

from collections.abc import Iterable
from typing import Any, TypeVar, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

F = TypeVar("F", bound=forms.Form)
NOTE_LENGTH = 2000
_MISSING_CHOICE = {"required": gettext_lazy("Choose one.")}
_MISSING_WORDS = {"required": gettext_lazy("Write it in a sentence or two.")}


def note_field(label: Any, *, required: bool) -> forms.CharField:
    """A few lines of text."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea({"rows": 3}),
        error_messages=_MISSING_WORDS,
    )


def radios_field(
    label: Any, choices: Iterable[tuple[str, Any]], *, required: bool = True
) -> forms.ChoiceField:
    """One of several."""
    return forms.ChoiceField(
        label=label,
        choices=list(choices),
        widget=forms.RadioSelect,
        required=required,
        error_messages=_MISSING_CHOICE,
    )


def version_field() -> forms.IntegerField:
    """Which version of the thing the page showed."""
    return forms.IntegerField(widget=forms.HiddenInput, required=False)


def with_version(form: F, version: int) -> F:
    """``form`` under a page that shows ``version``: what is sent next is about what is read now."""
    form.initial["seen_version"] = version
    if form.is_bound:
        data = cast("QueryDict", form.data).copy()
        data["seen_version"] = str(version)
        form.data = data
    return form


def sent_or_new(tried: dict[str, forms.Form], name: str, form_class: type[F], **options: Any) -> F:
    """The form as it was sent, with its refusals, or a fresh one."""
    if name in tried:
        return cast("F", tried[name])
    return form_class(auto_id=f"id_{name}_%s", **options)


def unsent_words(tried: dict[str, forms.Form], shown: Iterable[forms.Form | None]) -> tuple[str, ...]:
    """What was typed into a step that is no longer possible: shown again, so that nothing is lost."""
    kept = [form for form in shown if form is not None]
    lost = [form for form in tried.values() if not any(form is one for one in kept)]
    errors = [str(error) for form in lost for error in form.non_field_errors()]
    words = [str(form.data.get(name, "")) for form in lost for name in ("note", "summary", "reason")]
    return tuple(text for text in (*errors, *words) if text)
