"""Taking over, reaching the person, assessing; and what the clock writes when nobody does."""

from anxin.domains.audit.api import command
from anxin.domains.deadlines.contracts import Climb, ClockOrder
from anxin.domains.risk.contracts import (
    AlreadyTaken,
    ContactChannel,
    ContactOutcome,
    EntryKind,
    Findings,
    Level,
    Permission,
    ReasonMissing,
    WarningState,
)
from anxin.domains.risk.models import ContactAttempt, RiskAssessment, Warning
from anxin.domains.risk.rules.lifecycle import TRANSITIONS, effective_level
from anxin.domains.risk.services.writing import (
    call_boards,
    locked,
    require_competence,
    save,
    staff_id_of,
    switch_clock,
    widen_reach,
    write_entry,
)
from anxin.kernel import clock
from anxin.kernel.actor import Actor


@command("risk:warning:acknowledged")
def acknowledge(*, actor: Actor, warning_uid: str, posting_id: int, order: ClockOrder) -> Warning:
    """Take the warning over. Raises ``AlreadyTaken`` with who and when; two rivals get one winner."""
    warning = locked(actor, warning_uid, Permission.ACT)
    staff_id_of(actor)
    if warning.state != WarningState.NEW:
        taken_by = warning.holder.staff.name if warning.holder else ""
        at = f"{clock.local(warning.acknowledged_at):%H:%M}" if warning.acknowledged_at else ""
        raise AlreadyTaken(holder=taken_by, at=at)
    warning.state, warning.holder_id, warning.acknowledged_at = (
        WarningState.ACKNOWLEDGED,
        posting_id,
        clock.now(),
    )
    switch_clock(warning, order, actor=actor)
    write_entry(warning, EntryKind.ACKNOWLEDGED, actor=actor, unit=order.ladder.rungs[0].unit_name)
    return save(warning, "state", "holder", "acknowledged_at", "deadline")


@command("risk:warning:joined")
def join(*, actor: Actor, warning_uid: str) -> Warning:
    """一起处理: a second person helps; the holder stays."""
    warning = locked(actor, warning_uid, Permission.ACT)
    write_entry(warning, EntryKind.JOINED, actor=actor)
    call_boards(warning)
    return warning


@command("risk:contact:logged")
def log_contact(
    *,
    actor: Actor,
    warning_uid: str,
    channel: ContactChannel,
    outcome: ContactOutcome,
    note: str,
    order_if_reached: ClockOrder | None,
) -> ContactAttempt:
    """Keep one attempt. Reaching the person meets the contact clock; anything else lets it run on.

    ``order_if_reached``: the clock of the next step, needed when the person was reached.
    """
    if outcome is ContactOutcome.REACHED and order_if_reached is None:
        raise ValueError("whoever was reached has to be assessed, and that takes a clock")
    warning = locked(actor, warning_uid, Permission.ACT)
    if warning.state == WarningState.NEW:
        TRANSITIONS.check(WarningState.NEW, WarningState.CONTACTED)
    if warning.state == WarningState.CLOSED:
        TRANSITIONS.check(WarningState.CLOSED, WarningState.CONTACTED)
    attempt = ContactAttempt.objects.create(
        warning=warning,
        channel=channel.value,
        outcome=outcome.value,
        tried_at=clock.now(),
        by_id=staff_id_of(actor),
        note=note,
    )
    reached = outcome is ContactOutcome.REACHED
    kind = EntryKind.CONTACTED if reached else EntryKind.CONTACT_TRIED
    write_entry(warning, kind, actor=actor, note=note, channel=channel.value, outcome=outcome.value)
    if reached and warning.state == WarningState.ACKNOWLEDGED:
        warning.state, warning.contacted_at = WarningState.CONTACTED, clock.now()
        switch_clock(warning, order_if_reached, actor=actor)
    save(warning, "state", "contacted_at", "deadline")
    return attempt


@command("risk:warning:assessed")
def assess(
    *,
    actor: Actor,
    warning_uid: str,
    level: Level,
    findings: Findings,
    summary: str,
    is_competent_for_high: bool,
    order: ClockOrder,
) -> RiskAssessment:
    """A structured assessment.

    Confirming, or stepping down from, L3 and L4 needs a competent person; high never falls.
    """
    warning = locked(actor, warning_uid, Permission.ASSESS)
    if warning.state != WarningState.ASSESSED:
        TRANSITIONS.check(WarningState(warning.state), WarningState.ASSESSED)
    if not summary.strip():
        raise ReasonMissing(field="summary")
    if max(level, warning.level) >= Level.L3:
        require_competence(is_competent_for_high)
    assessment = RiskAssessment.objects.create(
        warning=warning,
        level=int(level),
        findings={name: getattr(findings, name) for name in Findings.__slots__},
        summary=summary,
        by_id=staff_id_of(actor),
        is_competent=is_competent_for_high,
        assessed_at=clock.now(),
    )
    before = Level(warning.level)
    warning.confirmed_level = int(level)
    warning.level = int(effective_level(current=before, assessed=level))
    warning.state, warning.assessed_at = WarningState.ASSESSED, clock.now()
    warning.proposed_ending, warning.proposed_by_id = "", None
    switch_clock(warning, order, actor=actor)
    write_entry(warning, EntryKind.ASSESSED, actor=actor, note=summary, level=int(level), before=int(before))
    save(
        warning,
        *("confirmed_level", "level", "state", "assessed_at", "proposed_ending", "proposed_by", "deadline"),
    )
    return assessment


@command("risk:warning:climbed")
def record_climb(*, actor: Actor, climb: Climb, reach_path: str) -> Warning | None:
    """What the clock did: a breach, a rung, a page. ``None`` when the warning ended meanwhile."""
    warning = (
        Warning.objects.select_for_update(of=("self",))
        .filter(uid=climb.subject_uid)
        .exclude(state=WarningState.CLOSED)
        .first()
    )
    if warning is None:
        return None
    rung = climb.rung
    if climb.breached_now:
        write_entry(warning, EntryKind.BREACHED, actor=actor, stage=climb.stage)
    if climb.to_index > climb.from_index:
        write_entry(
            warning,
            EntryKind.CLIMBED,
            actor=actor,
            rung=rung.rung.value,
            holder=rung.holder,
            unit=rung.unit_name,
        )
        warning.climbed = True
        widen_reach(warning, reach_path)
    elif climb.paged_now:
        write_entry(warning, EntryKind.PAGED, actor=actor, holder=rung.holder, unit=rung.unit_name)
    return save(warning, "climbed", "reach_path")
