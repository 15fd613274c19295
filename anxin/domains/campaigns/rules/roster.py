"""Reading what schools really send: which column is which, and what is wrong with a row. Pure.

Full-width digits and spaces, numbers that a spreadsheet turned into floats, dates as serials or in any of the usual
writings, words for the same column. A number is never guessed: where a digit was lost or two were swapped, the row
waits and says where.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from anxin.domains.campaigns.contracts import (
    Fault,
    FileFault,
    FileRefused,
    RosterColumn,
    RosterHeader,
    RosterRow,
    RowFault,
)
from anxin.kernel.identifiers_cn import (
    IdNumberInvalid,
    PhoneInvalid,
    check_character,
    normalise_phone,
    read_id_number,
)

C, F = RosterColumn, RowFault
Cell = object
OLDEST_YEARS = 120
EXACT_FLOAT = 2**53
MAY_LOOK_AT = 20  # rows above the header: titles, remarks, the school's name
LONGEST_NAME, LONGEST_GROUP, LONGEST_NUMBER = 60, 80, 40

SYNONYMS: Mapping[RosterColumn, tuple[str, ...]] = {
    C.NAME: ("姓名", "学生姓名", "名字", "学生", "职工姓名", "员工姓名", "居民姓名", "name"),
    C.ID_KIND: ("证件类型", "身份证件类型", "证件种类"),
    C.ID_NUMBER: (
        *("身份证号", "身份证", "身份证号码", "身份证件号", "身份证件号码", "证件号", "证件号码"),
        *(
            "公民身份号码",
            "学生身份证号",
            "学生身份证号码",
            "学生身份证",
            "居民身份证号",
            "身份号码",
            "idnumber",
        ),
    ),
    C.GRADE: ("年级", "所在年级", "年级名称", "grade"),
    C.GROUP: (
        *("班级", "所在班级", "班", "班级名称", "班别", "行政班", "部门", "车间", "科室", "小组", "class"),
    ),
    C.ROSTER_NUMBER: (
        *(
            "学号",
            "学籍号",
            "座号",
            "班内学号",
            "学生学号",
            "全国学籍号",
            "校内学号",
            "工号",
            "编号",
            "number",
        ),
    ),
    C.SEX: ("性别", "学生性别", "sex", "gender"),
    C.BORN_ON: ("出生日期", "出生年月日", "生日", "出生年月", "出生", "birthday", "dateofbirth"),
    C.PHONE: ("手机号", "手机", "本人手机", "本人电话", "学生电话", "手机号码", "phone", "mobile"),
    C.GUARDIAN_PHONE: (
        *("监护人电话", "家长电话", "家长手机", "家长手机号", "监护人手机", "监护人手机号", "监护人联系电话"),
        *(
            "家长联系电话",
            "联系电话",
            "家长联系方式",
            "监护人联系方式",
            "联系方式",
            "父母电话",
            "guardianphone",
        ),
    ),
}
_COLUMN = {word: column for column, words in SYNONYMS.items() for word in words}
# Two columns can mean the number within a class; the shorter one is what a child types.
_ROSTER_NUMBER_RANK = ("座号", "班内学号", "校内学号", "学号", "学生学号", "工号", "编号", "number")
_HEADER_NOISE = re.compile(r"[\s*＊:：]+|[(（【\[][^)）】\]]*[)）】\]]")
_NAME = re.compile(r"^[^\W\d_](?:[^\W\d_]|[ ·'\-.])*$")
_SCIENTIFIC = re.compile(r"^[0-9](?:\.[0-9]+)?[eE]\+?[0-9]{1,2}$")
_WHOLE = re.compile(r"^([0-9]+)\.0+$")
_DATE = re.compile(r"^([12][0-9]{3})[-/.年]?([01]?[0-9])[-/.月]?([0-3]?[0-9])日?(?:[ T]00:00(?::00)?)?$")
_MAINLAND_CARD = ("", "居民身份证", "身份证", "中华人民共和国居民身份证", "1")
_SEXES = {"男": "m", "男性": "m", "m": "m", "1": "m", "女": "f", "女性": "f", "f": "f", "2": "f"}
_EPOCH = date(
    1899, 12, 30
)  # day 0 of a spreadsheet; serials below 61 are wrong by its leap-year fault, and older than anybody


def plain(cell: Cell) -> str:
    """The text of a cell as a person reads it: narrow digits, single spaces, no ``.0`` behind a whole number."""
    if isinstance(cell, str):
        return _plain_text(cell)
    if cell is None or isinstance(cell, bool):
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < EXACT_FLOAT else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return str(cell)


@lru_cache(maxsize=4096)
def _plain_text(text: str) -> str:
    narrow = unicodedata.normalize("NFKC", text).replace("​", "").replace("﻿", "")
    narrow = " ".join(narrow.split())
    if narrow[:1] == "'":
        narrow = narrow[1:]
    whole = _WHOLE.match(narrow)
    return whole[1] if whole else narrow


def find_header(rows: Sequence[tuple[int, Sequence[Cell]]]) -> RosterHeader | None:
    """The first row that names people and at least one more column; ``rows`` are the first of the sheet."""
    best: RosterHeader | None = None
    for number, cells in rows[:MAY_LOOK_AT]:
        titles = tuple(plain(cell) for cell in cells)
        header = RosterHeader(number, _places(titles), titles)
        if len(header.places) >= 2 and (best is None or len(header.places) > len(best.places)):
            best = header
    return best


def check_header(header: RosterHeader) -> None:
    """Raise :class:`FileRefused` when rows under ``header`` cannot be told apart."""
    columns = header.columns
    if C.NAME not in columns:
        raise FileRefused(FileFault.NO_NAME_COLUMN)
    if C.ID_NUMBER not in columns:
        raise FileRefused(FileFault.NO_ID_COLUMN)
    seen = [_COLUMN.get(_title(title)) for title in header.titles]
    for column in (C.NAME, C.ID_NUMBER, C.GROUP):
        if seen.count(column) > 1:
            raise FileRefused(FileFault.COLUMN_TWICE, header.titles[seen.index(column)])


def is_header_again(header: RosterHeader, cells: Sequence[Cell]) -> bool:
    """Whether a row repeats the header, as printed lists do on every page."""
    place = header.columns[C.NAME]
    return place < len(cells) and _title(plain(cells[place])) in SYNONYMS[C.NAME]


def is_empty(header: RosterHeader, cells: Sequence[Cell]) -> bool:
    """Whether nothing stands in any column we know. A lone class, left by a merged cell, is nothing."""
    return not any(
        plain(cells[place])
        for column, place in header.places
        if place < len(cells) and column not in (C.GROUP, C.GRADE)
    )


def read_row(
    header: RosterHeader,
    cells: Sequence[Cell],
    *,
    sheet: str,
    number: int,
    today: date,
    default_group: str = "",
) -> RosterRow:
    """One person, or what is wrong with the row."""
    raw = {column: cells[place] for column, place in header.places if place < len(cells)}
    text = {column: plain(cell) for column, cell in raw.items()}
    faults: list[Fault] = []
    identity, born_of_id, sex_of_id = _identity(text, raw, faults)
    born_on = _born_on(raw.get(C.BORN_ON), text.get(C.BORN_ON, ""), born_of_id, faults, today)
    is_card = text.get(C.ID_KIND, "") in _MAINLAND_CARD
    if born_on is None and not is_card and not any(one.column is C.BORN_ON for one in faults):
        faults.append(Fault(C.BORN_ON, F.BORN_MISSING))
    group = text.get(C.GROUP, "") or default_group
    if not group:
        faults.append(Fault(C.GROUP, F.CLASS_MISSING))
    for column, longest in ((C.GROUP, LONGEST_GROUP), (C.GRADE, 40), (C.ROSTER_NUMBER, LONGEST_NUMBER)):
        if len(text.get(column, "")) > longest:
            faults.append(Fault(column, F.TEXT_TOO_LONG))
    return RosterRow(
        sheet=sheet,
        number=number,
        name=_name(text.get(C.NAME, ""), faults),
        identity=identity,
        grade=text.get(C.GRADE, ""),
        group=group,
        roster_number=text.get(C.ROSTER_NUMBER, ""),
        sex=_sex(text.get(C.SEX, ""), sex_of_id, faults),
        born_on=born_on,
        phone=_phone(text.get(C.PHONE, ""), C.PHONE, F.PHONE, faults),
        guardian_phone=_phone(text.get(C.GUARDIAN_PHONE, ""), C.GUARDIAN_PHONE, F.GUARDIAN_PHONE, faults),
        faults=tuple(faults),
    )


def swapped_places(number: str, *, born_on: date | None = None, sex: str = "") -> tuple[int, ...]:
    """Places (from 1) where two neighbours, changed back, make ``number`` a true one. What else is known narrows it."""
    found = []
    for place in range(len(number) - 1):
        if number[place] == number[place + 1]:
            continue
        tried = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
        try:
            card = read_id_number(tried)
        except IdNumberInvalid:
            continue
        if (born_on is None or card.born_on == born_on) and (not sex or card.sex == sex):
            found.append(place + 1)
    return tuple(found)


def _title(title: str) -> str:
    return _HEADER_NOISE.sub("", title).lower()


def _places(titles: Sequence[str]) -> tuple[tuple[RosterColumn, int], ...]:
    places: dict[RosterColumn, int] = {}
    ranks: dict[RosterColumn, int] = {}
    for place, title in enumerate(titles):
        word = _title(title)
        column = _COLUMN.get(word)
        if column is None:
            continue
        ranked = column is C.ROSTER_NUMBER and word in _ROSTER_NUMBER_RANK
        rank = _ROSTER_NUMBER_RANK.index(word) if ranked else len(_ROSTER_NUMBER_RANK)
        if column is C.GUARDIAN_PHONE:
            rank = 1 if word.startswith("联系") else 0
        if column not in places or rank < ranks[column]:
            places[column], ranks[column] = place, rank
    return tuple(places.items())


def _name(name: str, faults: list[Fault]) -> str:
    if not name:
        faults.append(Fault(C.NAME, F.NAME_MISSING))
        return ""
    if len(name) > LONGEST_NAME or not _NAME.match(name.replace("•", "·").replace("・", "·")):
        faults.append(Fault(C.NAME, F.NAME_ODD))
        return ""
    # 张 三 and 张三 are one name; a name in Latin letters keeps its spaces
    return name if name.isascii() else name.replace(" ", "")


def _identity(
    text: Mapping[RosterColumn, str], raw: Mapping[RosterColumn, Cell], faults: list[Fault]
) -> tuple[str, date | None, str]:
    """What tells this person from every other, with the birth date and the sex it says; empty with a fault."""
    typed = text.get(C.ID_NUMBER, "")
    if not typed:
        faults.append(Fault(C.ID_NUMBER, F.ID_MISSING))
        return "", None, ""
    if text.get(C.ID_KIND, "") not in _MAINLAND_CARD:
        return _other_document(typed, text[C.ID_KIND], faults), None, ""
    number = re.sub(r"[\s\-·.]+", "", typed).upper()
    cell = raw.get(C.ID_NUMBER)
    if _SCIENTIFIC.match(typed) or (
        isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= EXACT_FLOAT
    ):
        faults.append(Fault(C.ID_NUMBER, F.ID_ROUNDED))
        return "", None, ""
    if not re.fullmatch(r"[0-9]{15}|[0-9]{17}[0-9X]", number):
        faults.append(Fault(C.ID_NUMBER, F.ID_LENGTH, str(len(number))))
        return "", None, ""
    try:
        card = read_id_number(number)
    except IdNumberInvalid:
        faults.append(_wrong_number(number, text))
        return "", None, ""
    return card.number, card.born_on, card.sex


def _wrong_number(number: str, text: Mapping[RosterColumn, str]) -> Fault:
    if len(number) == 15 or check_character(number[:17]) == number[17]:
        return Fault(C.ID_NUMBER, F.ID_DATE)
    born_on = read_date(text.get(C.BORN_ON, ""))
    places = swapped_places(number, born_on=born_on, sex=_SEXES.get(text.get(C.SEX, "").lower(), ""))
    if number.endswith("000"):  # a spreadsheet keeps fifteen digits of a number and fills up with noughts
        return Fault(C.ID_NUMBER, F.ID_ROUNDED)
    if places:
        return Fault(C.ID_NUMBER, F.ID_SWAPPED, "/".join(f"{place}-{place + 1}" for place in places[:3]))
    return Fault(C.ID_NUMBER, F.ID_CHECK)


def _other_document(typed: str, kind: str, faults: list[Fault]) -> str:
    number = re.sub(r"[\s\-()]+", "", typed).upper()
    if not re.fullmatch(r"[A-Z0-9]{5,20}", number):
        faults.append(Fault(C.ID_NUMBER, F.ID_OTHER))
        return ""
    return f"{kind}:{number}"


def _sex(typed: str, of_id: str, faults: list[Fault]) -> str:
    if not typed:
        return of_id
    sex = _SEXES.get(typed.lower(), "")
    if not sex:
        faults.append(Fault(C.SEX, F.SEX_UNREADABLE))
    elif of_id and sex != of_id:
        faults.append(Fault(C.SEX, F.SEX_CONTRADICTS))
    return sex


def _born_on(cell: Cell, typed: str, of_id: date | None, faults: list[Fault], today: date) -> date | None:
    born_on = of_id
    if typed:
        written = (
            cell.date()
            if isinstance(cell, datetime)
            else cell
            if isinstance(cell, date)
            else read_date(typed)
        )
        if written is None and not _says_month_only(typed, of_id):
            faults.append(Fault(C.BORN_ON, F.BORN_UNREADABLE))
        elif written is not None and of_id is not None and written != of_id:
            faults.append(Fault(C.BORN_ON, F.BORN_CONTRADICTS))
        born_on = of_id or written
    if born_on is not None and not (0 <= today.year - born_on.year <= OLDEST_YEARS and born_on <= today):
        faults.append(Fault(C.BORN_ON if typed else C.ID_NUMBER, F.AGE_ODD))
    return born_on


def _says_month_only(typed: str, of_id: date | None) -> bool:
    """出生年月 without a day, which the identity number completes."""
    month = re.fullmatch(r"([12][0-9]{3})[-/.年]?([01]?[0-9])月?", typed)
    return (
        month is not None
        and of_id is not None
        and (int(month[1]), int(month[2])) == (of_id.year, of_id.month)
    )


def read_date(typed: str) -> date | None:
    """A date in the usual writings, or the serial number of a spreadsheet."""
    if re.fullmatch(r"[1-9][0-9]{3,4}(?:\.[0-9]+)?", typed):
        serial = int(float(typed))
        return _EPOCH + timedelta(days=serial) if serial > 60 else None
    written = _DATE.match(typed)
    if written is None:
        return None
    try:
        return date(int(written[1]), int(written[2]), int(written[3]))
    except ValueError:
        return None


def _phone(typed: str, column: RosterColumn, rule: RowFault, faults: list[Fault]) -> str:
    if not typed:
        return ""
    if _SCIENTIFIC.match(typed):
        typed = _from_scientific(typed)
    first = re.split(r"[,，;；/、 ]+", typed)[0] if not typed.isdecimal() else typed
    for candidate in (typed, first):
        try:
            return normalise_phone(candidate)
        except PhoneInvalid:
            continue
    faults.append(Fault(column, rule))
    return ""


def _from_scientific(typed: str) -> str:
    """The digits, when the writing has them all."""
    try:
        number = Decimal(typed)
    except InvalidOperation:
        return ""
    digits = len(typed.lower().partition("e")[0].replace(".", ""))
    return str(int(number)) if digits == number.adjusted() + 1 else ""
