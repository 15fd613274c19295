"""Walls that import-linter cannot see, and the import contracts themselves."""

import subprocess
import sys

from grimp import ImportGraph
from importlinter.contracts.layers import LayersContract

from tests.architecture import faults
from tools.contracts import PublicFaceContract

LOWER = ("anxin/domains", "anxin/flows", "anxin/kernel")


def test_nothing_below_the_sites_sees_http() -> None:
    found = {
        str(file.relative_to(faults.ROOT)): faults.imports_of(
            file.read_text(encoding="utf-8"), faults.HTTP_MODULES
        )
        for file in faults.python_files(*LOWER)
    }
    assert {name: imports for name, imports in found.items() if imports} == {}


def test_a_planted_http_import_is_found() -> None:
    planted = "def f():\n    from django.http import HttpResponse\n    return HttpResponse()\n"
    assert faults.imports_of(planted, faults.HTTP_MODULES)


def test_only_kernel_clock_tells_the_time() -> None:
    allowed = {
        "anxin/kernel/clock.py",
        # Signs of life, and the life of a half sign-in or a lock, run in real time: no simulated clock stretches them.
        "anxin/kernel/heartbeat.py",
        "anxin/sites/signin/lockout.py",
        "anxin/sites/signin/pending.py",
    }
    found = {
        str(file.relative_to(faults.ROOT)): faults.other_clocks(file.read_text(encoding="utf-8"))
        for file in faults.python_files("anxin", "config")
        if str(file.relative_to(faults.ROOT)) not in allowed
    }
    assert {name: calls for name, calls in found.items() if calls} == {}


def test_a_planted_clock_is_found() -> None:
    assert faults.other_clocks("x = timezone.now()\ny = date.today()\n") == [
        "timezone.now at line 1",
        "date.today at line 2",
    ]


def test_names_say_what_they_mean() -> None:
    found = {
        str(file.relative_to(faults.ROOT)): faults.banned_names(file.read_text(encoding="utf-8"))
        for file in faults.python_files("anxin", "config")
    }
    assert {name: names for name, names in found.items() if names} == {}
    files = [f for f in faults.python_files("anxin", "config") if faults.BANNED_NAMES.search(f.stem)]
    assert files == []


def test_a_planted_empty_name_is_found() -> None:
    assert faults.banned_names("def handle_it(): ...\nclass X: ...\n") == ["handle_it"]


def test_models_are_not_fetched_by_name_outside_migrations() -> None:
    found = [
        f for f in faults.python_files("anxin", "config") if "get_model(" in f.read_text(encoding="utf-8")
    ]
    assert found == []


def test_the_import_contracts_hold() -> None:
    result = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c(['--no-cache'])"],
        cwd=faults.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout[-4000:] + result.stderr[-2000:]


def test_no_machine_path_and_no_registry_is_written_down() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=faults.ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\n")
    registries = ("pypi" + ".org", "registry." + "npmjs", "deb." + "debian", "files." + "python" + "hosted")
    found = []
    for name in filter(None, listed):
        path = faults.ROOT / name
        if not path.is_file() or path.suffix in {".png", ".woff2", ".ico"}:
            continue
        text = path.read_text(encoding="utf-8", errors="ignore")
        if any(host in text for host in registries) or faults.MACHINE.search(text):
            found.append(name)
    assert [name for name in found if name != "tests/architecture/faults.py"] == []


def _graph(importer: str, imported: str) -> ImportGraph:
    graph = ImportGraph()
    for module in (importer, imported):
        graph.add_module(module)
    graph.add_import(importer=importer, imported=imported)
    return graph


def test_reaching_past_a_door_is_found_and_the_door_is_open() -> None:
    contract = PublicFaceContract(
        name="face",
        session_options={},
        contract_options={"domains_package": "anxin.domains", "public": ["api", "contracts"]},
    )
    past = _graph("anxin.live.watchdog", "anxin.domains.risk.services.ending")
    through = _graph("anxin.live.watchdog", "anxin.domains.risk.api")
    assert not contract.check(past, False).kept
    assert contract.check(through, False).kept


def test_a_room_that_calls_upward_is_found() -> None:
    order = [row[0] for row in faults.room_order()]
    contract = LayersContract(
        name="rooms",
        session_options={"root_packages": ["anxin"]},
        contract_options={"layers": order, "containers": ["anxin.domains"]},
    )
    graph = _graph("anxin.domains.audit.services", "anxin.domains.cases.api")
    for name in ["anxin.domains", *(f"anxin.domains.{room}" for room in order)]:
        graph.add_module(name)
    assert not contract.check(graph, False).kept
