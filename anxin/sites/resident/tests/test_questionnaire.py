"""The participant's page: files that may be cached, and envelopes that count once."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from anxin.domains.campaigns.models import CriticalSignal, Submission
from anxin.domains.campaigns.rules.envelopes import seal_letter
from anxin.flows.tests.conftest import TUESDAY_10
from anxin.kernel.unit_of_work import unit_of_work
from tests import small_campaign, small_city
from tests.requirements_marker import requirement

JSON = "application/json"


@pytest.fixture
def campaign(db: None) -> Iterator[small_campaign.SmallCampaign]:
    with time_machine.travel(TUESDAY_10, tick=False):
        yield small_campaign.build(small_city.build())


def form_of(campaign: small_campaign.SmallCampaign) -> dict[str, Any]:
    found: dict[str, Any] = Client().get(f"/q/forms/{campaign.campaign.uid}.json").json()
    return found


def send(campaign: small_campaign.SmallCampaign, kind: str, body: dict[str, Any], **changes: Any) -> Any:
    letter = json.dumps({"kind": kind, "body": body}).encode()
    key = form_of(campaign)["public_key"]
    envelope = json.loads(seal_letter(letter, campaign_uid=campaign.campaign.uid, public_base64=key))
    return Client().post("/q/sealed/", json.dumps(envelope | changes), content_type=JSON)


def rows(model: Any) -> list[Any]:
    with unit_of_work(small_city.SYSTEM):
        return list(model.objects.order_by("id"))


def test_the_page_and_the_form_may_be_cached_and_set_no_cookie(campaign: Any) -> None:
    for address in ("/q/", f"/q/forms/{campaign.campaign.uid}.json", "/q/sw.js"):
        answer = Client().get(address)
        assert answer.status_code == 200, address
        assert not answer.cookies
        assert "Cookie" not in answer.get("Vary", "")
    again = Client().get(
        f"/q/forms/{campaign.campaign.uid}.json",
        headers={"If-None-Match": Client().get(f"/q/forms/{campaign.campaign.uid}.json")["ETag"]},
    )
    assert again.status_code == 304


def test_the_form_says_which_answers_ask_for_help_and_nothing_about_anybody(campaign: Any) -> None:
    form = form_of(campaign)
    phq, gad = form["steps"]
    assert (phq["critical"], gad["critical"]) == ({"9": [1, 2, 3]}, {})
    assert [len(phq["items"]), len(gad["items"])] == [9, 7]
    assert phq["fits"]
    assert set(form) == {"uid", "title", "segment", "until", "public_key", "steps"}
    assert Client().get("/q/forms/no-such.json").status_code == 404


@requirement("R-068")
def test_a_sealed_form_is_taken_in_once_and_a_sealed_signal_is_late(campaign: Any) -> None:
    form = campaign.form(0, ch="offline")
    assert [send(campaign, "form", form).status_code for _ in range(2)] == [201, 200]
    (kept,) = rows(Submission)
    assert (kept.channel, kept.answers) == ("offline", form["answers"])
    signal = {"t": form["t"], "step": 1, "item": "9", "code": 2, "at": form["at"], "late": True}
    assert send(campaign, "signal", signal).status_code == 201
    assert [one.is_late for one in rows(CriticalSignal)] == [True]


def test_an_envelope_of_another_campaign_or_with_other_content_is_refused(campaign: Any) -> None:
    form = campaign.form(0, ch="offline")
    assert send(campaign, "form", form, c="another").status_code == 422
    assert send(campaign, "form", form, d="AAAA").status_code == 422
    assert send(campaign, "form", form | {"answers": [9] * 9}).status_code == 422
    assert Client().post("/q/sealed/", "{", content_type=JSON).status_code == 422
    assert Client().get("/q/sealed/").status_code == 405
    assert rows(Submission) == []
