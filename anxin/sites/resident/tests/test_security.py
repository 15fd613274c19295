"""Devices and recovery codes of a resident."""

import re
from typing import Any

from django.test import Client

BACKEND = "anxin.domains.accounts.backends.LoginBackend"


def _browser(city: Any, code: str) -> Client:
    client = Client()
    client.force_login(city.accounts[code], backend=BACKEND)
    client.get("/me/security/")
    return client


def test_the_own_devices_are_listed_and_ended_and_nobody_elses(city: Any) -> None:
    here, there, other = (_browser(city, code) for code in ("li-qing", "li-qing", "lin-xia"))
    page = here.get("/me/security/").content.decode()
    uids = re.findall(r"/me/security/devices/([\w-]+)/end/", page)
    assert len(uids) == 1
    assert other.post(f"/me/security/devices/{uids[0]}/end/").status_code == 404
    assert there.get("/me/security/").status_code == 200
    assert here.post(f"/me/security/devices/{uids[0]}/end/").status_code == 303
    assert there.get("/me/security/").status_code == 302
    assert here.get("/me/security/").status_code == 200
    assert other.get("/me/security/").status_code == 200


def test_everywhere_else_at_once(city: Any) -> None:
    here, there = _browser(city, "li-qing"), _browser(city, "li-qing")
    assert here.post("/me/security/others/end/").status_code == 303
    assert there.get("/me/security/").status_code == 302
    assert here.get("/me/security/").status_code == 200


def test_codes_are_shown_once_and_new_ones_take_their_place(city: Any) -> None:
    here = _browser(city, "li-qing")
    assert "90" in here.get("/me/security/").content.decode()
    first, second = (
        re.findall(r'ax-num">(\d{8})<', here.post("/me/security/codes/").content.decode()) for _ in range(2)
    )
    assert len(first) == len(second) == 10
    assert set(first).isdisjoint(second)
    assert not re.findall(r'ax-num">(\d{8})<', here.get("/me/security/").content.decode())


def test_nobody_and_no_colleague_has_this_page(city: Any) -> None:
    assert Client().get("/me/security/").status_code == 302
    staff = Client()
    staff.force_login(city.accounts["zhao-ning"], backend=BACKEND)
    assert staff.get("/me/security/").status_code == 403
