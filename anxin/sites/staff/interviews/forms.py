"""What is written down before, during and after an interview."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anxin.domains.assessments.api import Way
from anxin.domains.assessments.contracts import Conduct, ConsentBasis, InterviewDraft, Relation
from anxin.domains.instruments.contracts import Instrument, Respondent
from anxin.sites.staff.fields import note_field, radios_field
from anxin.sites.staff.interviews.words import CONDUCTS, CONSENTS, LOOKS, RELATIONS, RESPONDENTS

_ANSWERING = (Respondent.SELF, Respondent.PARENT, Respondent.TEACHER, Respondent.INFORMANT)
DECLINED = "declined"


class NewInterviewForm(forms.Form):
    """Which form, how, with what agreement, and who answers."""

    form = forms.ChoiceField(
        label=pgettext_lazy("interview", "Form"), choices=(), error_messages={"required": _("Choose one.")}
    )
    conduct = radios_field(_("How"), ((one.value, words) for one, words in CONDUCTS.items()))
    consent = radios_field(_("Agreement"), ((one.value, words) for one, words in CONSENTS.items()))
    respondent = radios_field(
        _("Who answers"), ((one.value, RESPONDENTS[one]) for one in _ANSWERING), required=False
    )
    informant_name = forms.CharField(
        label=_("Name of who answers about the person"), max_length=40, required=False
    )
    informant_relation = forms.ChoiceField(
        label=_("Who they are to the person"),
        required=False,
        choices=[("", _("not needed")), *((one.value, words) for one, words in RELATIONS.items())],
    )
    paper_on = forms.DateField(
        label=_("Day on the paper"), required=False, widget=forms.DateInput({"type": "date"})
    )
    order_reason = note_field(_("Why it is asked again before its time"), required=False)

    def __init__(self, *args: Any, choices: Iterable[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["form"].choices = list(choices)  # type: ignore[attr-defined]

    def draft(self, instrument: Instrument) -> InterviewDraft:
        """As the room takes it. A form for professionals has one respondent, whatever was ticked."""
        data = self.cleaned_data
        respondent = Respondent(data["respondent"]) if data["respondent"] else Respondent.SELF
        if instrument.respondents == (Respondent.CLINICIAN,):
            respondent = Respondent.CLINICIAN
        relation = data["informant_relation"]
        return InterviewDraft(
            instrument=str(instrument.id),
            language=data["form"].partition("|")[2],
            conduct=Conduct(data["conduct"]),
            consent=ConsentBasis(data["consent"]),
            respondent=respondent,
            informant_name=data["informant_name"],
            informant_relation=Relation(relation) if relation else None,
            paper_on=data["paper_on"],
            order_reason=data["order_reason"],
        )


class AskForm(forms.Form):
    """One question: a printed answer, or that the person would not say."""

    value = forms.ChoiceField(
        label=_("Answer"),
        error_messages={
            "required": _("Choose the answer, or that the person would not say."),
            "invalid_choice": _("Choose the answer, or that the person would not say."),
        },
    )

    def __init__(self, *args: Any, way: Way, place: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._refusal = way.refusal(place)
        codes = [str(option.code) for option in way.options(place)]
        self.fields["value"].choices = [(code, code) for code in (*codes, DECLINED)]  # type: ignore[attr-defined]

    def code(self) -> int | None:
        """The code to keep. Where the form has a code for declining it counts as the form says."""
        value = self.cleaned_data["value"]
        return self._refusal if value == DECLINED else int(value)


class PaperForm(forms.Form):
    """A whole paper. A question may be blank on it."""

    def __init__(self, *args: Any, way: Way, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place in way.places:
            codes = [str(option.code) for option in way.options(place)]
            refusal = way.refusal(place)
            if refusal is not None:
                codes.append(str(refusal))
            self.fields[f"q{place}"] = forms.TypedChoiceField(
                coerce=int, required=False, empty_value=None, choices=[(code, code) for code in codes]
            )

    def answers(self) -> dict[int, int | None]:
        """What was entered, by place; a blank is ``None``."""
        return {int(name[1:]): value for name, value in self.cleaned_data.items()}


class LookForm(forms.Form):
    """A second look."""

    outcome = radios_field(_("What you did"), ((one.value, words) for one, words in LOOKS.items()))
    note = note_field(_("What you found"), required=True)
