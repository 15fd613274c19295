"""The door of the accounts room."""

from anxin.domains.accounts import library, selectors
from anxin.domains.accounts.rules import reentry as reentry_rules
from anxin.domains.accounts.rules import visits as visit_rules
from anxin.domains.accounts.services import (
    accounts,
    passkeys,
    phone_codes,
    reentry,
    second_factor,
    tries,
    visits,
)
from anxin.domains.audit.api import command, pure, query

create_account = command("accounts:account:created")(accounts.create_account)
change_password = command("accounts:password:changed")(accounts.change_password)
replace_password = command("accounts:password:replaced")(accounts.replace_password)
deactivate = command("accounts:account:deactivated")(accounts.deactivate)
note_sign_in = command("accounts:account:signed-in")(accounts.note_sign_in)
note_sign_out = command("accounts:account:signed-out")(accounts.note_sign_out)
start_phone_code = command("accounts:phone-code:issued")(phone_codes.start_phone_code)
check_phone_code = command("accounts:phone-code:checked")(phone_codes.check_phone_code)
enrol_second_factor = command("accounts:second-factor:enrolled")(second_factor.enrol_second_factor)
check_second_factor = command("accounts:second-factor:checked")(second_factor.check_second_factor)
fresh_recovery_codes = command("accounts:recovery-codes:shown")(second_factor.fresh_recovery_codes)
renew_recovery_codes = command("accounts:recovery-codes:renewed")(second_factor.renew_recovery_codes)
reset_second_factor = command("accounts:second-factor:reset")(second_factor.reset_second_factor)
add_passkey = command("accounts:passkey:added")(passkeys.add_passkey)
check_passkey = command("accounts:passkey:checked")(passkeys.check_passkey)
remove_passkey = command("accounts:passkey:removed")(passkeys.remove_passkey)
begin_try = command("accounts:try:begun")(tries.begin_try)
take_back_try = command("accounts:try:fitted", silent_on_none=True)(tries.take_back_try)
forget_tries = command("accounts:tries:forgotten", silent_on_none=True)(tries.forget_tries)
unlock = command("accounts:account:unlocked")(tries.unlock)
begin_visit = command("accounts:visit:begun", silent_on_none=True)(visits.begin_visit)
follow_visit = command("accounts:visit:followed", silent_on_none=True)(visits.follow_visit)
touch_visit = command("accounts:visit:used", silent_on_none=True)(visits.touch_visit)
close_visit = command("accounts:visit:closed", silent_on_none=True)(visits.close_visit)
end_visit = command("accounts:visit:ended")(visits.end_visit)
end_other_visits = command("accounts:visits:ended")(visits.end_other_visits)
ask_second_thing = command("accounts:reentry:asked")(reentry.ask_second_thing)
try_second_thing = command("accounts:reentry:tried")(reentry.try_second_thing)
rebind = command("accounts:account:rebound")(reentry.rebind)

active_account = query()(selectors.active_account)
account_by_login = query()(selectors.account_by_login)
account_by_uid = query()(selectors.account_by_uid)
visits_of = query()(selectors.visits_of)
ask_passkey = query()(passkeys.ask_passkey)
offer_passkey = query()(passkeys.offer_passkey)
passkeys_of = query()(passkeys.passkeys_of)
has_recovery_codes = query()(second_factor.has_recovery_codes)
has_second_factor = query()(second_factor.has_second_factor)
offer_second_factor = query()(second_factor.offer_second_factor)
is_held_back = query()(reentry.is_held_back)
is_locked_somewhere = query()(tries.is_locked_somewhere)
may_listen = query()(visits.may_listen)
locked_out_until = query()(tries.locked_out_until)
reentry_of = query()(reentry.reentry_of)

is_same_name = pure(reentry_rules.is_same_name)
is_same_person = pure(reentry_rules.is_same_person)
limits = pure(library.load_limits)
login_for_phone = pure(selectors.login_for_phone)
new_mark = pure(visit_rules.new_mark)
read_mark = pure(visit_rules.read_mark)
refusal_of = pure(reentry.refusal_of)
touched_mark = pure(visit_rules.touched)

__all__ = [
    "account_by_login",
    "account_by_uid",
    "active_account",
    "add_passkey",
    "ask_passkey",
    "ask_second_thing",
    "begin_try",
    "begin_visit",
    "change_password",
    "check_passkey",
    "check_phone_code",
    "check_second_factor",
    "close_visit",
    "create_account",
    "deactivate",
    "end_other_visits",
    "end_visit",
    "enrol_second_factor",
    "follow_visit",
    "forget_tries",
    "fresh_recovery_codes",
    "has_recovery_codes",
    "has_second_factor",
    "is_held_back",
    "is_locked_somewhere",
    "is_same_name",
    "is_same_person",
    "limits",
    "locked_out_until",
    "login_for_phone",
    "may_listen",
    "new_mark",
    "note_sign_in",
    "note_sign_out",
    "offer_passkey",
    "offer_second_factor",
    "passkeys_of",
    "read_mark",
    "rebind",
    "reentry_of",
    "refusal_of",
    "remove_passkey",
    "renew_recovery_codes",
    "replace_password",
    "reset_second_factor",
    "start_phone_code",
    "take_back_try",
    "touch_visit",
    "touched_mark",
    "try_second_thing",
    "unlock",
    "visits_of",
]
