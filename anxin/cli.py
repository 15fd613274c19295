"""The ``anxin`` command. Each subcommand imports what it needs when it runs, so ``--help`` is quick."""

import importlib
import os
import subprocess
import sys
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import ModuleType

import click

from anxin.platform.errors import PlatformError

_LAZY = {
    "backup": (
        "anxin.platform.backup.commands",
        "backup_group",
        "Back up, verify, restore; keep the keys apart.",
    ),
    "instruments": (
        "anxin.exchange.instruments.commands",
        "instruments_group",
        "The instrument library; needs no database.",
    ),
    "score": ("anxin.domains.instruments.scoring_cli", "score_command", "Score answers; needs no database."),
    "simulate": (
        "anxin.simulation.commands",
        "simulate_group",
        "Live through an invented year; in a database of its own.",
    ),
    "trace": ("anxin.trace", "trace_command", "Count the requirements that work."),
}


class Commands(click.Group):
    """A group that knows some commands by name and loads them only when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, also of what is not loaded."""
        return sorted({*super().list_commands(ctx), *_LAZY})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command ``cmd_name``, loaded if need be."""
        if cmd_name not in _LAZY:
            return super().get_command(ctx, cmd_name)
        module, attribute, _ = _LAZY[cmd_name]
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in the help, without loading anything."""
        rows = []
        for name in self.list_commands(ctx):
            loaded = super().get_command(ctx, name)
            rows.append((name, _LAZY[name][2] if loaded is None else loaded.get_short_help_str(80)))
        with formatter.section("Commands"):
            formatter.write_dl(rows)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main_group() -> None:
    """Anxin (安心): a city's psychosocial service network on one machine."""


def main() -> None:
    """Run the command; what a person can put right ends it with one line and not with a traceback."""
    try:
        main_group(prog_name="anxin")
    except PlatformError as error:
        click.echo(f"anxin: {error}", err=True)
        sys.exit(1)


def _say(line: str) -> None:
    click.echo(line)
    sys.stdout.flush()


@contextmanager
def _inside(role: str, process: str, *, demo: bool = False) -> Iterator[None]:
    """Be a process of the service: with the database's address in the environment, and Django set up.

    A supervisor has prepared the environment of its children; otherwise it is done here.
    """
    from contextlib import ExitStack

    with ExitStack() as stack:
        if os.environ.get("ANXIN_PROCESS") != process:
            from anxin.platform import paths
            from anxin.platform.database import open_database

            database = stack.enter_context(open_database(paths.state_dir(), _say))
            _become(database.environment(role, process=process, demo=demo))
        _set_up(serves=process in ("worker", "jobs"))
        yield


def _become(env: dict[str, str]) -> None:
    """Keep nothing of the environment that was meant for another process, such as the owner's address."""
    os.environ.clear()
    os.environ.update(env)


def _set_up(*, serves: bool) -> None:
    """Make Django ready; a process that serves real people also looks whether it may."""
    import django
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise PlatformError(str(error)) from None
    if serves and not _is_demo():
        from anxin.platform import production

        production.demand_safe_settings(settings)
        role = os.environ.get("ANXIN_DATABASE_ROLE", "")
        production.demand_safe_login(os.environ["DATABASE_URL"], role=role)


def _is_demo() -> bool:
    """Whether the settings are those of invented people, and say so themselves."""
    return os.environ.get("DJANGO_SETTINGS_MODULE") in ("config.settings.dev", "config.settings.test")


@main_group.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on."
)
@click.option(
    "--scale", default=0.1, show_default=True, type=click.FloatRange(0.001, 50), help="Size of the city."
)
@click.option("--die-with-parent", is_flag=True, hidden=True)
def demo(host: str, port: int, scale: float, die_with_parent: bool) -> None:
    """Start everything with an invented city, and print its address."""
    import signal

    from anxin.platform.children import end_with_parent
    from anxin.platform.startup import Demo

    if die_with_parent:
        end_with_parent(os.getppid(), signal.SIGTERM)
    Demo(host, port, scale, _say).run()


