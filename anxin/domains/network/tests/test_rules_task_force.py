"""The make-up of a task force is data that can be read, and is refused when it makes no sense."""

from typing import Any

import pytest

from anxin.domains.network.contracts import ForcePost, TaskForceKind
from anxin.domains.network.library import load_presets
from anxin.domains.network.rules.task_force import PresetsUnreadable, read_presets


def test_the_shipped_presets_name_offices_and_no_people() -> None:
    preset = load_presets()[TaskForceKind.AREA]

    assert len(preset.bodies) == 12
    assert [group.code for group in preset.groups] == ["construction", "policy", "experts"]
    assert [seat.post for seat in preset.seats].count(ForcePost.DIRECTOR) == 1
    assert all(seat.body_post for group in preset.groups for seat in group.seats)


@pytest.mark.parametrize(
    "broken",
    [
        {"posts": [{"post": "director", "body": "nowhere", "body_post": "主任"}]},
        {"posts": [{"post": "emperor", "body_post": "主任"}]},
        {"office_seat": "nowhere"},
    ],
)
def test_a_preset_that_makes_no_sense_is_refused(broken: dict[str, Any]) -> None:
    sound = {"name": "专班", "duties": "", "office_seat": "town", "bodies": [], "posts": [], "groups": []}

    with pytest.raises(PresetsUnreadable):
        read_presets({"presets": {"area": {**sound, **broken}}})
