"""Promising one attempt, or sending one text at once."""

from anxin.domains.notices import library
from anxin.domains.notices.contracts import (
    CARRIED,
    Channel,
    Delivery,
    Hours,
    Lane,
    Letter,
    NotTheirPhone,
    ParamsWrong,
    Template,
    Wishes,
)
from anxin.domains.notices.models import ContactWish, Notice
from anxin.domains.notices.rules.reach import opens_at
from anxin.domains.notices.rules.wording import check_params, render
from anxin.domains.notices.services.bell import tell_person
from anxin.domains.notices.services.carriers import hand_over, sender
from anxin.domains.residents import api as residents
from anxin.domains.residents.contracts import Purpose
from anxin.kernel import clock, jobs
from anxin.kernel.actor import Actor
from anxin.kernel.ids import new_uid
from anxin.kernel.unit_of_work import unit_of_work

SENDING = "notices.send_ordinary"
LANGUAGE = "zh"
HOUSE = Actor.system("notices")


def queue(
    *,
    actor: Actor,
    key: str,
    template: str,
    channel: Channel | str,
    params: dict[str, str],
    scope_path: str,
    staff_id: int | None = None,
    resident_id: int | None = None,
    phone: str = "",
    secret: str = "",
) -> Notice:
    """Promise one message to one person by one way. A second promise with the same ``key`` is the same promise.

    ``phone`` is for somebody without an archive. What the template calls secret comes apart from the other values.
    """
    chosen = library.template(template)
    check_words(chosen, params, secret)
    demand_own_phone(resident_id=resident_id, phone=phone)
    return put_in_line(
        Notice(
            key=key,
            template=template,
            channel=Channel(channel).value,
            params=params,
            lane=chosen.lane.value,
            staff_id=staff_id,
            resident_id=resident_id,
            phone=phone,
            secret=secret,
            scope_path=scope_path,
        )
    )


def put_in_line(notice: Notice, wishes: Wishes | None = None) -> Notice:
    """Keep ``notice`` unless its key is kept already, and see to it that somebody sends it."""
    moment = clock.now()
    opens = moment
    if notice.lane == Lane.ORDINARY and notice.channel in CARRIED:
        opens = opens_at(
            clock.local(moment), lane=Lane.ORDINARY, quiet=library.orders().quiet, wishes=wishes or Wishes()
        )
    fields = {one.attname: getattr(notice, one.attname) for one in Notice._meta.concrete_fields}
    for name in ("id", "uid", "key"):
        fields.pop(name)
    fields |= {"queued_at": moment, "next_try_at": opens}
    kept, is_new = Notice.objects.get_or_create(key=notice.key, defaults=fields)
    if is_new and kept.channel == Channel.IN_APP:
        tell_person(staff_id=kept.staff_id)
    if is_new and kept.lane == Lane.ORDINARY and kept.channel in CARRIED:
        jobs.defer(job=SENDING, queue=jobs.Queue.NOTICES, key="all", payload={})
    return kept


def text_now(
    *, actor: Actor, phone: str, template: str, params: dict[str, str], language: str = LANGUAGE
) -> Delivery:
    """Send one text at once and keep nothing of it: for codes, which must not lie in a table."""
    chosen = library.template(template)
    check_params(chosen, params)
    return hand_over(
        Letter(Channel.SMS, phone, render(chosen, params, language), new_uid(), sender(), template)
    )


def check_words(template: Template, params: dict[str, str], secret: str) -> None:
    """Raise ``ParamsWrong`` unless these values may enter ``template``."""
    if bool(secret) != bool(template.secret) or template.secret in params:
        raise ParamsWrong(field=template.key)
    check_params(template, {**params, template.secret: secret} if template.secret else params)


def demand_own_phone(*, resident_id: int | None, phone: str) -> None:
    """A number that is given besides the person's own belongs to somebody else: only while they agree to that."""
    if resident_id is not None and phone:
        with unit_of_work(HOUSE):
            agreed = residents.consent_in_force(
                actor=HOUSE, resident_id=resident_id, purpose=Purpose.EMERGENCY_CONTACT
            )
        if not agreed:
            raise NotTheirPhone


def wishes_of(resident_id: int | None) -> tuple[ContactWish | None, Wishes]:
    """The person's row and what it says; nothing said means the phone they gave and the list here."""
    row = ContactWish.objects.filter(resident_id=resident_id).first() if resident_id is not None else None
    return row, read_wishes(row)


def read_wishes(row: ContactWish | None) -> Wishes:
    """A row in the words of the rules."""
    if row is None:
        return Wishes()
    hours = Hours(row.safe_from, row.safe_until) if row.safe_from and row.safe_until else None
    return Wishes(
        refused=frozenset(Channel(one) for one in row.refused),
        agreed=frozenset(Channel(one) for one in row.agreed),
        safe_channel=Channel(row.safe_channel) if row.safe_channel else None,
        safe_hours=hours,
    )