@main_group.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on."
)
def serve(host: str, port: int) -> None:
    """Run the web process alone, for a service manager. The worker is a process of its own."""
    from anxin.platform import paths
    from anxin.platform.database import APP, open_database
    from anxin.platform.ports import require_free
    from anxin.platform.startup import ended_by_signals, web_command

    require_free(host, port)
    with ended_by_signals(), open_database(paths.state_dir(), _say) as database:
        env = database.environment(APP, process="web")
        _become(env)
        os.chdir(paths.checkout())
        _set_up(serves=True)
        if _is_demo():
            _say("Settings of a demo: one-click sign-ins, no texts are sent. Never for real people.")
        if database.cluster is None:
            os.execve(sys.executable, web_command(host, port), env)
        _say(f"http://{host}:{port}/")
        _run_beside_cluster(web_command(host, port), env)


def _run_beside_cluster(command: list[str], env: dict[str, str]) -> None:
    from anxin.platform import children, paths

    web = children.spawn(command, env=env, cwd=paths.checkout(), output=None)
    try:
        code = web.wait()
    except KeyboardInterrupt:
        web.terminate()
        code = web.wait()
    sys.exit(max(code, 0))


@main_group.command()
def worker() -> None:
    """Run the worker: evaluations, deadlines, escalation."""
    with _inside("anxin_worker", "worker"):
        from anxin import worker as work

        work.main()


@main_group.command()
def jobs() -> None:
    """Carry out jobs: imports, reports, ordinary messages. The worker starts this by itself."""
    import signal
    from threading import Event

    with _inside("anxin_worker", "jobs"):
        from anxin.kernel import jobs as work
        from config.jobs import kinds

        stopping = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        work.serve(kinds(), stopping=stopping.is_set)


@main_group.command()
@click.option("--new-scope-key", is_flag=True, help="Also change the key that scopes are signed with.")
def migrate(new_scope_key: bool) -> None:
    """Bring the tables up to date, as the owner of the database, and the key of the walls with them."""
    from anxin.platform import key_file, paths
    from anxin.platform.database import open_database
    from anxin.platform.postgres import OWNER
    from anxin.platform.secrets import secret_file

    if new_scope_key:
        file = secret_file(paths.state_dir())
        key_file.add_key(file, key_file.SCOPE)
        version = key_file.use_newest(file, key_file.SCOPE)
        _say(
            f"Processes that start from now on sign scopes with key {version}; the last key is believed beside it."
        )
    with open_database(paths.state_dir(), _say) as database:
        done = subprocess.run(
            [sys.executable, "-m", "django", "migrate", "--no-input"],
            env=database.environment(OWNER, process="migrate", demo=True),  # tables are the same everywhere
            cwd=paths.checkout(),
            check=False,
        )
    sys.exit(done.returncode)


@main_group.command()
@click.option("--port", type=click.IntRange(1, 65535), help="Port of a web process that anxin serve started.")
def doctor(port: int | None) -> None:
    """Look the installation over; ends with 1 when something is broken."""
    from datetime import date

    from anxin.platform import doctor as checks

    def calendar_end() -> date:
        from anxin.kernel import calendar

        return calendar.covered_until()

    def today() -> date:
        from anxin.kernel import clock

        return clock.today()

    worst = 0
    for finding in checks.examine(calendar_end=calendar_end, today=today, port=port):
        _say(str(finding))
        worst = max(worst, int(finding.level is checks.Level.FAIL))
    sys.exit(worst)


@main_group.group("keys")
def keys_group() -> None:
    """The keys of what is sealed in the database. See docs/how-to/rotate-keys.md."""


