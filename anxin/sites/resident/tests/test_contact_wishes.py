"""How I may be reached: I say it myself, without a script, and only about myself."""

import pytest
from django.test import Client

from anxin.domains.notices import api as notices
from anxin.domains.notices.models import ContactWish
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work
from tests import small_city

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
ADDRESS = "/me/contact/"


def test_a_person_closes_a_way_names_a_safe_one_and_sees_what_was_sent(
    city: small_city.SmallCity, resident: Client, visitor: Client
) -> None:
    assert visitor.get(ADDRESS).status_code == 302
    assert resident.get(ADDRESS).status_code == 200
    refused = resident.post(ADDRESS, {"open": []})
    assert refused.status_code == 422
    assert "至少留一种" in refused.content.decode()
    with unit_of_work(SYSTEM):
        assert not ContactWish.objects.exists()
    form = {"open": ["sms", "email"], "email": "li@example.org", "safe_channel": "sms"}
    assert resident.post(ADDRESS, form).status_code == 303
    with unit_of_work(SYSTEM):
        wish = ContactWish.objects.get()
        notices.reach(
            actor=SYSTEM,
            key="k",
            template="told_afterwards",
            params={},
            scope_path=city.units["LIUAN"].path,
            resident_id=city.residents["li-qing"].id,
        )
    assert (wish.refused, wish.agreed, wish.email) == (["voice", "wechat"], ["email"], "li@example.org")
    page = resident.get(ADDRESS).content.decode()
    assert "为了您的安全" in page
    assert "12356" in page
    assert resident.post("/me/contact/read/").status_code == 303
    assert "我看过了" not in resident.get(ADDRESS).content.decode()
