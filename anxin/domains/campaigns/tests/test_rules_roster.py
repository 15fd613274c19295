"""What is wrong with a row is said by its place and its rule, and never guessed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anxin.domains.campaigns.contracts import RosterHeader, RosterRow
from anxin.domains.campaigns.rules.roster import find_header, plain, read_date, read_row, swapped_places
from anxin.kernel.identifiers_cn import check_character
from tests.requirements_marker import requirement

TODAY = date(2026, 11, 24)
TITLES = ("姓名", "证件类型", "身份证号", "班级", "性别", "出生日期", "本人电话", "监护人电话", "学号")
BODY = "99010120120305123"
GOOD = BODY + check_character(BODY)  # a boy, born on 2012-03-05


def header() -> RosterHeader:
    found = find_header([(1, TITLES)])
    assert found is not None
    return found


def row(**changes: object) -> RosterRow:
    cells: dict[str, object] = {"姓名": "赵安", "身份证号": GOOD, "班级": "1班", **changes}
    return read_row(
        header(),
        [cells.get(title, "") for title in TITLES],
        sheet="",
        number=7,
        today=TODAY,
        default_group="",
    )


def wrong(**changes: object) -> list[tuple[str, str]]:
    return [(one.column.value, one.rule.value) for one in row(**changes).faults]


def test_a_whole_row_has_no_fault_and_knows_what_the_number_says() -> None:
    found = row()
    assert found.faults == ()
    assert (found.identity, found.born_on, found.sex) == (GOOD, date(2012, 3, 5), "m")


@requirement("R-067")
@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"姓名": ""}, ("name", "name_missing")),
        ({"姓名": "赵安2"}, ("name", "name_odd")),
        ({"姓名": "=HYPERLINK(1)"}, ("name", "name_odd")),
        ({"姓名": "赵" * 61}, ("name", "name_odd")),
        ({"身份证号": ""}, ("id_number", "id_missing")),
        ({"身份证号": GOOD[:17]}, ("id_number", "id_length")),
        ({"身份证号": GOOD[:16] + "AB"}, ("id_number", "id_length")),
        ({"身份证号": 9.9010120120305e17}, ("id_number", "id_rounded")),
        ({"身份证号": "9.90101E+17"}, ("id_number", "id_rounded")),
        ({"证件类型": "护照", "身份证号": "E1?", "出生日期": "2012-03-05"}, ("id_number", "id_other")),
        ({"证件类型": "护照", "身份证号": "E12345678"}, ("born_on", "born_missing")),
        ({"性别": "女"}, ("sex", "sex_contradicts")),
        ({"性别": "未知"}, ("sex", "sex_unreadable")),
        ({"出生日期": "2012-03-06"}, ("born_on", "born_contradicts")),
        ({"出生日期": "三月五日"}, ("born_on", "born_unreadable")),
        ({"班级": ""}, ("group", "class_missing")),
        ({"班级": "班" * 81}, ("group", "text_too_long")),
        ({"本人电话": "1380000000"}, ("phone", "phone")),
        ({"监护人电话": "无"}, ("guardian_phone", "guardian_phone")),
        ({"学号": "1" * 41}, ("roster_number", "text_too_long")),
    ],
)
def test_each_fault_is_named_by_its_column_and_rule(
    changes: dict[str, object], fault: tuple[str, str]
) -> None:
    assert wrong(**changes) == [fault]


def test_several_faults_of_a_row_are_all_said() -> None:
    assert wrong(姓名="", 班级="", 性别="?") == [
        ("group", "class_missing"),
        ("name", "name_missing"),
        ("sex", "sex_unreadable"),
    ]


def test_other_documents_need_a_date_of_birth_and_then_are_whole() -> None:
    found = row(证件类型="护照", 身份证号="E12345678", 出生日期="2012-03-05", 性别="女")
    assert found.faults == ()
    assert found.identity == "护照:E12345678"
    assert found.sex == "f"


def test_an_old_number_of_fifteen_digits_becomes_eighteen() -> None:
    assert row(身份证号="990101800305123").identity.startswith("99010119800305123")


def test_somebody_not_yet_born_is_a_fault() -> None:
    body = "99010120300305123"
    assert wrong(身份证号=body + check_character(body)) == [("id_number", "age_odd")]


@requirement("R-067")
@given(place=st.integers(0, 16), serial=st.integers(0, 999))
def test_two_swapped_neighbours_are_found_at_their_place(place: int, serial: int) -> None:
    body = f"99010120120305{serial:03d}"
    true = body + check_character(body)
    typed = true[:place] + true[place + 1] + true[place] + true[place + 2 :]
    if typed == true or "X" in typed[:17]:
        return
    assert place + 1 in swapped_places(typed)
    [fault] = [one for one in row(身份证号=typed).faults if one.column.value == "id_number"]
    assert fault.rule.value in ("id_swapped", "id_rounded", "id_date")
    assert not [one for one in (typed, true) if one in fault.detail]


def test_what_else_the_row_says_narrows_the_place_down() -> None:
    typed = GOOD[:12] + GOOD[13] + GOOD[12] + GOOD[14:]  # 05 → 50: no such day
    [fault] = row(身份证号=typed, 出生日期="2012-03-05", 性别="男").faults
    assert (fault.rule.value, fault.detail) == ("id_swapped", "13-14")


def test_any_other_wrong_digit_is_a_check_fault() -> None:
    found = {
        fault.rule.value
        for digit in "0123456789"
        if digit != GOOD[5]
        for fault in row(身份证号=GOOD[:5] + digit + GOOD[6:], 出生日期="2012-03-05").faults
    }
    assert found <= {"id_check", "id_swapped"}
    assert "id_check" in found


@given(st.one_of(st.text(max_size=40), st.floats(), st.integers(), st.none(), st.booleans()))
def test_no_cell_breaks_the_reader(cell: object) -> None:
    assert isinstance(plain(cell), str)
    for title in TITLES:
        assert row(**{title: cell}).number == 7


@given(st.dates(date(1910, 1, 1), date(2026, 1, 1)))
def test_a_date_is_read_in_every_writing(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    for written in (
        f"{day:%Y-%m-%d}",
        f"{day:%Y/%m/%d}",
        f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日",
    ):
        assert read_date(written) == day
    assert read_date(str(serial)) == day


def test_the_number_a_child_types_is_the_short_one() -> None:
    found = find_header([(1, ("全国学籍号", "座号", "姓名", "联系电话", "家长电话"))])
    assert found is not None
    by_column = {column.value: found.titles[place] for column, place in found.places}
    assert by_column == {"roster_number": "座号", "name": "姓名", "guardian_phone": "家长电话"}
