"""Writes the told warnings down: requests, clocks, warnings, timelines, assessments, calls to staff, and the trail."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from django.db import connection

from anxin.demo.bulk import Uids, insert, take_ids, take_numbers
from anxin.demo.duty import DutyBook
from anxin.demo.story import Author, Clock, Story
from anxin.demo.tides import Tides
from anxin.demo.warnings import Request
from anxin.domains.accounts import api as accounts
from anxin.domains.deadlines import api as deadlines_room
from anxin.domains.risk.contracts import EntryKind
from anxin.kernel.crypto import seal

_CHANNELS = ("in_app", "sms")
_CALLS_KEPT = timedelta(days=30)


def sealed(text: str, column: str) -> str:
    """``text`` as an encrypted column keeps it; empty stays empty."""
    return seal(text, context=column) if text else ""


def write_requests(requests: list[Request], uids: Uids) -> None:
    """The contact requests. Gives each its id and uid."""
    for request, row_id in zip(requests, take_ids("risk_contactrequest", len(requests)), strict=True):
        request.id, request.uid = row_id, uids.at(request.at)
    insert(
        "risk_contactrequest",
        (
            *("id", "uid", "area_id", "scope_path", "phone", "phone_index", "is_safe_now", "call_name"),
            "requested_at",
        ),
        (
            (
                *(one.id, one.uid, one.area.id, one.area.path),
                sealed(one.phone, "risk_contactrequest.phone"),
                *(accounts.login_for_phone(one.phone), one.is_safe_now),
                *(sealed(one.call_name, "risk_contactrequest.call_name"), one.at),
            )
            for one in requests
        ),
    )


def write_clocks(clocks: list[Clock]) -> None:
    """Clocks, running and ended. Gives each its id."""
    for clock, row_id in zip(clocks, take_ids("deadlines_deadline", len(clocks)), strict=True):
        clock.id = row_id
    insert(
        "deadlines_deadline",
        (
            *("id", "uid", "subject_kind", "subject_uid", "stage", "started_at", "due_at", "ladder"),
            *("owner_id", "owner_unit_id", "rung_index", "pages", "next_change_at", "breached_at"),
            *("pause_reason", "is_open", "ended_at", "ended_how", "ended_by"),
        ),
        (
            (
                *(one.id, one.uid, one.subject_kind, one.subject_uid, one.stage, one.started_at),
                *(one.drawn.due_at, deadlines_room.dump_ladder(one.drawn.ladder)),
                *(one.rung.posting_id, one.rung.unit_id, one.index, one.pages, one.next_change()),
                *(one.breached_at, "", one.ended_at is None, one.ended_at, one.ended_how, one.ended_by[:120]),
            )
            for one in clocks
        ),
    )


def write_stories(stories: list[Story], book: DutyBook, tides: Tides, uids: Uids) -> None:
    """Everything of the warnings, in order of their raising, which is the order of their numbers."""
    stories.sort(key=lambda story: story.raised_at)
    write_clocks([clock for story in stories for clock in story.clocks])
    numbers = take_numbers("risk_number", len(stories))
    for story, row_id in zip(stories, take_ids("risk_warning", len(stories)), strict=True):
        story.id, story.number = row_id, f"W-{next(numbers)}"
    insert(
        "risk_warning",
        (
            *("id", "uid", "number", "source", "source_key", "resident_id", "contact_request_id"),
            *("evaluation_id", "unit_id", "scope_path", "reach_path", "proposed_level", "confirmed_level"),
            *("level", "reasons", "route_reason", "sex", "age", "state", "raised_at", "deadline_id"),
            *("clock_running", "holder_id", "acknowledge_due_at", "climbed", "acknowledged_at"),
            *("contacted_at", "assessed_at", "proposed_ending", "proposed_by_id", "signed_by_id"),
            *("merged_into_id", "closed_at", "row_version"),
        ),
        map(_warning_row, stories),
    )
    insert(
        "risk_alarmrecord",
        ("uid", "warning_id", "source", "source_key", "level", "is_news", "raised_at"),
        (
            (uids.at(one.at), story.id, one.source.value, one.key, int(one.level), one.is_news, one.at)
            for story in stories
            for one in story.alarms
        ),
    )
    _write_timelines(stories, uids)
    _write_calls(stories, book, tides, uids)


def _warning_row(one: Story) -> tuple[object, ...]:
    return (
        *(one.id, one.uid, one.number, one.source.value, one.source_key, one.resident_id),
        *(one.contact_request_id, one.evaluation_id, one.unit.id, one.unit.path, one.reach_path),
        *(int(one.proposed_level), None if one.confirmed_level is None else int(one.confirmed_level)),
        *(int(one.level), one.reasons, one.route_reason, one.sex, one.age, one.state.value, one.raised_at),
        *(one.clock.id if one.clock else None, True if one.clock else None),
        *(one.holder.id if one.holder else None, one.acknowledge_due_at, one.climbed),
        *(one.acknowledged_at, one.contacted_at, one.assessed_at, one.ending),
        *(
            one.proposed_by.staff.id if one.proposed_by else None,
            one.signed_by.staff.id if one.signed_by else None,
        ),
        *(one.merged_into.id if one.merged_into else None, one.closed_at, one.version),
    )


def _write_timelines(stories: list[Story], uids: Uids) -> None:
    insert(
        "risk_warningentry",
        (
            *("uid", "warning_id", "happened_at", "kind", "author_kind", "author_uid", "author_label"),
            *("params", "note"),
        ),
        (
            (
                *(uids.at(line.at), story.id, line.at, line.kind.value, line.author.kind, line.author.uid),
                *(line.author.label, line.params, sealed(line.note, "risk_warningentry.note")),
            )
            for story in stories
            for line in story.lines
        ),
    )
    insert(
        "risk_contactattempt",
        ("uid", "warning_id", "channel", "outcome", "tried_at", "by_id", "note"),
        (
            (
                *(uids.at(one.at), story.id, one.channel, one.outcome, one.at, one.by.staff.id),
                sealed(one.note, "risk_contactattempt.note"),
            )
            for story in stories
            for one in story.attempts
        ),
    )
    insert(
        "risk_riskassessment",
        ("uid", "warning_id", "level", "findings", "summary", "by_id", "is_competent", "assessed_at"),
        (
            (
                *(uids.at(one.at), story.id, int(one.level), one.findings),
                *(
                    sealed(one.summary, "risk_riskassessment.summary"),
                    one.by.staff.id,
                    one.is_competent,
                    one.at,
                ),
            )
            for story in stories
            for one in story.assessments
        ),
    )


def _write_calls(stories: Iterable[Story], book: DutyBook, tides: Tides, uids: Uids) -> None:
    """The calls of the last weeks: a number and nothing else, read once the warning was taken over."""
    insert(
        "notices_notice",
        (
            *("uid", "key", "template", "params", "channel", "staff_id", "scope_path", "queued_at"),
            *("next_try_at", "attempts", "sent_at", "gateway", "outcome", "read_at", "lane"),
            *("phone", "secret"),
        ),
        (
            (*row, "prompt", "", "")
            for story in stories
            if story.raised_at >= tides.now - _CALLS_KEPT
            for row in _calls_of(story, book, uids)
        ),
    )


def _calls_of(story: Story, book: DutyBook, uids: Uids) -> Iterator[tuple[object, ...]]:
    rungs = story.clocks[0].drawn.ladder.rungs
    called = [(story.raised_at, rungs[0], "raised")]
    climbs = [line for line in story.lines if line.kind is EntryKind.CLIMBED and line.at <= _taken(story)]
    for index, line in enumerate(climbs, start=1):
        if index < len(rungs):
            called.append((line.at, rungs[index], f"climb:{story.clocks[0].uid}:{index}:0"))
    for at, rung, occasion in called:
        staff_id = book.posting_of[rung.posting_id].staff.id
        for channel in _CHANNELS:
            is_text = channel == "sms"
            yield (
                *(uids.at(at), f"warning:{story.uid}:{occasion}:{staff_id}:{channel}", "warning_waits"),
                *({"number": story.number}, channel, staff_id, story.unit.path, at, at),
                *(int(is_text), at + timedelta(seconds=3) if is_text else None),
                *("null" if is_text else "", "sent" if is_text else "queued"),
                None if is_text else story.acknowledged_at,
            )


def _taken(story: Story) -> datetime:
    return story.acknowledged_at or datetime.max.replace(tzinfo=UTC)


_EVENTS = {
    EntryKind.RAISED: "risk:warning:raised",
    EntryKind.ACKNOWLEDGED: "risk:warning:acknowledged",
    EntryKind.CONTACT_TRIED: "risk:contact:logged",
    EntryKind.CONTACTED: "risk:contact:logged",
    EntryKind.ASSESSED: "risk:warning:assessed",
    EntryKind.ENDING_PROPOSED: "risk:warning:ending_proposed",
    EntryKind.ENDING_SIGNED: "risk:warning:ending_signed",
}
_VIEWED = "risk:warning:viewed"


def write_trail(stories: list[Story], tides: Tides, uids: Uids, *, always: int = 0) -> None:
    """Who did and saw what of the last weeks' warnings, and of all about the resident ``always``."""
    told = [
        one
        for one in stories
        if one.raised_at >= tides.now - _CALLS_KEPT or (always and one.resident_id == always)
    ]
    people = _uids_of_residents({one.resident_id for one in told if one.resident_id is not None})
    insert(
        "audit_auditevent",
        (
            *("uid", "occurred_at", "request_uid", "actor_kind", "actor_uid", "actor_label", "event"),
            *("subject_uid", "subject_number", "node_path", "person_uid", "reason"),
        ),
        (
            (
                *(uids.at(at), at, "", author.kind, author.uid, author.label, event),
                *(story.uid, story.number, story.unit.path, people.get(story.resident_id or 0, ""), ""),
            )
            for story in told
            for at, author, event in _traces(story)
        ),
    )


def _traces(story: Story) -> Iterator[tuple[datetime, Author, str]]:
    """Nobody acts on a warning without having opened it."""
    for line in story.lines:
        event = _EVENTS.get(line.kind)
        if event and line.author.kind == "staff":
            yield line.at - timedelta(seconds=40), line.author, _VIEWED
        if event:
            yield line.at, line.author, event


def _uids_of_residents(ids: set[int]) -> dict[int, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, uid FROM residents_resident WHERE id = ANY(%s)", [list(ids)])
        return dict(cursor.fetchall())
