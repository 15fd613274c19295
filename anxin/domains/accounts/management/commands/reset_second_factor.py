"""``python -m django reset_second_factor LOGIN --reason "…"``: the phone is lost, the next sign-in links a new one."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from anxin.domains.accounts import api
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work


class Command(BaseCommand):
    """For the administrator at the machine; the reason stays in the trail."""

    help = (
        "Take the authenticator app and the recovery codes from an account; its next sign-in links a new app."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The login, and why."""
        parser.add_argument("login")
        parser.add_argument("--reason", required=True)

    def handle(self, *args: Any, login: str, reason: str, **options: Any) -> None:
        """Reset, or say that there is no such login."""
        actor = Actor.system("administrator")
        with unit_of_work(actor):
            account = api.account_by_login(login=login)
            if account is None:
                raise CommandError(f"There is no open account {login}.")
            api.reset_second_factor(actor=actor, account=account, reason=reason)
        self.stdout.write(f"{login} will link a new authenticator app at the next sign-in.")
