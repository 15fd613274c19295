"""People of the city centre who write, review and publish, and versions at each stage of their way."""

from copy import deepcopy
from datetime import date
from typing import Any

from anxin.domains.access import api as access
from anxin.domains.accounts import api as accounts
from anxin.domains.instruments import api
from anxin.domains.instruments.contracts import BoundText, LicenceRecord
from anxin.domains.instruments.models import InstrumentVersion, TextBinding
from anxin.domains.network import api as network
from anxin.domains.network.contracts import Post
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work
from tests import small_city
from tests.small_city import SYSTEM, SmallCity

AUTHOR, SECOND, THIRD, ADMIN, MANAGER = "shao-ming", "lu-min", "tang-wei", "gao-fei", "jin-rui"
_PEOPLE = (
    (SECOND, "陆敏", "city_clinician"),
    (THIRD, "唐未", "city_clinician"),
    (ADMIN, "高飞", "platform_admin"),
    (MANAGER, "金瑞", "city_manager"),
)
EVIDENCE = "ab" * 32


def build() -> SmallCity:
    """The small city with more people at its centre."""
    city = small_city.build()
    employ(city)
    return city


def employ(city: SmallCity) -> None:
    """More people at the centre of ``city``."""
    with unit_of_work(SYSTEM):
        for code, name, role in _PEOPLE:
            account = accounts.create_account(actor=SYSTEM, kind="staff", login=code)
            person = network.add_staff_member(actor=SYSTEM, name=name, account_id=account.id)
            network.appoint(
                actor=SYSTEM,
                staff=person,
                unit=city.units["CC"],
                post=Post.OFFICER,
                starts_on=small_city.SINCE,
            )
            access.grant(actor=SYSTEM, account=account, role=role, node=city.units["C"])
            city.accounts[code], city.staff[code] = account, person


def shipped(actor: Actor, instrument: str) -> dict[str, Any]:
    """The definition as it is in the files, to be written to."""
    version = api.published_version(instrument).version
    return deepcopy(dict(api.definition_of(actor=actor, instrument=instrument, version=version)))


def drafted(
    city: SmallCity, instrument: str = "phq-9", *, by: str = AUTHOR, name: str = ""
) -> InstrumentVersion:
    """A draft made of a shipped instrument."""
    actor = city.actor(by)
    with unit_of_work(actor):
        definition = shipped(actor, instrument)
        return api.draft_from(actor=actor, definition=definition, name=name, changes="为本市修订")


def saved(
    city: SmallCity, version: InstrumentVersion, definition: dict[str, Any], **options: Any
) -> InstrumentVersion:
    """The draft written anew by its author."""
    actor = city.actor(AUTHOR)
    with unit_of_work(actor):
        return api.save_draft(actor=actor, uid=version.uid, definition=definition, **options)


def sent(city: SmallCity, version: InstrumentVersion) -> InstrumentVersion:
    """Waiting for a second person."""
    actor = city.actor(AUTHOR)
    with unit_of_work(actor):
        return api.send_to_review(actor=actor, uid=version.uid)


def approved(city: SmallCity, version: InstrumentVersion, **options: Any) -> InstrumentVersion:
    """A second person has agreed."""
    actor = city.actor(SECOND)
    with unit_of_work(actor):
        return api.approve(actor=actor, uid=version.uid, reason="与来源逐条核对", **options)


def published(city: SmallCity, version: InstrumentVersion | None = None) -> InstrumentVersion:
    """In force."""
    version = approved(city, sent(city, version or drafted(city)))
    actor = city.actor(THIRD)
    with unit_of_work(actor):
        return api.publish(actor=actor, uid=version.uid)


def words_for(instrument: str) -> BoundText:
    """Invented words for a key."""
    form = api.published_version(instrument)
    return BoundText(
        questions={str(item.number): f"占位题目 {item.number}" for item in form.items},
        options={"*": tuple(f"选项 {option.code}" for option in form.items[0].options)},
        instruction="请按最近一周的情况回答。",
    )


LICENCE = LicenceRecord(
    holder="某出版社",
    number="授权 2026-018",
    scope="云澄市各单位，限专业人员使用",
    expires_on=date(2026, 12, 31),
    evidence_name="permission.pdf",
    evidence_sha256=EVIDENCE,
)


def recorded(city: SmallCity, instrument: str = "sds", licence: LicenceRecord = LICENCE) -> TextBinding:
    """A licensed text nobody has looked at yet."""
    actor = city.actor(AUTHOR)
    with unit_of_work(actor):
        return api.record_text(
            actor=actor,
            instrument=instrument,
            language="zh-Hans",
            text=words_for(instrument),
            licence=licence,
        )
