"""Scales, bands and critical answers."""

from typing import Any

from django.utils.translation import gettext_lazy

from anxin.sites.staff.instruments import rows
from anxin.sites.staff.instruments.part import Definition, Part, put_or_drop, text_pair, texts_of


class ScoringPart(Part):
    """Scales over items."""

    key, label = "scoring", gettext_lazy("Scales")
    tables = (("scales", rows.ScaleRow),)

    def initial_rows(self, name: str) -> list[dict[str, Any]]:
        return [
            {
                "name": scale["id"],
                **text_pair(scale["title"]),
                "kind": scale["kind"],
                "numbers": rows.shown_numbers(scale.get("items")),
                "at_least": scale.get("at_least"),
            }
            for scale in self.definition["scales"]
            if _is_plain(scale)
        ]

    @property
    def others(self) -> list[str]:
        """Scales this table cannot show."""
        return [scale["id"] for scale in self.definition["scales"] if not _is_plain(scale)]

    def write(self, definition: dict[str, Any]) -> None:
        known = {scale["id"]: scale for scale in definition["scales"]}
        plain = []
        for row in rows.filled(self.rows["scales"]):
            before = known.get(row["name"], {})
            scale = {
                **(before if not before or _is_plain(before) else {}),
                "id": row["name"],
                "kind": row["kind"],
                "title": texts_of(row["zh"], row["en"]) or {"en": row["name"]},
                "items": row["numbers"],
            }
            put_or_drop(scale, "at_least", row["at_least"])
            plain.append(scale)
        definition["scales"] = _in_old_order(definition["scales"], plain, _is_plain)


def _is_plain(scale: Definition) -> bool:
    return scale["kind"] in rows.PLAIN_KINDS and "reach" not in scale


def _in_old_order(before: list[Any], written: list[Any], is_written: Any) -> list[Any]:
    """Those the table wrote stand where such stood before; the others keep their places between them."""
    waiting, merged = list(written), []
    for one in before:
        if not is_written(one):
            merged.append(one)
        elif waiting:
            merged.append(waiting.pop(0))
    return merged + waiting


class BandsPart(Part):
    """Norm sets and their bands."""

    key, label = "bands", gettext_lazy("Bands")
    tables = (("norms", rows.NormRow),)

    def initial_rows(self, name: str) -> list[dict[str, Any]]:
        return [
            {
                "name": one["id"],
                "scales": ", ".join(one["scales"]),
                "population": one["population"],
                "year": one.get("year"),
                "reference": one["reference"],
                "mark": one["mark"],
                "default": one.get("default", False),
                "bands": rows.shown_bands(one["bands"]),
            }
            for one in self.definition["norm_sets"]
        ]

    def write(self, definition: dict[str, Any]) -> None:
        known = {one["id"]: one for one in definition["norm_sets"]}
        written = []
        for row in rows.filled(self.rows["norms"]):
            norms = {
                **known.get(row["name"], {}),
                "id": row["name"],
                "scales": [
                    part for part in row["scales"].replace("，", ",").replace(",", " ").split() if part
                ],
                "population": row["population"],
                "reference": row["reference"],
                "mark": row["mark"],
                "bands": row["bands"],
            }
            put_or_drop(norms, "year", row["year"])
            norms["default"] = row["default"]
            if not row["default"] and "default" not in known.get(row["name"], {}):
                del norms["default"]
            written.append(norms)
        definition["norm_sets"] = written


class CriticalPart(Part):
    """Critical answers."""

    key, label = "critical", gettext_lazy("Critical answers")
    tables = (("critical", rows.CriticalRow),)

    def initial_rows(self, name: str) -> list[dict[str, Any]]:
        return [
            {
                "name": rule["id"],
                "item": rule["when"][0]["item"],
                "at_least": rule["when"][0]["at_least"],
                "severe_at": rule.get("severe_at"),
                "action": rule["action"],
                "mark": rule["mark"],
            }
            for rule in self.definition.get("critical", [])
            if _is_single(rule)
        ]

    @property
    def others(self) -> list[str]:
        """Rules this table cannot show."""
        return [rule["id"] for rule in self.definition.get("critical", []) if not _is_single(rule)]

    def write(self, definition: dict[str, Any]) -> None:
        known = {rule["id"]: rule for rule in definition.get("critical", [])}
        written = []
        for row in rows.filled(self.rows["critical"]):
            item = row["item"].strip()
            rule = {
                **known.get(row["name"], {}),
                "id": row["name"],
                "when": [{"item": int(item) if item.isdigit() else item, "at_least": row["at_least"]}],
                "action": row["action"],
                "mark": row["mark"],
            }
            put_or_drop(rule, "severe_at", row["severe_at"])
            written.append(rule)
        put_or_drop(
            definition, "critical", _in_old_order(definition.get("critical", []), written, _is_single)
        )


def _is_single(rule: Definition) -> bool:
    return len(rule["when"]) == 1 and set(rule["when"][0]) == {"item", "at_least"}
