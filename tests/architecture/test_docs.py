"""The pages a stranger reads first are true: the ledger, the decisions, the reference tables, the glossary, the links.

Each check is shown a planted fault.
"""

import re
from collections import Counter
from pathlib import Path

import pytest

from anxin.trace import Row, read_ledger
from tests.architecture import faults
from tools import reference, requirements

ROOT = faults.ROOT
DOCS = ROOT / "docs"
PAGES = {
    "permissions.md": lambda: set(reference.rights()),
    "settings.md": reference.settings,
    "commands.md": lambda: {f"anxin {name}" for name in reference.commands()} | reference.django_commands(),
}
_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
_CODE = re.compile(r"`([^`]+)`")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PLACE = re.compile(r"[a-z_]+(?:/[a-z_]+)+")


def page(name: str) -> str:
    """A page of the checkout."""
    return (ROOT / name).read_text(encoding="utf-8")


# --- the ledger ----------------------------------------------------------------------------------


def test_the_ledger_has_every_requirement_once_and_agrees_with_the_marks_of_the_tests() -> None:
    rows, marks = read_ledger(requirements.LEDGER), requirements.marked_tests()
    assert requirements.faults(rows, marks) == []
    assert requirements.strays(rows, marks) == []


GOOD = "tests/test_it.py::test_it"


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"test": ""}, "R-001: works, and names no test"),
        (
            {"test": "tests/test_it.py::test_gone"},
            "R-001: the test tests/test_it.py::test_gone does not exist",
        ),
        ({"test": "tests/test_it.py::test_other"}, "does not carry its mark"),
        ({"where": ""}, "R-001: says nothing about where it is"),
        ({"where": "gone.py"}, "R-001: gone.py does not exist"),
        ({"state": "done"}, "R-001: the state 'done' is none of"),
        ({"state": "not yet"}, "R-001: not there yet, and still names"),
        ({"state": "partly", "test": "tests/test_it.py::test_gone"}, "does not exist"),
        ({"id": "R-166"}, "R-166: there is no such requirement"),
        ({"id": "R-166"}, "R-001: no row"),
        ({"id": "R-002"}, "R-002: 2 rows"),
    ],
)
def test_a_fault_of_the_ledger_is_found(changes: dict[str, str], fault: str, tmp_path: Path) -> None:
    (tmp_path / "it.py").touch()
    marks = {GOOD: frozenset({"R-001"}), "tests/test_it.py::test_other": frozenset({"R-002"})}
    row = {"id": "R-001", "state": "works", "where": "it.py", "test": GOOD}
    rest = [Row(one, "not yet", "", "") for one in requirements.IDS if one != "R-001"]

    assert requirements.faults([Row(**row), *rest], marks, tmp_path) == []
    found = requirements.faults([Row(**{**row, **changes}), *rest], marks, tmp_path)
    assert [line for line in found if fault in line], found


def test_marks_are_read_off_functions_and_classes() -> None:
    source = (
        '@requirement("R-001", "R-002")\n@other("R-003")\ndef test_a(): ...\n'
        "def test_b(): ...\ndef helper(): ...\n"
        '@requirement("R-004")\nclass TestC:\n    @requirement("R-005")\n    def test_c(self): ...\n'
    )
    assert dict(requirements.marks_in(source, "f.py")) == {
        "f.py::test_a": {"R-001", "R-002"},
        "f.py::test_b": set(),
        "f.py::TestC::test_c": {"R-004", "R-005"},
    }


def test_a_mark_for_something_that_is_not_there_yet_is_told() -> None:
    rows = [Row("R-001", "partly", "it.py", ""), Row("R-002", "not yet", "", "")]
    assert requirements.strays(rows, {GOOD: frozenset({"R-001", "R-002"})}) == [f"{GOOD}: R-002"]


# --- the decisions -------------------------------------------------------------------------------


def misnumbered(decisions: dict[str, str]) -> list[str]:
    """Faults in the numbers of decisions, given as file name → first line."""
    found = []
    numbers = Counter(name[:4] for name in decisions)
    found += [f"{number} is used {times} times" for number, times in numbers.items() if times > 1]
    expected = [f"{number:04}" for number in range(1, len(numbers) + 1)]
    if sorted(numbers) != expected:
        found.append(f"{sorted(numbers)} leave a gap")
    found += [
        f"{name} calls itself {title}"
        for name, title in decisions.items()
        if not re.match(rf"# {int(name[:4])}\. \S", title)
    ]
    return found


def test_decisions_are_numbered_without_doubles_and_gaps() -> None:
    files = sorted((DOCS / "adr").glob("*.md"))
    assert files
    assert misnumbered({f.name: f.read_text(encoding="utf-8").partition("\n")[0] for f in files}) == []


