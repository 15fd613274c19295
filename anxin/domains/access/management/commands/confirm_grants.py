"""``python -m django confirm_grants LOGIN --reason "…"``: the roles of this account are right for another year.

For the administrator at the machine, where nobody is in office who could confirm them: those who hold an office over
the whole city are confirmed by another such office.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from anxin.domains.access import api
from anxin.domains.accounts import api as accounts
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work


class Command(BaseCommand):
    """What was confirmed stays in the trail."""

    help = "Confirm every role an account holds for another year."

    def add_arguments(self, parser: CommandParser) -> None:
        """The login, and why."""
        parser.add_argument("login")
        parser.add_argument("--reason", required=True)

    def handle(self, *args: Any, login: str, reason: str, **options: Any) -> None:
        """Confirm, or say that there is no such login."""
        actor = Actor.system("administrator")
        with unit_of_work(actor):
            account = accounts.account_by_login(login=login)
            if account is None:
                raise CommandError(f"There is no open account {login}.")
            held = api.grants_queryset(actor=actor).filter(account__uid=account.uid)
            done = api.confirm_grants(
                actor=actor, uids=list(held.values_list("uid", flat=True)), reason=reason
            )
        self.stdout.write(f"{len(done)} roles of {login} are confirmed for another year.")
