"""A roster goes in once, in sets, whatever happens in between; what is doubtful waits and comes back marked."""

import io
import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from python_calamine import CalamineWorkbook

from anxin.domains.audit.models import AuditEvent
from anxin.domains.campaigns import api as campaigns
from anxin.domains.campaigns.contracts import CampaignNotFound, FileRefused, RosterClosed
from anxin.domains.campaigns.models import Campaign, Group, Participant, RosterFault, RosterImport
from anxin.domains.campaigns.rules.codes import read_code
from anxin.domains.campaigns.services import roster as roster_services
from anxin.domains.campaigns.services.roster import identity_index
from anxin.exchange.roster import files
from anxin.exchange.tests.rosters import HEADER, csv_bytes, id_number, person, xlsx_bytes
from anxin.flows import import_roster
from anxin.flows.tests.campaign_ground import open_campaign
from anxin.kernel import sealed_files
from anxin.kernel.crypto import UnreadableCiphertext
from anxin.kernel.errors import NotPermitted
from anxin.kernel.unit_of_work import unit_of_work
from tests import small_city
from tests.requirements_marker import requirement
from tests.small_city import SYSTEM, SmallCity


@pytest.fixture(autouse=True)
def state(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.STATE_DIR = tmp_path
    monkeypatch.setattr(import_roster, "SET_SIZE", 4)
    return tmp_path


@pytest.fixture
def campaign(city: SmallCity) -> Campaign:
    return open_campaign(city)


def send(city: SmallCity, campaign: Campaign, content: bytes, *, by: str = "zhao-ning") -> RosterImport:
    return import_roster.receive(
        actor=city.actor(by), campaign_uid=campaign.uid, file_name="名单.csv", chunks=[content]
    )


def bring_in(city: SmallCity, campaign: Campaign, content: bytes) -> RosterImport:
    roster = send(city, campaign, content)
    import_roster.carry_on({"roster": roster.uid, "language": "zh-hans"})
    return stored(roster)


def stored(roster: RosterImport) -> RosterImport:
    with unit_of_work(SYSTEM):
        return RosterImport.objects.get(uid=roster.uid)


def people() -> list[Participant]:
    with unit_of_work(SYSTEM):
        return list(Participant.objects.select_related("group").order_by("roster_row"))


def faults() -> list[tuple[int, str, str, str]]:
    with unit_of_work(SYSTEM):
        return list(RosterFault.objects.order_by("row", "id").values_list("row", "column", "fault", "detail"))


def counts(roster: RosterImport) -> tuple[str, int, int, int, int]:
    return (roster.state, roster.total_rows, roster.accepted, roster.unchanged, roster.refused)


TEN = [HEADER, *(person(serial) for serial in range(10))]


@requirement("R-067", "R-069")
def test_a_roster_becomes_classes_with_codes_and_people_without_their_numbers(
    city: SmallCity, campaign: Campaign, state: Path
) -> None:
    roster = bring_in(city, campaign, csv_bytes([HEADER, *(person(serial) for serial in (1, 2, 50))]))
    assert counts(roster) == ("finished", 3, 3, 0, 0)
    found = people()
    assert [one.group.name for one in found] == ["1 班", "1 班", "2 班"]
    assert all(read_code(one.group.code) == one.group.code for one in found)
    assert found[0].name == person(1)[2]
    assert found[0].identity_index == identity_index(id_number(1, sex="f"))
    assert (found[0].consent, found[0].state, found[0].scope_path) == (
        "awaited",
        "listed",
        campaign.scope_path,
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(p)::text FROM campaigns_participant p")
        rows = " ".join(row[0] for row in cursor.fetchall())
    assert rows == ""  # without a scope nothing is seen
    with unit_of_work(SYSTEM), connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(p)::text FROM campaigns_participant p")
        rows = " ".join(row[0] for row in cursor.fetchall())
    assert id_number(1, sex="f") not in rows
    assert person(1)[2] not in rows
    assert list((state / "rosters").iterdir()) == []


def test_the_file_lies_sealed_until_it_was_read(city: SmallCity, campaign: Campaign, state: Path) -> None:
    content = csv_bytes(TEN)
    roster = send(city, campaign, content)
    [file] = (state / "rosters").iterdir()
    assert person(1)[2].encode() not in file.read_bytes()
    assert file.stat().st_mode & 0o777 == 0o600
    assert b"".join(files.read_upload(roster.uid)) == content
    damaged = bytearray(file.read_bytes())
    damaged[100] ^= 1
    file.write_bytes(damaged)
    with pytest.raises(UnreadableCiphertext):
        list(files.read_upload(roster.uid))


def test_a_sealed_file_that_was_cut_short_is_not_read_to_its_end(state: Path) -> None:
    sealed_files.write(state / "f", [b"x" * 200_000], limit=10**6)
    whole = (state / "f").read_bytes()
    (state / "f").write_bytes(whole[: len(whole) // 2 // 65552 * 65552 + 38 + 65552])
    with pytest.raises(UnreadableCiphertext):
        list(sealed_files.read(state / "f"))
    with pytest.raises(sealed_files.TooLarge):
        sealed_files.write(state / "g", [b"x" * 11], limit=10)
    assert not (state / "g").exists()


@requirement("R-067")
def test_good_rows_go_in_faulty_ones_wait_and_the_mended_file_changes_nothing_else(
    city: SmallCity, campaign: Campaign
) -> None:
    table = [list(row) for row in TEN]
    true = table[3][3]
    table[3][3] = true[:6] + true[7] + true[6] + true[8:]
    table[5][2] = ""
    table[8][5] = "男" if table[8][5] == "女" else "女"
    roster = bring_in(city, campaign, csv_bytes(table))
    assert counts(roster) == ("finished", 10, 7, 0, 3)
    assert [(row, column, rule) for row, column, rule, _ in faults()] == [
        (4, "id_number", "id_swapped"),
        (6, "name", "name_missing"),
        (9, "sex", "sex_contradicts"),
    ]
    assert "7-8" in faults()[0][3]
    before = {one.identity_index: (one.uid, one.token_version, one.roster_row) for one in people()}
    again = bring_in(city, campaign, csv_bytes(TEN))
    assert counts(again) == ("finished", 10, 3, 7, 0)
    after = {one.identity_index: (one.uid, one.token_version, one.roster_row) for one in people()}
    assert len(after) == 10
    assert {key: after[key] for key in before} == before
    third = bring_in(city, campaign, csv_bytes(TEN))
    assert counts(third) == ("finished", 10, 0, 10, 0)


@requirement("R-069")
def test_the_same_person_twice_is_there_once_and_the_second_row_says_where(
    city: SmallCity, campaign: Campaign
) -> None:
    other_name = [*person(2)[:2], "郑远远", *person(2)[3:]]
    far = [person(serial) for serial in range(3, 9)]
    table = [HEADER, person(1), person(2), person(1), *far, other_name]
    roster = bring_in(city, campaign, csv_bytes(table))
    assert counts(roster) == ("finished", 10, 8, 0, 2)
    assert faults() == [
        (4, "id_number", "twice", "2"),
        (11, "id_number", "twice_other_name", "3"),
    ]
    assert [one.name for one in people()][:2] == [person(1)[2], person(2)[2]]


def test_who_is_there_already_stays_as_they_are(city: SmallCity, campaign: Campaign) -> None:
    bring_in(city, campaign, csv_bytes(TEN))
    renamed = [*person(1)[:2], "郑远远", *person(1)[3:]]
    moved = [person(2)[0], "9 班", *person(2)[2:]]
    new_phone = [*person(3)[:6], "13999999999"]
    roster = bring_in(city, campaign, csv_bytes([HEADER, renamed, moved, new_phone]))
    assert counts(roster) == ("finished", 3, 0, 1, 2)
    assert [(row, rule) for row, _, rule, _ in faults()] == [
        (2, "known_other_name"),
        (3, "known_other_class"),
    ]
    found = {one.roster_row: one for one in people()}
    assert found[3].name == person(1)[2]
    assert found[4].group.name == "1 班"
    assert found[5].guardian_phone == person(3)[6]


def test_one_number_belongs_to_one_person_of_a_class(city: SmallCity, campaign: Campaign) -> None:
    twin = [*person(2)[:4], person(1)[4], *person(2)[5:]]
    other_class = [person(3)[0], "8 班", *person(3)[2:4], person(1)[4], *person(3)[5:]]
    bring_in(city, campaign, csv_bytes([HEADER, person(1), twin, other_class]))
    assert [(row, rule) for row, _, rule, _ in faults()] == [(3, "number_taken")]
    assert len(people()) == 2


def test_a_class_without_numbers_gets_them_after_those_that_are_there(
    city: SmallCity, campaign: Campaign
) -> None:
    bare = [[*person(serial)[:4], "" if serial else "12", *person(serial)[5:]] for serial in range(4)]
    bring_in(city, campaign, csv_bytes([HEADER, *bare]))
    assert [one.roster_number for one in people()] == ["12", "13", "14", "15"]


@requirement("R-067")
@pytest.mark.parametrize("make", [csv_bytes, xlsx_bytes])
def test_the_file_comes_back_marked_and_harmless(
    city: SmallCity, campaign: Campaign, state: Path, make: Any
) -> None:
    table = [list(row) for row in TEN[:4]]
    table[2][2] = '=HYPERLINK("http://example.org","x")'
    table[3][3] = "123"
    roster = bring_in(city, campaign, make(table))
    assert roster.has_marked_file
    assert [file.suffix for file in (state / "rosters").iterdir()] == [".marked"]
    content = b"".join(files.read_marked(roster.uid))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows[0] == ["问题", "行", *HEADER]
    assert [row[1] for row in rows[1:]] == [2, 3, 4]
    assert rows[1][0] == ""
    assert "姓名" in rows[2][0]
    assert "18" in rows[3][0]
    assert "123" not in rows[3][0]
    assert rows[2][4] == table[2][2]
    assert rows[1][2:] == [str(cell) for cell in table[1]]
    import zipfile

    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        xml = packed.read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in xml
        assert b"quotePrefix" in packed.read("xl/styles.xml")
    mended = bring_in(city, campaign, content)
    assert counts(mended) == ("finished", 3, 0, 1, 2)


def test_a_refused_file_leaves_nobody_and_nothing(city: SmallCity, campaign: Campaign, state: Path) -> None:
    roster = bring_in(city, campaign, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100))
    assert (roster.state, roster.failure) == ("failed", "old_excel")
    assert people() == []
    assert list((state / "rosters").iterdir()) == []


def test_a_file_in_which_everything_is_wrong_is_left_early(
    city: SmallCity, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_roster, "MAX_FAULTY_ROWS", 5)
    table = [HEADER, *([*person(serial)[:3], "1", *person(serial)[4:]] for serial in range(20))]
    roster = bring_in(city, campaign, csv_bytes(table))
    assert (roster.state, roster.failure, roster.next_row) == ("failed", "too_many_faults", 8)


def test_a_larger_file_than_allowed_is_refused_at_the_door(
    city: SmallCity, campaign: Campaign, settings: Any, state: Path
) -> None:
    settings.ANXIN_ROSTER_MAX_BYTES = 100
    with pytest.raises(FileRefused):
        send(city, campaign, csv_bytes(TEN))
    assert list((state / "rosters").iterdir()) == []
    with unit_of_work(SYSTEM):
        assert RosterImport.objects.count() == 0


@pytest.mark.parametrize(
    ("by", "error"), [("chen-mo", CampaignNotFound), ("zhou-xing", (CampaignNotFound, NotPermitted))]
)
def test_nobody_else_brings_names_in(
    city: SmallCity, campaign: Campaign, by: str, error: Any, state: Path
) -> None:
    with pytest.raises(error):
        send(city, campaign, csv_bytes(TEN), by=by)
    with unit_of_work(SYSTEM):
        assert RosterImport.objects.count() == 0
    assert list((state / "rosters").iterdir()) == []


@pytest.mark.parametrize("step", ["draft", "ethics_check", "quality_check", "archived", "cancelled"])
def test_names_come_in_only_between_approval_and_the_end(city: SmallCity, step: str) -> None:
    campaign = open_campaign(city, state=step)
    with pytest.raises(RosterClosed):
        send(city, campaign, csv_bytes(TEN))


@requirement("R-067")
def test_an_import_that_broke_off_goes_on_at_the_next_set(
    city: SmallCity, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    roster = send(city, campaign, csv_bytes(TEN))
    take, calls = import_roster._take, []

    def break_off(*args: Any) -> int:
        calls.append(args[1])
        if len(calls) == 2:
            raise OSError("the power is gone")
        return take(*args)

    monkeypatch.setattr(import_roster, "_take", break_off)
    with pytest.raises(OSError, match="power"):
        import_roster.carry_on({"roster": roster.uid})
    assert (stored(roster).state, stored(roster).next_row, len(people())) == ("reading", 4, 4)
    import_roster.carry_on({"roster": roster.uid})
    assert calls == [0, 4, 4, 8]
    assert counts(stored(roster)) == ("finished", 10, 10, 0, 0)
    import_roster.carry_on({"roster": roster.uid})  # at least once: a second time finds nothing to do
    assert counts(stored(roster)) == ("finished", 10, 10, 0, 0)
    assert len(people()) == 10


def test_what_is_given_up_says_so_and_what_went_in_stays(city: SmallCity, campaign: Campaign) -> None:
    roster = send(city, campaign, csv_bytes(TEN))
    import_roster.give_up({"roster": roster.uid})
    assert (stored(roster).state, stored(roster).failure) == ("failed", "given_up")


def test_the_same_file_sent_twice_at_once_is_one_import(
    city: SmallCity, campaign: Campaign, state: Path
) -> None:
    first = send(city, campaign, csv_bytes(TEN))
    second = send(city, campaign, csv_bytes(TEN))
    assert first.uid == second.uid
    assert len(list((state / "rosters").iterdir())) == 1


def _at_once(*works: Any) -> list[Any]:
    gate, results = threading.Barrier(len(works), timeout=60), []

    def run(work: Any) -> None:
        try:
            gate.wait()
            work()
        except Exception as error:
            results.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


@requirement("R-069")
def test_two_files_with_the_same_people_at_once_leave_each_there_once(fresh_db: str) -> None:
    city = small_city.build()
    campaign = open_campaign(city)
    table = [person(serial) for serial in range(40)]
    one = send(city, campaign, csv_bytes([HEADER, *table]))
    two = send(city, campaign, csv_bytes([HEADER, *reversed(table)]))
    errors = _at_once(
        lambda: import_roster.carry_on({"roster": one.uid}),
        lambda: import_roster.carry_on({"roster": two.uid}),
    )
    assert errors == []
    assert len(people()) == 40
    both = [stored(one), stored(two)]
    assert [roster.state for roster in both] == ["finished", "finished"]
    assert sum(roster.accepted for roster in both) == 40
    assert sum(roster.unchanged for roster in both) == 40
    with unit_of_work(SYSTEM):
        assert Group.objects.count() == 1


@requirement("R-069")
def test_one_file_read_by_two_at_once_is_taken_once(fresh_db: str) -> None:
    city = small_city.build()
    campaign = open_campaign(city)
    roster = send(city, campaign, csv_bytes([HEADER, *(person(serial) for serial in range(40))]))
    errors = _at_once(*[lambda: import_roster.carry_on({"roster": roster.uid})] * 2)
    assert all("faster" in str(error) or "not there" in str(error) for error in errors), errors
    import_roster.carry_on({"roster": roster.uid})
    found = stored(roster)
    assert (found.accepted, found.refused, len(people())) == (40, 0, 40)


def test_what_was_looked_at_is_in_the_trail_and_nobody_by_name(city: SmallCity, campaign: Campaign) -> None:
    bring_in(city, campaign, csv_bytes(TEN))
    events = set(AuditEvent.objects.values_list("event", flat=True))
    assert {
        "campaigns:roster:received",
        "campaigns:participants:listed",
        "campaigns:roster:finished",
    } <= events
    with unit_of_work(city.actor("zhao-ning")):
        counted = campaigns.group_counts(actor=city.actor("zhao-ning"), campaign=campaign)
    assert [(one.name, one.listed, one.consent_awaited) for one in counted] == [("1 班", 10, 10)]


def test_a_rival_who_brings_in_the_same_person_between_two_looks_is_no_fault(
    city: SmallCity, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_in(city, campaign, csv_bytes([HEADER, person(1)]))
    sorted_out, looks = roster_services._sorted_out, []

    def blind_at_first(*args: Any) -> Any:
        looks.append(args)
        return (list(args[1]), 0, []) if len(looks) == 1 else sorted_out(*args)

    monkeypatch.setattr(roster_services, "_sorted_out", blind_at_first)
    roster = bring_in(city, campaign, csv_bytes([HEADER, person(1), person(2)]))
    assert counts(roster) == ("finished", 2, 1, 1, 0)
    assert len(people()) == 2
