"""What each side can do now: the form of each step, its words, and the flow that carries it out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.forms import Form
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anxin.domains.referrals import api as referrals
from anxin.domains.referrals.contracts import Act, Evidence, Side, State
from anxin.flows import answer_referral, refer
from anxin.kernel.actor import Actor
from anxin.sites.staff.fields import sent_or_new, with_version
from anxin.sites.staff.referrals.forms import (
    AppointmentForm,
    ConsentForm,
    FeedbackForm,
    HowForm,
    NoteForm,
    ReasonForm,
    StepForm,
    ToldForm,
    TurnForm,
)

if TYPE_CHECKING:
    from anxin.domains.referrals.models import Referral

Run = Callable[[Actor, str, Any], object]
Units = Sequence[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class Kind:
    """One step: whose, when, in which words, and what it does."""

    act: Act | None
    side: Side
    title: str | Promise
    done: str | Promise
    icon: str
    form: type[StepForm]
    run: Run


def _kept(form: Any) -> dict[str, Any]:
    return {"seen_version": form.cleaned_data["seen_version"]}


def _with(form: Any, *names: str) -> dict[str, Any]:
    return {**_kept(form), **{name: form.cleaned_data[name] for name in names}}


_SENDER, _RECEIVER = Side.SENDER, Side.RECEIVER
KINDS: dict[str, Kind] = {
    "consent": Kind(
        Act.RECORD_CONSENT,
        _SENDER,
        _("Record what the person agrees to"),
        _("The consent is kept."),
        "clipboard-check",
        ConsentForm,
        lambda actor, uid, form: refer.record_consent(
            actor=actor, uid=uid, scope=form.scope(), **_kept(form)
        ),
    ),
    "send": Kind(
        Act.SEND,
        _SENDER,
        _("Send it"),
        _("Sent. The other side has been called."),
        "send",
        StepForm,
        lambda actor, uid, form: refer.send(actor=actor, uid=uid, **_kept(form)),
    ),
    "receive": Kind(
        Act.RECEIVE,
        _RECEIVER,
        _("Confirm that it arrived"),
        _("Confirmed. The sender knows that you are looking at it."),
        "check",
        StepForm,
        lambda actor, uid, form: answer_referral.receive(actor=actor, uid=uid, **_kept(form)),
    ),
    "accept": Kind(
        Act.ACCEPT,
        _RECEIVER,
        _("Accept"),
        _("Accepted. What travelled with it is open to you now."),
        "check",
        NoteForm,
        lambda actor, uid, form: answer_referral.accept(actor=actor, uid=uid, **_with(form, "note")),
    ),
    "redirect": Kind(
        Act.REDIRECT,
        _RECEIVER,
        _("Another unit is right"),
        _("Passed on. The sender has been told."),
        "route",
        TurnForm,
        lambda actor, uid, form: answer_referral.redirect(
            actor=actor, uid=uid, to_unit_uid=form.cleaned_data["to_unit"], **_with(form, "reason")
        ),
    ),
    "reject": Kind(
        Act.REJECT,
        _RECEIVER,
        _("Do not accept"),
        _("It is back with the sender, who has been told."),
        "x",
        TurnForm,
        lambda actor, uid, form: answer_referral.reject(
            actor=actor, uid=uid, to_unit_uid=form.cleaned_data["to_unit"], **_with(form, "reason")
        ),
    ),
    "widen": Kind(
        None,
        _SENDER,
        _("The person agrees that another unit is asked"),
        _("The consent is kept."),
        "clipboard-check",
        HowForm,
        lambda actor, uid, form: refer.widen_consent(actor=actor, uid=uid, **_with(form, "how")),
    ),
    "send-on": Kind(
        Act.SEND_ON,
        _SENDER,
        _("Ask another unit"),
        _("Sent. The other side has been called."),
        "send",
        TurnForm,
        lambda actor, uid, form: refer.send_on(
            actor=actor, uid=uid, to_unit_uid=form.cleaned_data["to_unit"], **_with(form, "reason")
        ),
    ),
    "appointment": Kind(
        Act.SCHEDULE,
        _RECEIVER,
        _("Make an appointment"),
        _("The appointment is kept."),
        "calendar",
        AppointmentForm,
        lambda actor, uid, form: answer_referral.schedule(
            actor=actor, uid=uid, at=form.moment(), **_with(form, "note")
        ),
    ),
    "attended": Kind(
        Act.ATTEND,
        _RECEIVER,
        _("The person came"),
        _("Written down. The feedback is owed next."),
        "user-check",
        NoteForm,
        lambda actor, uid, form: answer_referral.attend(actor=actor, uid=uid, **_with(form, "note")),
    ),
    "missed": Kind(
        Act.MISS,
        _RECEIVER,
        _("The person did not come"),
        _("Written down. Make another appointment, or tell the sender."),
        "clock",
        ToldForm,
        lambda actor, uid, form: answer_referral.miss(actor=actor, uid=uid, **_with(form, "note")),
    ),
    "feedback": Kind(
        Act.FEED_BACK,
        _RECEIVER,
        _("Give feedback"),
        _("The feedback is with the sender."),
        "message",
        FeedbackForm,
        lambda actor, uid, form: answer_referral.feed_back(
            actor=actor,
            uid=uid,
            feedback=form.feedback(),
            returns=form.cleaned_data["returns"],
            **_kept(form),
        ),
    ),
    "return": Kind(
        Act.RETURN,
        _RECEIVER,
        _("Return the person to the station"),
        _("Returned. The station has been told."),
        "route",
        NoteForm,
        lambda actor, uid, form: answer_referral.hand_back(actor=actor, uid=uid, **_with(form, "note")),
    ),
    "note": Kind(
        None,
        _RECEIVER,
        _("Note for our own side"),
        _("It is in the timeline of your side."),
        "save",
        ToldForm,
        lambda actor, uid, form: answer_referral.write_note(
            actor=actor, uid=uid, note=form.cleaned_data["note"]
        ),
    ),
    "take-back": Kind(
        Act.TAKE_BACK,
        _SENDER,
        _("Take the person back"),
        _("Taken back. The first follow-up is owed within 14 days."),
        "user-check",
        NoteForm,
        lambda actor, uid, form: refer.take_back(actor=actor, uid=uid, **_with(form, "note")),
    ),
    "follow-up": Kind(
        Act.FOLLOW_UP,
        _SENDER,
        _("First follow-up"),
        _("Written down. The referral has ended."),
        "phone",
        ToldForm,
        lambda actor, uid, form: refer.follow_up(actor=actor, uid=uid, **_with(form, "note")),
    ),
    "close": Kind(
        Act.CLOSE,
        _SENDER,
        _("Feedback read, end the referral"),
        _("The referral has ended."),
        "check",
        NoteForm,
        lambda actor, uid, form: refer.close(actor=actor, uid=uid, **_with(form, "note")),
    ),
    "withdraw": Kind(
        Act.WITHDRAW,
        _SENDER,
        _("Withdraw"),
        _("Withdrawn."),
        "x",
        ReasonForm,
        lambda actor, uid, form: refer.withdraw(actor=actor, uid=uid, **_with(form, "reason")),
    ),
}
_CARE = frozenset({State.ACCEPTED, State.SCHEDULED, State.ATTENDED, State.NOT_ATTENDED, State.FEEDBACK_GIVEN})


@dataclass(frozen=True, slots=True)
class Offered:
    """One step on the page."""

    name: str
    title: str
    icon: str
    form: Form
    is_open: bool


def offered(
    actor: Actor,
    referral: "Referral",
    tried: dict[str, Form],
    *,
    units: Units,
    kinds: Sequence[Evidence],
) -> list[Offered]:
    """The steps this reader may take now, the nearest first."""
    found = []
    for name, kind in KINDS.items():
        if not _is_offered(actor, referral, name, kind):
            continue
        form = sent_or_new(tried, name, kind.form, **options_of(name, referral, units))
        if isinstance(form, ConsentForm) and "evidence" in form.fields:
            form.offer(kinds)
            form.fields["evidence"].initial = (
                [one.value for one in kinds] if "evidence" in form.fields else []
            )
        if name == "send-on" and referral.proposed_unit is not None:
            form.initial["to_unit"] = referral.proposed_unit.uid
        with_version(form, referral.row_version)
        found.append(Offered(name, str(kind.title), kind.icon, form, name in tried or not found))
    return found


def options_of(name: str, referral: "Referral", units: Units) -> dict[str, Any]:
    """What the form of a step has to be told."""
    if KINDS[name].form is TurnForm:
        apart = (referral.from_unit.uid, referral.to_unit.uid)
        return {"units": [(label, [one for one in group if one[0] not in apart]) for label, group in units]}
    if name == "feedback":
        return {"agreed": referral.allows_diagnosis, "was_seen": referral.state == State.ATTENDED}
    return {}


def _is_offered(actor: Actor, referral: "Referral", name: str, kind: Kind) -> bool:
    state = State(referral.state)
    if not referrals.may_act(actor, kind.side, referral):
        return False
    if name == "note":
        return state in _CARE
    if name == "widen":
        return _needs_wider_consent(referral)
    if kind.act not in referrals.acts_from(state, kind.side):
        return False
    if name == "send":
        return referral.consent_at is not None or referral.legal_basis == "emergency"
    return name != "send-on" or not _needs_wider_consent(referral)


def _needs_wider_consent(referral: "Referral") -> bool:
    can_ask = Act.SEND_ON in referrals.acts_from(State(referral.state), Side.SENDER)
    return can_ask and referral.consent_at is not None and not referral.allows_onward
