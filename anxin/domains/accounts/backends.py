"""How Django recognises an account: staff by login and password. Residents have no password and pass another door."""

from typing import Any

from django.contrib.auth.backends import BaseBackend

from anxin.domains.accounts.contracts import AccountKind
from anxin.domains.accounts.models import Account
from anxin.domains.accounts.selectors import active_account


class LoginBackend(BaseBackend):
    """Login and password of an open staff account."""

    def authenticate(
        self,
        request: Any,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> Account | None:
        """The account, or ``None``. An unknown login costs as much time as a wrong password."""
        login = username or kwargs.get(Account.USERNAME_FIELD)
        if not login or password is None:
            return None
        account = Account.objects.filter(login=login, kind=AccountKind.STAFF).first()
        if account is None:
            Account().set_password(password)
            return None
        return account if account.check_password(password) and account.is_active else None

    def get_user(self, user_id: Any) -> Account | None:
        """The account of a session; closing an account ends its sessions."""
        return active_account(account_id=user_id)
