"""A passkey takes the place of the app's code at the second step, in a real browser with a virtual authenticator."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from anxin.domains.accounts.services.accounts import set_checked_password

PASSWORD = "tall-pine-on-the-hill"
pytestmark = pytest.mark.timeout(240)


def test_a_passkey_is_added_and_then_opens_the_second_step(visit: Any, house: Any) -> None:
    account = house.city.accounts["zhao-ning"]
    set_checked_password(account, PASSWORD)
    account.save()
    TOTP.activate(account, generate_totp_secret())
    page = visit("zhao-ning")
    # a passkey is made for a name, and a number is none
    base = house.stack.base.replace("127.0.0.1", "localhost")
    cookie = page.context.cookies()[0]
    page.context.add_cookies([{"name": cookie["name"], "value": cookie["value"], "url": base}])
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    page.goto(f"{base}/staff/account/passkeys/new/")
    page.get_by_label("设备名称").fill("值班室电脑")
    page.get_by_label("现在的密码").fill(PASSWORD)
    page.get_by_role("button", name="用这台设备添加").click()
    page.wait_for_url("**/staff/account/")
    assert page.get_by_text("值班室电脑").is_visible()
    assert Authenticator.objects.filter(user=account, type="webauthn").count() == 1

    page.context.clear_cookies()
    page.goto(f"{base}/sign-in/staff/")
    page.get_by_label("登录名").fill("zhao-ning")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="下一步").click()
    page.wait_for_url("**/sign-in/staff/code/")
    page.get_by_role("button", name="用通行密钥").click()
    page.wait_for_url("**/staff/duty/")
    assert Authenticator.objects.get(user=account, type="webauthn").last_used_at is not None