def test_a_number_used_twice_is_found() -> None:
    assert misnumbered({"0001-a.md": "# 1. A", "0001-b.md": "# 1. B"}) == ["0001 is used 2 times"]
    assert misnumbered({"0001-a.md": "# 1. A", "0003-b.md": "# 3. B"}) == ["['0001', '0003'] leave a gap"]
    assert misnumbered({"0001-a.md": "# 2. A"}) == ["0001-a.md calls itself # 2. A"]


# --- the reference -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGES)
def test_what_the_code_has_is_documented_and_nothing_else(name: str) -> None:
    assert reference.gaps(PAGES[name](), page(f"docs/reference/{name}")) == []


@pytest.mark.parametrize("name", PAGES)
def test_something_undocumented_is_found(name: str) -> None:
    known, written = PAGES[name](), page(f"docs/reference/{name}")
    victim = sorted(known)[0]
    assert reference.gaps({*known, "ANXIN_PLANTED"}, written) == ["ANXIN_PLANTED is not documented"]
    assert reference.gaps(known - {victim}, written) == [f"{victim} is documented and does not exist"]
    assert reference.gaps(known, f"{written}\n| `{victim}` | again |\n") == [f"{victim} is documented twice"]


def test_settings_are_found_however_they_are_read() -> None:
    source = (
        'a = os.environ.get("ANXIN_A", "")\nb = os.environ["ANXIN_B_2"]\nos.environ.setdefault("OTHER", "")\n'
        'c = getattr(settings, "ANXIN_C", None)\nd = settings.ANXIN_D\nANXIN_E = 1\n"""``ANXIN_F_``"""\n'
    )
    names = {"ANXIN_A", "ANXIN_B_2", "OTHER", "ANXIN_C", "ANXIN_D", "ANXIN_E"}
    assert reference.settings_in(source) == names


def test_the_table_of_permissions_names_exactly_the_roles_that_hold_each() -> None:
    rows = re.findall(r"^\| `([^`]+)` \|[^|]*\|([^|]*)\|$", page("docs/reference/permissions.md"), re.M)
    assert {right: tuple(_CODE.findall(roles)) for right, roles in rows} == reference.rights()


def test_the_table_of_commands_names_exactly_the_options_of_each() -> None:
    rows = re.findall(r"^\| `anxin ([^`]+)` \|([^|]*)\|", page("docs/reference/commands.md"), re.M)
    assert {name: tuple(_CODE.findall(options)) for name, options in rows} == reference.commands()


# --- the first pages -----------------------------------------------------------------------------


def unknown_words(glossary: str, known: set[str], root: Path) -> list[str]:
    """Names in the third column of a glossary that are neither words of the code nor places of the tree."""
    found = []
    for line in glossary.splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        for code in _CODE.findall(cells[3]) if len(cells) > 4 else []:
            if _PLACE.fullmatch(code):
                found += [] if (root / "anxin" / code).exists() else [code]
            else:
                names = _NAME.findall(re.sub(r"\"[^\"]*\"", "", code))
                found += [name for name in names if name not in known]
    return found


def words_of_the_code() -> set[str]:
    """Every name and word in the sources of the house."""
    sources = (file.read_text(encoding="utf-8") for file in faults.python_files("anxin"))
    return set().union(*(_NAME.findall(source) for source in sources))


def test_every_name_of_the_glossary_is_in_the_code() -> None:
    assert unknown_words(page("GLOSSARY.md"), words_of_the_code(), ROOT) == []


def test_a_name_the_code_does_not_have_is_found() -> None:
    glossary = (
        '| 词 | word | `Unit(kind="gone")`, `Alert.owner` | – |\n| 处 | place | `sites/nowhere` | – |\n'
    )
    assert unknown_words(glossary, {"Unit", "kind", "owner"}, ROOT) == ["Alert", "sites/nowhere"]


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_front_page_names_the_two_commands(name: str) -> None:
    assert "make demo" in page(name)
    assert "make test" in page(name)


def broken_links(text: str, folder: Path) -> list[str]:
    """Links into the checkout that lead nowhere."""
    targets = [link for link in _LINK.findall(text) if "://" not in link and not link.startswith("mailto:")]
    return [link for link in targets if not (folder / link).exists()]


def test_no_link_of_the_documentation_leads_nowhere() -> None:
    files = [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]
    found = {
        str(file.relative_to(ROOT)): broken_links(file.read_text(encoding="utf-8"), file.parent)
        for file in files
    }
    assert {name: links for name, links in found.items() if links} == {}


def test_a_link_that_leads_nowhere_is_found() -> None:
    text = "[a](README.md) [b](docs/gone.md#part) [c](https://example.org/gone)"
    assert broken_links(text, ROOT) == ["docs/gone.md"]
