"""The form in which a person, or a colleague with them, says how they may be reached."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anxin.domains.notices.contracts import CLOSABLE, Channel, WishDraft

if TYPE_CHECKING:
    from anxin.domains.notices.models import ContactWish

WAYS: dict[Channel, str | Promise] = {
    Channel.SMS: pgettext_lazy("contact", "Text message"),
    Channel.VOICE: pgettext_lazy("contact", "Phone call"),
    Channel.WECHAT: pgettext_lazy("contact", "WeChat"),
    Channel.EMAIL: pgettext_lazy("contact", "E-mail"),
}


class WishForm(forms.Form):
    """The ways that are open, the safe one, the safe hours."""

    open = forms.MultipleChoiceField(
        label=_("How we may reach you"), widget=forms.CheckboxSelectMultiple, required=False
    )
    email = forms.EmailField(label=_("E-mail address"), required=False, max_length=120)
    safe_channel = forms.ChoiceField(
        label=_("Is one of these safer than the others?"), widget=forms.RadioSelect, required=False
    )
    safe_from = forms.TimeField(
        label=_("Safe from"), required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )
    safe_until = forms.TimeField(
        label=_("Safe until"), required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )

    def __init__(self, data: Any = None, *, wish: "ContactWish") -> None:
        """``wish`` is what holds now."""
        offered = [one for one in CLOSABLE if one is not Channel.WECHAT or wish.wechat_openid]
        super().__init__(
            data,
            initial={
                "open": [one.value for one in offered if _is_open(one, wish)],
                "email": wish.email,
                "safe_channel": wish.safe_channel,
                "safe_from": wish.safe_from,
                "safe_until": wish.safe_until,
            },
        )
        choices = [(one.value, WAYS[one]) for one in offered]
        self.fields["open"].choices = choices  # type: ignore[attr-defined]
        self.fields["safe_channel"].choices = [  # type: ignore[attr-defined]
            ("", pgettext_lazy("contact", "No, all the same")),
            *choices,
        ]

    def draft(self) -> WishDraft:
        """What was said."""
        said = self.cleaned_data
        return WishDraft(
            open=frozenset(Channel(one) for one in said["open"]),
            safe_channel=Channel(said["safe_channel"]) if said["safe_channel"] else None,
            safe_from=said["safe_from"],
            safe_until=said["safe_until"],
            email=said["email"],
        )


def _is_open(channel: Channel, wish: "ContactWish") -> bool:
    if channel in (Channel.WECHAT, Channel.EMAIL):
        return channel.value in wish.agreed
    return channel.value not in wish.refused
