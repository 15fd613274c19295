"""The door of the accounts room."""

from anxin.domains.accounts import selectors
from anxin.domains.accounts.services import accounts, phone_codes, second_factor
from anxin.domains.audit.api import command, pure, query

create_account = command("accounts:account:created")(accounts.create_account)
deactivate = command("accounts:account:deactivated")(accounts.deactivate)
note_sign_in = command("accounts:account:signed-in")(accounts.note_sign_in)
note_sign_out = command("accounts:account:signed-out")(accounts.note_sign_out)
start_phone_code = command("accounts:phone-code:issued")(phone_codes.start_phone_code)
check_phone_code = command("accounts:phone-code:checked")(phone_codes.check_phone_code)
enrol_second_factor = command("accounts:second-factor:enrolled")(second_factor.enrol_second_factor)
check_second_factor = command("accounts:second-factor:checked")(second_factor.check_second_factor)
fresh_recovery_codes = command("accounts:recovery-codes:shown")(second_factor.fresh_recovery_codes)
reset_second_factor = command("accounts:second-factor:reset")(second_factor.reset_second_factor)

active_account = query()(selectors.active_account)
account_by_login = query()(selectors.account_by_login)
has_second_factor = query()(second_factor.has_second_factor)
offer_second_factor = query()(second_factor.offer_second_factor)
login_for_phone = pure(selectors.login_for_phone)

__all__ = [
    "account_by_login",
    "active_account",
    "check_phone_code",
    "check_second_factor",
    "create_account",
    "deactivate",
    "enrol_second_factor",
    "fresh_recovery_codes",
    "has_second_factor",
    "login_for_phone",
    "note_sign_in",
    "note_sign_out",
    "offer_second_factor",
    "reset_second_factor",
    "start_phone_code",
]
