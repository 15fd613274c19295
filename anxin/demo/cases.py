"""The cases that grew out of warnings: how they went, and how they are written down."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from anxin.demo.bulk import Uids, insert, take_ids, take_numbers
from anxin.demo.case_story import CaseStory
from anxin.demo.duty import DutyBook
from anxin.demo.lives import findings_of
from anxin.demo.records import sealed, write_clocks
from anxin.demo.staff import PostingPlan
from anxin.demo.story import Story
from anxin.domains.cases.contracts import CaseState, LegalBasis
from anxin.domains.network.contracts import Rung
from anxin.domains.risk.contracts import HIGH, Level

_OPENED = ("评估后需要持续陪伴，一起做安全计划。", "本人同意由驿站跟进，开案。")
_FIRST = ("有念头，没有计划，家人知情并陪伴。", "近期打击较大，念头时有时无，愿意配合。")
_FIRST_AT_L4 = ("有想法也有打算，家人已收好身边的东西，今天有人陪。",)
_LOWER = ("两周来没有再出现念头，睡眠好转。", "能正常上班，和家人说得上话。")
_CALM = ("状态平稳，知道不舒服时可以找谁。", "恢复日常，愿意结束定期联系。")
_PLAN = ("和本人一起写好安全计划，本人留一份。", "安全计划已写好，家人在场。")
_WORK = ("约定每周见面一次。", "开始每周一次的会谈，家人一起参加一次。")
_CALLS = ("电话聊了近况，睡眠有好转。", "面谈五十分钟，情绪比上次平稳。", "本人来站，聊了工作上的事。")
_FOLLOW = ("转入随访，按期联系。", "目标达到大半，转入随访。")
_ENDS = {
    CaseState.CLOSED: "两次评估平稳，目标已一起回顾，同意结案。",
    CaseState.TRANSFERRED: "已由医院接续治疗，资料已移交。",
    CaseState.LOST: "搬离本市，多次联系不上，已告知当地。",
}
_ASSESSING = frozenset({"counsellor", "therapist", "psychiatrist", "hotline_supervisor"})


def tell_cases(
    stories: list[Story], book: DutyBook, rng: Random, uids: Uids, now: datetime
) -> list[CaseStory]:
    """A case for each warning that asked for one, as it went until ``now``."""
    told = []
    for story in stories:
        if (
            story.case_wanted_at is None
            or story.proposed_by is None
            or story.proposed_by.post not in _ASSESSING
        ):
            continue
        has_agreed = story.resident_id is not None and rng.random() < 0.8
        case = CaseStory(
            book=book,
            uids=uids,
            warning=story,
            manager=story.proposed_by,
            opened_at=story.case_wanted_at,
            legal_basis=(LegalBasis.CONSENT if has_agreed else LegalBasis.EMERGENCY).value,
            reason=rng.choice(_OPENED),
        )
        for moment in _Life(case, book, rng).steps():
            if moment > now:
                break
        if case.clock is not None:
            case.pass_time(now)
        told.append(case)
    return sorted(told, key=lambda case: case.opened_at)


class _Life:
    """What happens to one case; yields the moment of each step before it is done."""

    def __init__(self, case: CaseStory, book: DutyBook, rng: Random) -> None:
        self.case, self.book, self.rng = case, book, rng

    def steps(self) -> Iterator[datetime]:
        case, rng = self.case, self.rng
        words = _FIRST_AT_L4 if case.level >= Level.L4 else _FIRST
        at = self._when(0.05, 0.6)
        yield at
        case.assess(at, self._assessor(at), case.level, findings_of(case.level, rng), rng.choice(words))
        for state, notes in ((CaseState.SAFETY_PLANNED, _PLAN), (CaseState.INTERVENING, _WORK)):
            at = self._when(0.05, 0.5)
            yield at
            case.enter(at, case.manager, state, rng.choice(notes))
        for _ in range(rng.randrange(2, 6)):
            at = self._when(0.4, 0.95)
            yield at
            case.contact(
                at, case.manager, rng.choice(("phone", "visit", "visit")), "reached", rng.choice(_CALLS)
            )
        ending = rng.choices(tuple(_ENDS), (0.82, 0.12, 0.06))[0]
        if ending is not CaseState.CLOSED:
            yield from self._end(ending)
            return
        yield from self._lower(Level.L2, _LOWER)
        at = self._when(0.2, 0.6)
        yield at
        case.enter(at, case.manager, CaseState.FOLLOWUP, rng.choice(_FOLLOW))
        yield from self._follow_up(rng.randrange(5, 8))
        yield from self._end(CaseState.CLOSED)

    def _follow_up(self, times: int) -> Iterator[datetime]:
        """Contacts inside their windows; the last two, weeks apart, are assessments that find the person well."""
        case, rng = self.case, self.rng
        for number in range(1, times + 1):
            at = self._when(0.86, 0.97)
            yield at
            if number >= times - 1:
                yield from self._lower(Level.L1, _CALM, at)
            else:
                case.contact(at, case.manager, "phone", "reached", rng.choice(_CALLS))

    def _lower(self, level: Level, words: tuple[str, ...], at: datetime | None = None) -> Iterator[datetime]:
        moment = at or self._when(0.3, 0.9)
        if at is None:
            yield moment
        case, by = self.case, self._assessor(moment)
        reader = self._colleague(moment, by) if case.level >= HIGH and level < case.level else None
        new = min(level, case.level)
        case.assess(moment, by, new, findings_of(new, self.rng), self.rng.choice(words), reader)

    def _end(self, ending: CaseState) -> Iterator[datetime]:
        at = self._when(0.3, 0.9)
        if ending is CaseState.LOST:
            # Three days, three ways, the last of them at the door.
            at = self.case.lines[-1].at
            for channel in ("phone", "sms", "visit"):
                at += timedelta(hours=self.rng.randrange(24, 30))
                yield at
                self.case.contact(at, self.case.manager, channel, "no_answer", "")
            at += timedelta(hours=self.rng.randrange(2, 20))
        yield at
        self.case.end(at, self._colleague(at, self.case.checks[-1].by), ending, _ENDS[ending])

    def _assessor(self, at: datetime) -> PostingPlan:
        """The manager, when competent; else whoever is competent and on duty above."""
        if self.case.manager.staff.is_competent_for_high_risk:
            return self.case.manager
        return self._colleague(at, self.case.manager)

    def _colleague(self, at: datetime, of: PostingPlan) -> PostingPlan:
        route = self.book.route(
            self.case.warning.unit,
            Level.L3,
            at,
            without=(of.staff.id, self.case.manager.staff.id),
            rung=Rung.COUNTY,
        )
        return self.book.posting_of[route.candidate.posting_id]

    def _when(self, low: float, high: float) -> datetime:
        """A moment within the time of the running step, seldom a little after it."""
        running, rng = self.case.running, self.rng
        start = running.seen or running.started_at
        left = max(running.drawn.due_at - start, timedelta(minutes=1))
        if rng.random() < 0.04:
            return max(running.drawn.due_at, start) + timedelta(minutes=rng.uniform(5, 50))
        return start + left * rng.uniform(low, high)


def write_cases(cases: list[CaseStory], uids: Uids) -> None:
    """Everything of the cases, in order of their opening."""
    write_clocks([clock for case in cases for clock in case.clocks])
    numbers = take_numbers("cases_number", len(cases))
    for case, row_id in zip(cases, take_ids("cases_case", len(cases)), strict=True):
        case.id, case.number = row_id, f"C-{next(numbers)}"
    insert(
        "cases_case",
        (
            *("id", "uid", "number", "resident_id", "contact_request_id", "unit_id", "scope_path"),
            *("legal_basis", "level", "state", "manager_id", "deadline_id", "clock_running"),
            *("opened_at", "closed_at", "row_version"),
        ),
        (
            (
                *(one.id, one.uid, one.number, one.warning.resident_id, one.warning.contact_request_id),
                *(
                    one.warning.unit.id,
                    one.warning.unit.path,
                    one.legal_basis,
                    int(one.level),
                    one.state.value,
                ),
                *(one.manager.id, one.clock.id if one.clock else None, True if one.clock else None),
                *(one.opened_at, one.closed_at, one.version),
            )
            for one in cases
        ),
    )
    insert(
        "cases_casewarning",
        ("case_id", "warning_id", "attached_at"),
        ((one.id, one.warning.id, one.opened_at) for one in cases),
    )
    _write_lines(cases, uids)


def _write_lines(cases: list[CaseStory], uids: Uids) -> None:
    insert(
        "cases_casestatus",
        ("uid", "case_id", "state", "entered_at", "author_uid", "author_label", "note"),
        (
            (uids.at(at), case.id, state.value, at, by.uid, by.label, sealed(note, "cases_casestatus.note"))
            for case in cases
            for at, state, by, note in case.statuses
        ),
    )
    insert(
        "cases_caseentry",
        (
            *("uid", "case_id", "happened_at", "kind", "author_kind", "author_uid", "author_label"),
            *("params", "note"),
        ),
        (
            (
                *(uids.at(line.at), case.id, line.at, line.kind.value, line.author.kind, line.author.uid),
                line.author.label,
                line.params | {"warning": case.warning.number} if "warning" in line.params else line.params,
                sealed(line.note, "cases_caseentry.note"),
            )
            for case in cases
            for line in case.lines
        ),
    )
    insert(
        "cases_caseassessment",
        ("uid", "case_id", "level", "findings", "summary", "by_id", "second_reader_id", "assessed_at"),
        (
            (
                *(uids.at(one.at), case.id, int(one.level), one.findings),
                *(sealed(one.summary, "cases_caseassessment.summary"), one.by.staff.id),
                *(one.second_reader.staff.id if one.second_reader else None, one.at),
            )
            for case in cases
            for one in case.checks
        ),
    )
