"""One demo per checkout, and a clear word when the port is taken."""

import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from anxin.platform import children
from anxin.platform.errors import PlatformError
from anxin.platform.locks import HeldElsewhere, Lock, note_of_holder
from anxin.platform.orphans import end_recorded
from anxin.platform.ports import require_free


def test_a_lock_that_is_held_tells_who_holds_it(tmp_path: Path) -> None:
    holder = Lock(tmp_path / "lock")
    holder.take(port=8000)

    with pytest.raises(HeldElsewhere) as error:
        Lock(tmp_path / "lock").take(port=8001)

    assert error.value.note == {"pid": os.getpid(), "port": 8000}
    assert note_of_holder(tmp_path / "lock") == {"pid": os.getpid(), "port": 8000}
    holder.release()


def test_the_lock_of_a_dead_holder_is_free_and_its_note_can_be_read(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys; from pathlib import Path; from anxin.platform.locks import Lock; "
        f"Lock(Path({str(tmp_path / 'lock')!r})).take(port=8000); os.kill(os.getpid(), signal.SIGKILL)"
    )
    holder = subprocess.run([sys.executable, "-c", "lock = None; " + code], check=False)
    assert holder.returncode == -signal.SIGKILL
    assert note_of_holder(tmp_path / "lock") is None

    mine = Lock(tmp_path / "lock")
    mine.take(port=8001)

    assert mine.left_behind["port"] == 8000
    mine.release()


def test_a_damaged_note_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text("{half a no")

    mine = Lock(tmp_path / "lock")
    mine.take()

    assert mine.left_behind == {}
    mine.release()


def test_looking_at_a_lock_never_keeps_others_from_taking_it(tmp_path: Path) -> None:
    stop = threading.Event()

    def look() -> None:
        while not stop.is_set():
            note_of_holder(tmp_path / "lock")
            stop.wait(0.001)

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        for _ in range(50):
            mine = Lock(tmp_path / "lock")
            mine.take()
            mine.release()
    finally:
        stop.set()
        watcher.join()


def stranger() -> "subprocess.Popen[bytes]":
    """A process in a group of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE, start_new_session=True
    )


def test_children_a_dead_parent_wrote_down_are_ended() -> None:
    child = stranger()

    end_recorded([{"name": "web", "pid": child.pid, "fingerprint": children.fingerprint(child.pid)}])

    assert child.wait(30) == -signal.SIGKILL
    child.communicate()


def test_a_process_that_only_has_the_number_of_a_dead_child_is_left_alone() -> None:
    other = stranger()
    try:
        end_recorded([{"name": "web", "pid": other.pid, "fingerprint": "12345"}, {"name": "half a record"}])

        assert other.poll() is None
    finally:
        other.kill()
        other.communicate()


@pytest.mark.enable_socket
def test_a_busy_port_is_named_with_a_free_one_to_use_instead() -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]

        with pytest.raises(PlatformError) as error:
            require_free("127.0.0.1", port)

    said = str(error.value)
    assert said.startswith(f"Port {port} is busy.")
    assert "make demo PORT=" in said
    assert "\n" not in said
    suggested = int(said.rpartition("=")[2])
    assert suggested != port
    require_free("127.0.0.1", suggested)


@pytest.mark.enable_socket
def test_a_free_port_is_no_reason_to_complain() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    require_free("127.0.0.1", port)


@pytest.mark.enable_socket
def test_an_address_that_is_not_ours_is_refused_in_one_line() -> None:
    with pytest.raises(PlatformError, match="HOST"):
        require_free("192.0.2.1", 8000)
