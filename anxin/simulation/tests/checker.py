"""A second opinion: the figures of a run, worked out anew from its file and from nothing of ours.

    python -m anxin.simulation.tests.checker FILE

It walks through the lines as time goes by and keeps, for every open warning, who has the turn and when the next call is
owed; the simulation's own figures are put together from intervals instead. Written from docs/reference/simulation.md.
"""

import json
import sys
from datetime import datetime, timedelta

SECOND = timedelta(seconds=1)


class Walk:
    """Everything known at one moment of the walk."""

    def __init__(self) -> None:
        self.staff = {}  # account: [(from, until or None)]
        self.running = {}  # warning: its running clock
        self.raised, self.closed, self.alone = {}, {}, {}
        self.stretches = 0
        self.sources, self.rang, self.doubled = set(), {}, 0
        self.owed, self.late = [], set()
        self.l4_within = self.last = None

    def step(self, line: dict) -> None:
        """One line."""
        now, kind, params, warning = when(line["time"]), line["kind"], line["params"], line["warning"]
        self.look_around(now)
        if kind == "begun":
            self.l4_within = timedelta(seconds=params["l4_within_s"])
        elif kind == "posted":
            self.staff.setdefault(line["actor"], []).append([when(params["from"]), None])
        elif kind == "left":
            self.staff[line["actor"]][-1][1] = when(params["until"])
        elif kind == "told":
            if asks_for_a_warning(params):
                self.owed.append((now, line["person"], params.get("key", "")))
        elif kind == "alarm":
            self.take_alarm(line, now)
        elif kind == "raised":
            self.raised[warning] = now
        elif kind == "closed" or "into" in params:
            self.closed[warning] = now
        elif kind == "clock_started":
            self.begin_clock(line, now)
        elif kind == "clock_ended":
            self.end_clock(warning, params["clock"], now)
        elif kind.startswith("clock_"):
            self.call(self.running[warning], line)

    def begin_clock(self, line: dict, now: datetime) -> None:
        params = line["params"]
        self.running[line["warning"]] = {
            "id": params["clock"],
            "owner": line["owner"],
            "since": now,
            "turn": params["turn"],
            "page": params["page"],
            "turns": [when(one["at"]) for one in params["turns"]],
            "due": when(params["due_at"]),
            "every": timedelta(seconds=params["page_every_s"]),
            "is_l4": params["stage"] == "acknowledge" and line["level"] == 4,
        }
        self.alone.pop(line["warning"], None)

    def end_clock(self, warning: str, clock: int, now: datetime) -> None:
        running = self.running.get(warning)
        if running is None or running["id"] != clock:
            return
        self.look_at_l4(warning, running, now)
        del self.running[warning]
        self.alone.pop(warning, None)

    def call(self, running: dict, line: dict) -> None:
        if running["id"] == line["params"]["clock"]:
            now = when(line["time"])
            if line["params"]["turn"] > 0:
                self.look_at_l4(line["warning"], running, now)
                running["is_l4"] = False
            running |= {
                "turn": line["params"]["turn"],
                "page": line["params"]["page"],
                "owner": line["owner"],
            }
            self.alone.pop(line["warning"], None)

    def look_at_l4(self, warning: str, running: dict, now: datetime) -> None:
        if running["is_l4"] and now > running["since"] + self.l4_within + SECOND:
            self.late.add(warning)

    def take_alarm(self, line: dict, now: datetime) -> None:
        key, person = line["params"]["key"], line["person"]
        self.doubled += key in self.sources
        self.sources.add(key)
        rang = self.rang.setdefault(person, {})
        for other, last in rang.items():
            is_open = other not in self.closed
            if line["warning"] not in rang and is_open and now - last <= timedelta(hours=72):
                self.doubled += 1
        rang[line["warning"]] = now
        self.owed = [
            one
            for one in self.owed
            if not (
                one[2] == key.partition(":")[0]
                if one[2]
                else one[1] == person and now - one[0] <= 180 * SECOND
            )
        ]

    def look_around(self, now: datetime) -> None:
        """Whether anybody's warning has become nobody's by ``now``."""
        for warning, since in self.raised.items():
            if warning in self.closed or warning in self.alone:
                continue
            running = self.running.get(warning)
            if running is None:
                is_alone = now > since + SECOND and now > self.last + SECOND
            else:
                is_alone = now > next_call(running) + SECOND or not self.is_posted(running["owner"], now)
            if is_alone:
                self.alone[warning] = now
                self.stretches += 1
        self.last = now

    def is_posted(self, account: str, now: datetime) -> bool:
        """A posting that ends at this very moment still counts: its follower is called within it."""
        return any(
            since <= now and (until is None or now <= until + SECOND) for since, until in self.staff[account]
        )


def next_call(running: dict) -> datetime:
    """When somebody else, or the last one again, has to be called if nobody does anything."""
    ahead = running["turns"][running["turn"] + 1 :]
    if ahead:
        return ahead[0]
    return max(running["turns"][-1], running["due"]) + (running["page"] + 1) * running["every"]


def asks_for_a_warning(params: dict) -> bool:
    """A request or a check-in does; a questionnaire from ten points on, or with the ninth question not answered 0."""
    answers = params.get("answers")
    return answers is None or sum(answers) >= 10 or answers[8] > 0


def when(text: str) -> datetime:
    return datetime.fromisoformat(text)


def check(lines: list[dict]) -> dict:
    """The six figures."""
    walk = Walk()
    walk.last = when(lines[0]["time"])
    for line in lines:
        walk.step(line)
    for warning, running in walk.running.items():
        walk.look_at_l4(warning, running, walk.last)
    return {
        "warnings": len(walk.raised),
        "unowned": walk.stretches,
        "l4_late": len(walk.late),
        "lost": len(walk.owed),
        "doubled": walk.doubled,
        "open_at_end": len(walk.raised.keys() - walk.closed.keys()),
    }


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        print(json.dumps(check([json.loads(one) for one in file])))