def _of_index(command: "click.decorators.FC") -> "click.decorators.FC":
    return click.option("--index", "of_index", is_flag=True, help="The blind indexes, not the columns.")(
        command
    )


@keys_group.command("list")
def keys_list() -> None:
    """Every key and how much is sealed with it; never the keys themselves."""
    with _at_the_keys() as work:
        work.show(tell=_say)


@keys_group.command("add")
@_of_index
def keys_add(of_index: bool) -> None:
    """Make a further key. Nothing is sealed with it yet."""
    with _at_the_keys() as work:
        work.add(of_index=of_index, tell=_say)


@keys_group.command("rotate")
@_of_index
def keys_rotate(of_index: bool) -> None:
    """Put the newest key to use and bring everything to it; may be stopped and started at any time."""
    with _at_the_keys() as work:
        work.rotate(of_index=of_index, tell=_say)


@keys_group.command("retire")
@click.argument("version")
def keys_retire(version: str) -> None:
    """Take a key away that nothing is sealed with any more."""
    with _at_the_keys() as work:
        work.retire(version, tell=_say)


@contextmanager
def _at_the_keys() -> Iterator[ModuleType]:
    from anxin.platform.postgres import OWNER

    with _inside(OWNER, "keys"):
        from anxin import keys

        yield keys


@main_group.group("audit")
def audit_group() -> None:
    """The trail of who did and saw what. See docs/how-to/look-after-the-trail.md."""


@audit_group.command("verify")
@click.option("--roots", type=click.Path(path_type=Path), help="Folder with the roots, when it is elsewhere.")
@click.option("--json", "as_json", is_flag=True, help="Print one object for a program.")
def audit_verify(roots: Path | None, as_json: bool) -> None:
    """Find a row that was removed, altered, moved or slipped in; ends with 1 when there is one."""
    with _at_the_trail() as work:
        is_intact = work.verify(folder=roots, as_json=as_json, tell=_say)
    sys.exit(0 if is_intact else 1)


@audit_group.command("export")
@click.option("--after", default=0, show_default=True, type=click.IntRange(0), help="Start after this place.")
@click.option("--reason", required=True, help="Why; it goes into the trail.")
@click.argument("into", type=click.Path(path_type=Path))
def audit_export(after: int, reason: str, into: Path) -> None:
    """Write the sealed rows into a new file, one JSON object a line, for the archive."""
    with _at_the_trail() as work:
        work.export(after=after, reason=reason, into=into, tell=_say)


@audit_group.command("roots")
def audit_roots() -> None:
    """Print the ends of the segments of the chain."""
    with _at_the_trail() as work:
        work.roots(tell=_say)


@audit_group.command("anchor")
@click.option(
    "--reason", required=True, help="Why, and what the trail was compared with; it goes into the trail."
)
def audit_anchor(reason: str) -> None:
    """Begin the file of roots where there is none, after a restore."""
    with _at_the_trail() as work:
        work.anchor(reason=reason, tell=_say)


@audit_group.command("purge")
@click.option(
    "--before", type=click.DateTime(["%Y-%m-%d"]), help="Day; default: as long as the city keeps the trail."
)
def audit_purge(before: datetime | None) -> None:
    """Take out whole segments that are old enough, as the owner; their roots remain and the chain stays verifiable."""
    from anxin.platform.postgres import OWNER

    with _at_the_trail(OWNER) as work:
        work.purge(before=before.date() if before else None, tell=_say)


@contextmanager
def _at_the_trail(role: str = "anxin_worker") -> Iterator[ModuleType]:
    with _inside(role, "audit"):
        from anxin import trail

        yield trail


@main_group.group("retention")
def retention_group() -> None:
    """How long what is kept. See docs/how-to/keep-and-destroy.md."""


@retention_group.command("run")
@click.option("--dry-run", "is_dry", is_flag=True, help="Only say what is due.")
def retention_run(is_dry: bool) -> None:
    """Destroy what has been kept long enough, as the owner; once a day is often enough."""
    with _at_what_is_kept() as work:
        work.run(is_dry=is_dry, tell=_say)


