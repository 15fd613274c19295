"""Residents for the tests that need many: each with a calm draft of eight answers, so that the ninth is what counts."""

from datetime import date

from anxin.domains.accounts import api as accounts
from anxin.domains.assessments import api as assessments
from anxin.domains.residents import api as residents
from anxin.domains.residents.contracts import Purpose
from anxin.flows import save_answer
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work
from tests.small_city import SYSTEM
from tests.system.conftest import House


def resident_with_draft(house: House, number: int) -> str:
    """A new resident with a calm draft of eight answers; the ninth is what the test sends."""
    code, phone = f"resident-{number}", f"139{number:08d}"
    with unit_of_work(SYSTEM):
        account = accounts.create_account(
            actor=SYSTEM, kind="resident", login=accounts.login_for_phone(phone)
        )
        person = residents.register_resident(
            actor=SYSTEM,
            account=account,
            phone=phone,
            born_on=date(1990, 1, 1),
            home_unit=house.city.units["LIUAN"],
        )
    house.city.accounts[code], house.city.residents[code] = account, person
    actor: Actor = house.city.actor(code)
    with unit_of_work(actor):
        residents.give_consent(
            actor=actor,
            resident_id=person.id,
            purpose=Purpose.SELF_TEST_NAMED,
            text_version=residents.consent_text(purpose=Purpose.SELF_TEST_NAMED).version,
        )
        sitting = assessments.start_sitting(
            actor=actor, instrument="phq-9", language="zh-Hans", age=36, scope_path=person.scope_path
        )
    for item in range(1, 9):
        save_answer.save(actor=actor, sitting_uid=sitting.uid, item=item, value=0)
    return code
