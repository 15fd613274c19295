"""The smallest valid objects of this room, for its own tests and for others'."""

from itertools import count
from typing import TYPE_CHECKING, Any

from anxin.domains.accounts import api as accounts
from anxin.domains.accounts.contracts import AccountKind
from anxin.domains.residents import api
from anxin.domains.residents.models import Resident
from anxin.kernel.actor import Actor

if TYPE_CHECKING:
    from anxin.domains.network.models import Unit

SYSTEM = Actor.system("test")
_serial = count(1)


def a_resident(home_unit: "Unit", *, with_account: bool = False, **changes: Any) -> Resident:
    """Somebody known by phone only; call inside a unit of work that may see them."""
    phone = changes.pop("phone", f"139{next(_serial):08d}")
    account = (
        accounts.create_account(
            actor=SYSTEM, kind=AccountKind.RESIDENT, login=accounts.login_for_phone(phone)
        )
        if with_account
        else None
    )
    return api.register_resident(actor=SYSTEM, account=account, phone=phone, home_unit=home_unit, **changes)
