"""The questions as a file, and the list of files a device keeps."""

import hashlib
import json
from dataclasses import dataclass

from django.urls import reverse

from anxin.domains.campaigns import api as campaigns
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work
from anxin.ui.templatetags.anxin_ui import asset

SYSTEM = Actor.system("questionnaire")
_ASSETS = ("resident.css", "anxin.js", "questionnaire.js", "icons.svg", "logo.svg")


@dataclass(frozen=True, slots=True)
class Form:
    """The file and what it is known by."""

    body: bytes
    etag: str


def form_of(uid: str) -> Form:
    """The form of one campaign; its key is made when it is first asked for. Raises ``CampaignNotFound``."""
    with unit_of_work(SYSTEM):
        content = campaigns.questionnaire(uid=uid)
        if not content["public_key"]:
            content["public_key"] = campaigns.give_key(actor=SYSTEM, uid=uid).public_key
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return Form(body, f'"{hashlib.sha256(body).hexdigest()[:32]}"')


def files_kept() -> list[str]:
    """What the page needs to open without a network."""
    return [reverse("resident_questionnaire:page"), *(asset(name) for name in _ASSETS)]


def version_of_files() -> str:
    """Changes when one of them does, so that devices fetch them anew."""
    return hashlib.sha256(" ".join(files_kept()).encode()).hexdigest()[:12]
