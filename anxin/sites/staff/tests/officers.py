"""The people who watch over access, in post: not among the personas of the small city."""

from anxin.domains.access import api as access
from anxin.domains.accounts import api as accounts
from anxin.domains.network import api as network
from anxin.domains.network.contracts import Post
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.staff.tests.conftest import SYSTEM
from tests import small_city


def hire(
    city: small_city.SmallCity,
    code: str,
    *,
    name: str,
    role: str,
    unit: str,
    node: str,
    post: Post = Post.OFFICER,
) -> str:
    """Somebody posted at ``unit`` who holds ``role`` at ``node``; their code."""
    with unit_of_work(SYSTEM):
        account = accounts.create_account(actor=SYSTEM, kind="staff", login=code)
        person = network.add_staff_member(actor=SYSTEM, name=name, account_id=account.id)
        network.appoint(
            actor=SYSTEM, staff=person, unit=city.units[unit], post=post, starts_on=small_city.SINCE
        )
        access.grant(actor=SYSTEM, account=account, role=role, node=city.units[node])
    city.accounts[code], city.staff[code] = account, person
    return code


def officer(city: small_city.SmallCity) -> str:
    """The security and privacy officer."""
    return hire(city, "officer", name="邓岩", role="security_officer", unit="TF", node="C")
