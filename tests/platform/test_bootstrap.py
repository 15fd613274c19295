"""The environment: built once, repaired when broken, and the second start asks nobody."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from anxin.platform import paths

PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)", re.MULTILINE)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout whose requirements are empty, so that building it needs no network."""
    folder = tmp_path_factory.mktemp("bootstrap") / "a checkout"
    (folder / "tools").mkdir(parents=True)
    (folder / "requirements").mkdir()
    shutil.copy(paths.checkout() / "tools" / "bootstrap.sh", folder / "tools")
    for name in ("base.txt", "dev.txt"):
        (folder / "requirements" / name).write_text("# nothing\n")
    (folder / "anxin").mkdir()
    (folder / "anxin" / "__init__.py").touch()
    (folder / "anxin" / "cli.py").write_text("import sys; print('anxin here', *sys.argv[1:])\n")
    return folder


@pytest.fixture(scope="module")
def built(checkout: Path) -> Path:
    """The same with its environment, made over one whose interpreter is gone."""
    (checkout / ".venv" / "bin").mkdir(parents=True)
    (checkout / ".venv" / "bin" / "python").symlink_to("/no/such/python")
    made = bootstrap(checkout)
    assert made.returncode == 0, made.stderr
    return checkout


def bootstrap(checkout: Path, profile: str = "base", **changes: str) -> "subprocess.CompletedProcess[str]":
    """Run the script as make does, with pip kept off the network."""
    env = os.environ | {"PIP_NO_INDEX": "1", "ANXIN_PYTHON": sys.executable} | changes
    return subprocess.run(
        [checkout / "tools" / "bootstrap.sh", profile],
        env=env,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )


def test_the_command_works_from_anywhere(built: Path) -> None:
    command = [built / ".venv" / "bin" / "anxin", "two words", "three"]

    said = subprocess.run(command, capture_output=True, text=True, check=True, cwd="/").stdout

    assert said == "anxin here two words three\n"


def test_a_second_run_does_nothing(built: Path) -> None:
    bootstrap(built)

    second = bootstrap(built, ANXIN_PYTHON="/no/such/python")

    assert second.returncode == 0
    assert second.stdout + second.stderr == ""


def test_an_environment_that_was_cut_short_is_made_anew(built: Path) -> None:
    (built / ".venv" / ".anxin-unfinished").touch()
    (built / ".venv" / "half").touch()

    again = bootstrap(built)

    assert again.returncode == 0, again.stderr
    assert not (built / ".venv" / "half").exists()
    assert not (built / ".venv" / ".anxin-unfinished").exists()


def test_requirements_that_cannot_be_had_are_one_line_and_cost_nothing_that_was_there(built: Path) -> None:
    lock = built / "requirements" / "base.txt"
    lock.write_text("no-such-thing==1 --hash=sha256:" + "0" * 64 + "\n")
    (built / ".venv" / "kept").touch()

    failed = bootstrap(built)
    lock.write_text("# nothing\n")
    again = bootstrap(built)

    assert failed.returncode == 1
    assert failed.stderr.splitlines()[-1].startswith("anxin: pip could not install requirements/base.txt")
    assert again.returncode == 0
    assert (built / ".venv" / "kept").exists()


def test_a_missing_python_is_one_line_for_an_ordinary_user(checkout: Path, tmp_path: Path) -> None:
    shutil.copytree(checkout / "tools", tmp_path / "tools")
    bare = tmp_path / "bin"
    bare.mkdir()
    for name in ("bash", "dirname", "cat", "rm", "df", "awk", "flock"):
        found = shutil.which(name)
        assert found is not None, name
        (bare / name).symlink_to(found)
    (bare / "id").write_text("#!/bin/sh\necho 1000\n")
    (bare / "id").chmod(0o755)

    done = bootstrap(tmp_path, ANXIN_PYTHON="/no/such/python", PATH=str(bare))

    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "anxin: Python 3.11 or newer is missing. "
        "Install it (Debian: sudo apt-get install python3 python3-venv) and start again."
    ]


def test_a_missing_venv_module_is_one_line_for_an_ordinary_user(checkout: Path, tmp_path: Path) -> None:
    shutil.copytree(checkout / "tools", tmp_path / "tools")
    bare = tmp_path / "bin"
    bare.mkdir()
    (bare / "python3").write_text(
        f'#!/bin/sh\ncase "$2" in *ensurepip*) exit 1 ;; esac\nexec "{sys.executable}" "$@"\n'
    )
    (bare / "id").write_text("#!/bin/sh\necho 1000\n")
    for program in bare.iterdir():
        program.chmod(0o755)

    done = bootstrap(tmp_path, ANXIN_PYTHON="python3", PATH=f"{bare}:{os.environ['PATH']}")

    assert done.returncode == 1
    assert re.fullmatch(
        r"anxin: Python's venv module is missing\. Install it "
        r"\(Debian: sudo apt-get install python3\.\d+-venv\) and start again\.\n",
        done.stderr,
    )


def test_the_two_locks_agree_so_one_environment_serves_both() -> None:
    folder = paths.checkout() / "requirements"
    base, dev = (dict(PINNED.findall((folder / name).read_text())) for name in ("base.txt", "dev.txt"))

    assert base
    assert {name: dev.get(name) for name in base} == base


def test_the_locks_carry_hashes_and_no_address() -> None:
    for name in ("base.txt", "dev.txt"):
        text = (paths.checkout() / "requirements" / name).read_text()
        assert len(PINNED.findall(text)) <= text.count("--hash=sha256:")
        assert "://" not in text
        assert "--index-url" not in text
        assert "--find-links" not in text
