"""What people tell, handed to the service the way the sites do it."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from anxin.domains.accounts import api as accounts
from anxin.domains.assessments import api as assessments
from anxin.domains.residents import api as residents
from anxin.domains.residents.contracts import Participant
from anxin.flows import answer_check_in, save_answer, submit_questionnaire
from anxin.flows.evaluate_sitting import evaluate_sitting
from anxin.flows.request_contact import request_contact
from anxin.kernel import clock
from anxin.kernel.actor import Actor, ActorKind
from anxin.kernel.crypto import blind_index
from anxin.kernel.ids import new_uid
from anxin.kernel.unit_of_work import unit_of_work
from anxin.simulation.county import HOUSE, County
from anxin.simulation.plan import CONTACT, PHQ9, QUIET, SIGNED_IN, Told

VERSION = "1.0.0"
Write = Callable[..., None]


class Tellers:
    """The people of the county who tell something; each is entered the first time they are needed."""

    def __init__(self, county: County, write: Write) -> None:
        self._county, self._write = county, write
        self._known: dict[int, Any] = {}
        self._accounts: dict[int, Any] = {}

    def enter(self, told: list[Told]) -> None:
        """Everybody who answers a questionnaire, as archives, in one go."""
        twins = {one.serial for one in told if one.twin_phone}
        signed_in = {one.serial for one in told if one.kind == SIGNED_IN} | twins
        people = {one.serial: one for one in told if one.kind != CONTACT}
        for serial in sorted(signed_in & people.keys()):
            self._enter_account(people[serial])
        quick = [one for serial, one in sorted(people.items()) if serial not in signed_in]
        found = residents.register_participants(actor=HOUSE, people=[self._participant(one) for one in quick])
        self._known |= {one.serial: resident for one, resident in zip(quick, found, strict=True)}

    def _enter_account(self, told: Told) -> None:
        phone = phone_of(told.serial)
        account = accounts.create_account(actor=HOUSE, kind="resident", login=accounts.login_for_phone(phone))
        self._accounts[told.serial] = account
        self._known[told.serial] = residents.register_resident(
            actor=HOUSE,
            account=account,
            phone=phone,
            name=f"居民{told.serial}",
            home_unit=self._county.units[told.place],
        )

    def _participant(self, told: Told) -> Participant:
        unit = self._county.units[told.place]
        return Participant(
            identity_index=blind_index(f"simulated:{told.serial}", purpose="identity"),
            name=f"居民{told.serial}",
            phone=phone_of(told.serial),
            born_on=None,
            sex="",
            home_unit_id=unit.id,
            scope_path=unit.path,
        )

    def hear(self, told: Told) -> "Heard":
        """Let the service take in what is told now."""
        if told.kind == CONTACT:
            return self._request(told)
        if told.kind == SIGNED_IN:
            return self._answer_in_account(told)
        return self._hand_in(told)

    def _request(self, told: Told) -> "Heard":
        phone = phone_of(told.serial) if told.twin_phone else phone_of(told.serial, unknown=True)
        person = f"phone:{accounts.login_for_phone(phone)[:16]}"
        self._tell(told, person, key="")
        warning = request_contact(
            actor=Actor.anonymous(),
            area_uid=self._county.units[told.place].uid,
            phone=phone,
            is_safe_now=told.safety,
        )
        return Heard(told, warning)

    def _hand_in(self, told: Told) -> "Heard":
        resident, moment = self._known[told.serial], clock.now()
        form = assessments.FinishedForm(
            uid=new_uid(),
            resident_id=resident.id,
            scope_path=resident.scope_path,
            instrument=PHQ9,
            instrument_version=VERSION,
            language="zh-Hans",
            answers=told.answers,
            answered_at=moment - timedelta(minutes=3),
            submitted_at=moment,
            age=None,
            sex="",
        )
        with unit_of_work(HOUSE):
            assessments.keep_sittings(actor=HOUSE, forms=[form])
        self._tell(told, resident.uid, key=form.uid)
        if told.dies or told.kind == QUIET:
            return Heard(told, None, is_left_to_sweep=True)
        return Heard(told, evaluate_sitting(sitting_uid=form.uid))

    def _answer_in_account(self, told: Told) -> "Heard":
        resident, actor = self._known[told.serial], self._actor(told.serial)
        with unit_of_work(actor):
            sitting = assessments.start_sitting(
                actor=actor, instrument=PHQ9, language="zh-Hans", age=30, scope_path=resident.scope_path
            )
        self._tell(told, resident.uid, key=sitting.uid)
        warning = None
        for item, value in enumerate(told.answers, start=1):
            saved = save_answer.save(actor=actor, sitting_uid=sitting.uid, item=item, value=value)
            warning = saved.warning or warning
        done = submit_questionnaire.submit(actor=actor, sitting_uid=sitting.uid)
        return Heard(told, done.warning or warning, has_promised=True, sitting=sitting.uid)

    def check_in(self, heard: "Heard") -> Any:
        """The safety check-in that follows a critical answer."""
        told, actor = heard.told, self._actor(heard.told.serial)
        resident = self._known[told.serial]
        self._write(
            clock.now(), "told", "", person=resident.uid, params={"source": "check_in", "safety": told.safety}
        )
        return answer_check_in.answer(
            actor=actor, sitting_uid=heard.sitting, is_safe_now=told.safety, wants_call=told.safety == "no"
        )

    def _actor(self, serial: int) -> Actor:
        resident = self._known[serial]
        return Actor(
            kind=ActorKind.RESIDENT,
            uid=self._accounts[serial].uid,
            label="resident",
            resident_id=resident.id,
            resident_uid=resident.uid,
        )

    def _tell(self, told: Told, person: str, *, key: str) -> None:
        params: dict[str, Any] = {"source": "contact" if told.kind == CONTACT else "form", "key": key}
        if told.answers:
            params |= {"instrument": PHQ9, "answers": list(told.answers)}
        else:
            params["safety"] = told.safety
        self._write(clock.now(), "told", "", person=person, params=params)


class Heard:
    """What the service made of it, as far as the teller can see."""

    def __init__(
        self,
        told: Told,
        warning: Any,
        *,
        is_left_to_sweep: bool = False,
        has_promised: bool = False,
        sitting: str = "",
    ) -> None:
        self.told, self.warning, self.sitting = told, warning, sitting
        self.is_left_to_sweep, self.has_promised = is_left_to_sweep, has_promised


def phone_of(serial: int, *, unknown: bool = False) -> str:
    """A number under a prefix that no operator holds: the one a person is known by, or one nobody knows."""
    return str(15_450_000_000 + serial + (5_000_000 if unknown else 0))


def dice_of(seed: int, name: str) -> Random:
    """Dice that depend on nothing but the seed and a name."""
    return Random(f"{seed}:{name}")
