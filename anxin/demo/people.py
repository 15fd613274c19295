"""The residents: invented names, telephone numbers nobody has, ages, homes, accounts and what they agreed to.

Telephone numbers begin with 154, a prefix no operator holds, so that no call and no text of the demo can reach anybody.
"""

from array import array
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from anxin.demo import names
from anxin.demo.bulk import BATCH, Uids, insert, take_ids, take_numbers
from anxin.demo.forbidden import invented_person
from anxin.demo.network import Network, UnitPlan
from anxin.demo.personas import BY_CODE, RESIDENT_PHONE
from anxin.demo.progress import Progress
from anxin.demo.stations import LIUAN, WANGQIAO
from anxin.demo.tides import DAYS, Tides
from anxin.domains.accounts import api as accounts
from anxin.domains.residents import api as residents_room
from anxin.domains.residents.contracts import Purpose
from anxin.kernel import clock
from anxin.kernel.crypto import seal

AT_SCALE_1 = 20_000
ADULT = 18
_FIRST_PHONE = 15_410_000_000
_WITH_ACCOUNT = 0.9
# How often a station of each kind is somebody's nearest; the persona's station is a busy one.
_PULL = {"community": 5, "school": 3, "organ_enterprise": 2, "medical": 2, "elder_care": 1, "custody": 0.2}
_SAFE_HOURS = ("", "", "", "晚上七点以后", "午休时间", "周末")
_REGULARS = ((LIUAN, range(30)), (WANGQIAO, range(30, 40)))
FEWEST = 120
PERSONA = 0
# The first residents joined this many days before the eighteen months that are told.
_KNOWN_BEFORE = 200
# Ages (from, to, weight), roughly a city's. Nobody is under 14: a guardian would have had to agree.
_AGES = ((14, 17, 6), (18, 25, 16), (26, 35, 22), (36, 45, 20), (46, 60, 22), (61, 85, 14))


@dataclass(slots=True)
class Population:
    """What the later steps need of everybody, in arrays: a city of 674,000 has to fit beside a small database.

    Residents are numbered in the order in which they joined; ``joined`` holds days since ``epoch``.
    """

    epoch: date
    first_id: int
    homes: list[UnitPlan]
    joined: "array[int]"
    home: "array[int]"
    born: "array[int]"
    is_female: bytearray
    has_account: bytearray
    _by_home: dict[str, list[int]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.joined)

    def joined_by(self, day: int) -> int:
        """How many had joined before ``day``."""
        return bisect_right(self.joined, day)

    def id_of(self, index: int) -> int:
        """The database id."""
        return self.first_id + index

    def home_of(self, index: int) -> UnitPlan:
        """The unit nearest to them."""
        return self.homes[self.home[index]]

    def at_home(self, name: str) -> list[int]:
        """Everybody whose home is the station called ``name``."""
        if name not in self._by_home:
            unit = next(number for number, home in enumerate(self.homes) if home.name == name)
            self._by_home[name] = [index for index, home in enumerate(self.home) if home == unit]
        return self._by_home[name]

    def age_of(self, index: int, day: date) -> int:
        """Full years of life on ``day``."""
        return residents_room.age_on(date.fromordinal(self.born[index]), day)


