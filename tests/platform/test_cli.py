"""The ``anxin`` command itself."""

import subprocess
import sys
from pathlib import Path

import pytest

from anxin import cli
from anxin.platform import paths
from anxin.platform.errors import PlatformError

COMMANDS = ("city", "demo", "doctor", "migrate", "score", "serve", "trace", "worker")


def test_the_help_names_every_command_and_loads_neither_django_nor_a_database_driver() -> None:
    code = (
        "import sys; sys.argv = ['anxin', '--help']\n"
        "from anxin import cli\n"
        "try: cli.main()\n"
        "except SystemExit: pass\n"
        "print('loaded:', sorted({'django', 'psycopg', 'babel', 'yaml'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=paths.checkout()
    )

    listed = [
        line.split()[0] for line in done.stdout.partition("Commands:")[2].splitlines() if line[:3] == "  "
    ]
    words = done.stdout.split()
    assert all(name in words for name in COMMANDS), listed
    assert done.stdout.splitlines()[-1] == "loaded: []"


def test_what_a_person_can_put_right_is_one_line_and_exit_code_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(prog_name: str) -> None:
        raise PlatformError("Port 8000 is busy.")

    monkeypatch.setattr(cli, "main_group", refuse)

    with pytest.raises(SystemExit) as end:
        cli.main()

    assert end.value.code == 1
    assert capsys.readouterr().err == "anxin: Port 8000 is busy.\n"


@pytest.mark.parametrize("option", [["--port", "0"], ["--port", "x"], ["--scale", "-1"]])
def test_a_senseless_option_is_refused(option: list[str], tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "anxin.cli", "demo", *option],
        capture_output=True,
        text=True,
        check=False,
        cwd=paths.checkout(),
    )

    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_labels_in_chinese_take_two_columns_a_character() -> None:
    assert cli._columns("resident 李晴") == 13