@retention_group.command("hold")
@click.argument("number")
@click.option("--ground", required=True, help="The order or law; it is kept sealed.")
def retention_hold(number: str, ground: str) -> None:
    """Keep everything about the person with this number, whatever the times say."""
    with _at_what_is_kept() as work:
        work.hold(number=number, ground=ground, tell=_say)


@retention_group.command("lift")
@click.argument("number")
@click.option("--ground", required=True, help="Why it is held no longer; it is kept sealed.")
def retention_lift(number: str, ground: str) -> None:
    """Lift the hold, so that the times of keeping count again."""
    with _at_what_is_kept() as work:
        work.lift(number=number, ground=ground, tell=_say)


@contextmanager
def _at_what_is_kept() -> Iterator[ModuleType]:
    from anxin.platform.postgres import OWNER

    with _inside(OWNER, "retention"):
        from anxin import retention

        yield retention


@main_group.group()
def city() -> None:
    """The invented city."""


@city.command()
@click.option(
    "--scale", default=0.1, show_default=True, type=click.FloatRange(0.001, 50), help="1 is a whole city."
)
@click.option("--residents", type=click.IntRange(1), help="How many residents, whatever the scale.")
@click.option("--sittings", type=click.IntRange(0), help="How many self-tests, whatever the scale.")
@click.option("--unless-exists", is_flag=True, help="Do nothing when there is a city.")
def generate(scale: float, residents: int | None, sittings: int | None, unless_exists: bool) -> None:
    """Invent a city: stations, staff, residents, 18 months of self-tests and warnings."""
    with _inside("anxin_app", "city", demo=True):
        from anxin.demo import city as invented

        if invented.exists():
            if unless_exists:
                return
            raise PlatformError("There is a city already. To make another, stop the demo and move var/ away.")
        started = time.monotonic()
        _say(f"Inventing the city at scale {scale:g} ...")
        invented.generate(scale=scale, residents=residents, sittings=sittings)
        _say(f"The city is there after {time.monotonic() - started:.0f} s.")


@city.command()
@click.option(
    "--base-url", default="http://127.0.0.1:8000", show_default=True, help="Address of the running demo."
)
def links(base_url: str) -> None:
    """Print a one-click sign-in for each person of the demo."""
    with _inside("anxin_app", "city", demo=True):
        from anxin.demo import personas

        found = personas.sign_in_links(base_url)
        room = max((_columns(label) for label, _ in found), default=0)
        for label, url in found:
            _say(f"  {label}{' ' * (room - _columns(label))}  {url}")


@main_group.group()
def bench() -> None:
    """Measurements of this installation on this machine, in a database of their own."""


@bench.command("intake")
@click.option("--rounds", type=click.IntRange(1), help="How many interleaved rounds.")
@click.option("--seconds", type=click.IntRange(1), help="How long each measurement takes.")
@click.option("--people", type=click.IntRange(4000), help="How many participants there are to send.")
@click.option("--stored", type=click.IntRange(0), help="Also beside a table with so many submissions in it.")
@click.option("--minutes", type=click.FloatRange(0), help="Also the memory of the web process for so long.")
@click.option("--json", "as_json", is_flag=True, help="Print figures for a program.")
def bench_intake(as_json: bool, **sizes: float | None) -> None:
    """Submissions of a campaign, beside pgbench and beside the ordinary view."""
    from anxin.platform import paths

    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.intake", *(["--json"] if as_json else [])]
    for name, value in sizes.items():
        command += [] if value is None else [f"--{name}", str(value)]
    sys.exit(subprocess.run(command, cwd=paths.checkout(), check=False).returncode)


def _columns(text: str) -> int:
    """How many columns ``text`` takes in a terminal, where a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


if __name__ == "__main__":
    main()
