"""A link that works once lets one person in: somebody invited to a role, or a colleague who lost password or phone."""

from anxin.domains.access import api as access
from anxin.domains.access.contracts import LinkKind, LinkNotOpen
from anxin.domains.accounts import api as accounts
from anxin.domains.accounts.contracts import AccountKind
from anxin.domains.network import api as network
from anxin.domains.network.contracts import Post
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work

SYSTEM = Actor.system("entry-link")


def accept_invitation(*, token: str, login: str, password: str) -> str:
    """Account, person, posting and role, together or not at all; the login.

    What whoever invited may not give any more is not given. Raises ``LinkNotOpen``, ``LoginTaken``,
    ``PasswordTooWeak``.
    """
    with unit_of_work(SYSTEM):
        link = access.use_link(actor=SYSTEM, token=token, kind=LinkKind.INVITATION)
        if not access.may_still_invite(link=link):
            raise LinkNotOpen
        account = accounts.create_account(
            actor=SYSTEM, kind=AccountKind.STAFF, login=login, password=password
        )
        staff = network.add_staff_member(
            actor=SYSTEM, name=link.name, title=link.title, account_id=account.id
        )
        network.appoint(
            actor=SYSTEM, staff=staff, unit=link.unit, post=Post(link.post), starts_on=clock.today()
        )
        access.grant(actor=SYSTEM, account=account, role=link.role, node=link.node)
    return account.login


def come_back_in(*, token: str, password: str) -> str:
    """A new password; the second factor is linked anew at the next sign-in, and every session ends. The login.

    Raises ``LinkNotOpen``, ``PasswordTooWeak``.
    """
    with unit_of_work(SYSTEM):
        link = access.use_link(actor=SYSTEM, token=token, kind=LinkKind.RECOVERY)
        account = accounts.active_account(account_id=link.account_id)
        if account is None:
            raise LinkNotOpen
        accounts.replace_password(actor=SYSTEM, account=account, new=password)
        accounts.reset_second_factor(actor=SYSTEM, account=account, reason=link.uid)
        accounts.unlock(actor=SYSTEM, account=account, reason=link.uid)
    return account.login
