"""No file from outside is read before it was looked over; and the check is shown what it must find."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
# The field itself; the perimeter, which looks at the names of files only.
MAY = {"anxin/sites/uploads.py", "anxin/sites/perimeter.py"}


def unchecked(source: str) -> list[int]:
    """Lines that take a file by another way than a form with the checked field."""
    tree = ast.parse(source)
    handed = {
        id(argument)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id.endswith("Form")
        for argument in ast.walk(call)
    }
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            is_raw = node.attr == "FILES" and id(node) not in handed
            if is_raw or node.attr in ("FileField", "ImageField", "MultiPartParser", "upload_handlers"):
                found.append(node.lineno)
    return found


def test_every_upload_passes_the_one_check() -> None:
    wrong = {
        name: lines
        for file in ROOT.glob("anxin/**/*.py")
        if (name := str(file.relative_to(ROOT))) not in MAY
        if (lines := unchecked(file.read_text(encoding="utf-8")))
    }
    assert wrong == {}


def test_a_view_that_reads_a_file_itself_and_a_bare_field_are_found() -> None:
    assert unchecked("form = NameForm(request.POST, request.FILES)") == []
    assert unchecked("form = NameForm(request.POST or None, request.FILES or None)") == []
    assert unchecked("sent = request.FILES['file']") == [1]
    assert unchecked("x = 1\nfile = forms.FileField()") == [2]