def _draw(network: Network, rng: Random, count: int, epoch: date, days: int) -> Population:
    stations = network.of_kind("station")
    pulls = [_PULL[station.host_type or ""] for station in stations]
    named = {station.name: index for index, station in enumerate(stations)}
    pulls[named[LIUAN]] = sum(pulls) * 0.02
    pulls[named[WANGQIAO]] = sum(pulls) * 0.005
    homes = rng.choices(range(len(stations)), weights=pulls, k=count)
    today = epoch.toordinal() + days
    bands = rng.choices(_AGES, weights=[weight for _, _, weight in _AGES], k=count)
    born = array(
        "i", (today - rng.randrange(low * 365 + low // 4 + 1, (high + 1) * 365) for low, high, _ in bands)
    )
    joined = array(
        "i",
        sorted(
            max(-_KNOWN_BEFORE, round(rng.triangular(-_KNOWN_BEFORE, days, days * 0.5))) for _ in range(count)
        ),
    )
    population = Population(
        epoch=epoch,
        first_id=0,
        homes=stations,
        joined=joined,
        home=array("i", homes),
        born=born,
        is_female=bytearray(rng.random() < 0.58 for _ in range(count)),
        has_account=bytearray(rng.random() < _WITH_ACCOUNT for _ in range(count)),
    )
    _place_regulars(population, named, today)
    return population


def _place_regulars(population: Population, named: dict[str, int], today: int) -> None:
    """The first of all is the persona, a woman of twenty-nine; the next live near the stations of the personas.

    So the boards a visitor opens have people on them however small the city is.
    """
    for name, indices in _REGULARS:
        for index in indices:
            population.joined[index] = -_KNOWN_BEFORE
            population.home[index] = named[name]
            population.born[index] = min(population.born[index], today - (ADULT + 3) * 366)
            population.has_account[index] = True
    population.born[PERSONA] = today - 29 * 365 - 120
    population.is_female[PERSONA] = True


def write_residents(
    network: Network, rng: Random, uids: Uids, count: int, tides: Tides, progress: Progress
) -> Population:
    """Draw and write ``count`` residents who joined before today."""
    population = _draw(network, rng, count, tides.epoch, DAYS - 1)
    population.first_id = take_ids("residents_resident", count)[0]
    people = names.People(rng)
    for start in range(0, count, BATCH):
        chunk = range(start, min(start + BATCH, count))
        _write_chunk(population, chunk, people, rng, uids)
        progress.part(f"{chunk[-1] + 1} of {count} residents")
    return population


def _write_chunk(population: Population, chunk: range, people: names.People, rng: Random, uids: Uids) -> None:
    joined = [_moment_of(population, index, rng) for index in chunk]
    phones = [RESIDENT_PHONE if index == PERSONA else str(_FIRST_PHONE + index) for index in chunk]
    logins = [accounts.login_for_phone(phone) for phone in phones]
    holders = [place for place, index in enumerate(chunk) if population.has_account[index]]
    account_ids = dict(zip(holders, take_ids("accounts_account", len(holders)), strict=True))
    insert(
        "accounts_account",
        (
            *("id", "uid", "password", "kind", "login"),
            *("is_active", "created_at", "seen_at", "language", "text_size"),
        ),
        (
            (
                *(account_ids[place], uids.at(joined[place]), f"!{rng.getrandbits(160):040x}", "resident"),
                *(logins[place], True, joined[place]),
                *(_seen(population, chunk[place], joined[place]), "", ""),
            )
            for place in holders
        ),
    )
    numbers = take_numbers("residents_number", len(chunk))
    insert(
        "residents_resident",
        (
            *("id", "uid", "number", "account_id", "name", "phone"),
            *("phone_index", "contact_index", "born_on", "sex"),
            *("home_unit_id", "scope_path", "safe_hours", "created_at"),
        ),
        (
            (
                *(population.id_of(index), uids.at(joined[place]), f"R{next(numbers):07d}"),
                account_ids.get(place),
                seal(_name(population, index, people), context="residents_resident.name"),
                seal(phones[place], context="residents_resident.phone"),
                *(logins[place], logins[place], date.fromordinal(population.born[index])),
                "f" if population.is_female[index] else "m",
                *(population.home_of(index).id, population.home_of(index).path),
                *(rng.choice(_SAFE_HOURS), joined[place]),
            )
            for place, index in enumerate(chunk)
        ),
    )
    _write_consents(population, chunk, joined, rng, uids)


def _moment_of(population: Population, index: int, rng: Random) -> datetime:
    day = population.epoch + timedelta(days=population.joined[index])
    return datetime.combine(day, time(7), clock.LOCAL) + timedelta(seconds=rng.randrange(60, 3 * 3600))


def _seen(population: Population, index: int, joined: datetime) -> datetime:
    """The persona came in yesterday. Of the others nobody has come back: their phone code alone opens nothing here."""
    return joined + timedelta(days=DAYS - 1 - population.joined[index]) if index == PERSONA else joined


def _name(population: Population, index: int, people: names.People) -> str:
    sex = "f" if population.is_female[index] else "m"
    return invented_person(BY_CODE["li-qing"].name if index == PERSONA else people.draw(sex))


def _write_consents(
    population: Population, chunk: range, joined: list[datetime], rng: Random, uids: Uids
) -> None:
    """Who signs in has agreed to the account and to named self-tests."""
    texts = {purpose: residents_room.consent_text(purpose=purpose) for purpose in Purpose}
    insert(
        "residents_consent",
        (
            *("uid", "resident_id", "purpose", "data_kinds", "recipient", "text_version"),
            *("given_at", "given_by", "recorded_by", "withdrawn_by"),
        ),
        (
            (
                *(uids.at(joined[place]), population.id_of(index), purpose.value),
                *(texts[purpose].data_kinds, "", texts[purpose].version, joined[place], "self", "", ""),
            )
            for place, index in enumerate(chunk)
            for purpose in _agreed(population, index, rng)
        ),
    )


def _agreed(population: Population, index: int, rng: Random) -> tuple[Purpose, ...]:
    if not population.has_account[index]:
        return (Purpose.ACCOUNT,)
    if index and rng.random() < 0.03:
        return (Purpose.ACCOUNT, Purpose.SELF_TEST_NAMED, Purpose.CONTACT_BACK)
    return (Purpose.ACCOUNT, Purpose.SELF_TEST_NAMED)
