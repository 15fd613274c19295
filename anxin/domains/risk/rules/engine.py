"""Rules over facts: pure, versioned, explained in words.

A rule set is a list of rules; each names its conditions, the level it proposes and the message a colleague reads. The
decision is the highest level of all rules that match, with every reason that reached it or explains it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from anxin.domains.risk.contracts import Decision, Facts, Level, Reason


class BadRuleSet(ValueError):
    """A rule set that cannot be read; the message names the rule."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. Every condition given must hold; a condition left out holds always."""

    code: str
    level: Level
    message: str
    instrument: str | None = None
    critical: str | None = None
    critical_any: bool = False
    total_at_least: float | None = None
    rise_at_least: float | None = None

    def matches(self, facts: Facts) -> bool:
        """Whether all conditions hold. A missing total is unknown and never satisfies a threshold."""
        total = facts.scores.get("total")
        rise = None if total is None or facts.previous_total is None else total - facts.previous_total
        return (
            (self.instrument is None or facts.instrument == self.instrument)
            and (self.critical is None or self.critical in facts.critical)
            and (not self.critical_any or bool(facts.critical))
            and (self.total_at_least is None or (total is not None and total >= self.total_at_least))
            and (self.rise_at_least is None or (rise is not None and rise >= self.rise_at_least))
        )


@dataclass(frozen=True, slots=True)
class RuleSet:
    """A published version."""

    version: str
    rules: tuple[Rule, ...]


_CONDITIONS = ("instrument", "critical", "critical_any", "total_at_least", "rise_at_least")


def read_rule_set(raw: Mapping[str, Any]) -> RuleSet:
    """A rule set from its data form. Raises :class:`BadRuleSet`."""
    return RuleSet(version=str(raw["version"]), rules=tuple(_read_rule(rule) for rule in raw["rules"]))


def _read_rule(raw: Mapping[str, Any]) -> Rule:
    when: Mapping[str, Any] = raw["when"]
    unknown = set(when) - set(_CONDITIONS)
    if unknown or not when:
        raise BadRuleSet(f"{raw.get('code')}: conditions {sorted(unknown) or 'missing'}")
    if not raw.get("message"):
        raise BadRuleSet(f"{raw.get('code')}: no message")
    return Rule(code=raw["code"], level=Level(raw["level"]), message=raw["message"], **when)


def evaluate(rule_set: RuleSet, facts: Facts) -> Decision:
    """The level the rules propose, and why. Reasons of lower rules with the same words are left out."""
    matched = sorted((rule for rule in rule_set.rules if rule.matches(facts)), key=lambda rule: -rule.level)
    return Decision(
        level=matched[0].level if matched else Level.L0,
        reasons=_distinct(matched),
        rule_set=rule_set.version,
    )


def _distinct(rules: Sequence[Rule]) -> tuple[Reason, ...]:
    seen: dict[str, Reason] = {}
    for rule in rules:
        seen.setdefault(rule.message, Reason(code=rule.code, message=rule.message))
    return tuple(seen.values())
