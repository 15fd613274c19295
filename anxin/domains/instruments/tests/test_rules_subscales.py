"""Which items each subscale adds: the published lists, typed here a second time."""

import pytest

from anxin.domains.instruments import library
from anxin.domains.instruments.rules.scoring import score
from anxin.domains.instruments.tests.forms import codes_for

R = range
SCATTERED = {
    "scared": {
        "panic": [1, 6, 9, 12, 15, 18, 19, 22, 24, 27, 30, 34, 38],
        "general": [5, 7, 14, 21, 23, 28, 33, 35, 37],
        "separation": [4, 8, 13, 16, 20, 25, 29, 31],
        "social": [3, 10, 26, 32, 39, 40, 41],
        "school": [2, 11, 17, 36],
    },
    "dass-21": {
        "depression_raw": [3, 5, 10, 13, 16, 17, 21],
        "anxiety_raw": [2, 4, 7, 9, 15, 19, 20],
        "stress_raw": [1, 6, 8, 11, 12, 14, 18],
    },
    "ies-r": {
        "intrusion": [1, 2, 3, 6, 9, 14, 16, 20],
        "avoidance": [5, 7, 8, 11, 12, 13, 17, 22],
        "hyperarousal": [4, 10, 15, 18, 19, 21],
    },
    "eat-26": {
        "dieting": [1, 6, 7, 10, 11, 12, 14, 16, 17, 22, 23, 24, 26],
        "bulimia": [3, 4, 9, 18, 21, 25],
        "oral_control": [2, 5, 8, 13, 15, 19, 20],
    },
    "pbq": {
        "general": [1, 2, 6, 7, 8, 9, 10, 12, 13, 15, 16, 17],
        "rejection": [3, 4, 5, 11, 14, 21, 23],
        "anxiety": [19, 20, 22, 25],
        "harm": [18, 24],
    },
    "mht": {
        "learning": [*R(1, 16)],
        "people": [*R(16, 26)],
        "loneliness": [*R(26, 36)],
        "self_blame": [*R(36, 46)],
        "sensitivity": [*R(46, 56)],
        "body": [*R(56, 71)],
        "fear": [*R(71, 81)],
        "impulse": [81, 83, 85, 87, 89, 91, 93, 95, 97, 99],
        "validity": [82, 84, 86, 88, 90, 92, 94, 96, 98, 100],
    },
    "sdq": {
        "emotional": [3, 8, 13, 16, 24],
        "conduct": [5, 7, 12, 18, 22],
        "hyperactivity": [2, 10, 15, 21, 25],
        "peer": [6, 11, 14, 19, 23],
        "prosocial": [1, 4, 9, 17, 20],
    },
    "audit": {"consumption": [1, 2, 3], "dependence": [4, 5, 6], "harm": [7, 8, 9, 10]},
    "cries-8": {"intrusion": [1, 3, 6, 7], "avoidance": [2, 4, 5, 8]},
    # the eight items of CRIES-8 in their order, with five arousal items between (sources in the definition)
    "cries-13": {"intrusion": [1, 4, 8, 9], "avoidance": [2, 6, 7, 10], "arousal": [3, 5, 11, 12, 13]},
}
MEANS = {
    "mmhi-60": {
        "obsession": [3, 10, 12, 22, 23, 48],
        "paranoia": [11, 20, 24, 26, 47, 49],
        "hostility": [19, 21, 25, 50, 52, 58],
        "interpersonal": [4, 17, 18, 45, 51, 59],
        "depression": [5, 13, 14, 16, 44, 57],
        "anxiety": [6, 15, 34, 43, 46, 56],
        "learning": [31, 33, 36, 38, 40, 55],
        "adaptation": [1, 8, 9, 29, 39, 41],
        "mood": [2, 7, 27, 32, 35, 53],
        "imbalance": [28, 30, 37, 42, 54, 60],
    },
    "scl-90": {
        "somatization": [1, 4, 12, 27, 40, 42, 48, 49, 52, 53, 56, 58],
        "obsessive_compulsive": [3, 9, 10, 28, 38, 45, 46, 51, 55, 65],
        "interpersonal": [6, 21, 34, 36, 37, 41, 61, 69, 73],
        "anxiety": [2, 17, 23, 33, 39, 57, 72, 78, 80, 86],
        "phobic": [13, 25, 47, 50, 70, 75, 82],
        "paranoid": [8, 18, 43, 68, 76, 83],
        "psychotic": [7, 16, 35, 62, 77, 84, 85, 87, 88, 90],
        "other": [19, 44, 59, 60, 64, 66, 89],
    },
    "rand-36": {
        "physical_functioning": [*R(3, 13)],
        "role_physical": [13, 14, 15, 16],
        "role_emotional": [17, 18, 19],
        "energy": [23, 27, 29, 31],
        "emotional_wellbeing": [24, 25, 26, 28, 30],
        "social_functioning": [20, 32],
        "pain": [21, 22],
        "general_health": [1, 33, 34, 35, 36],
    },
    "snap-iv-26": {"inattention": [*R(1, 10)], "hyperactivity": [*R(10, 19)], "opposition": [*R(19, 27)]},
    "cbi": {"personal": [*R(1, 7)], "work": [*R(7, 14)], "client": [*R(14, 20)]},
}


@pytest.mark.parametrize(("name", "scale"), [(n, s) for n in SCATTERED for s in SCATTERED[n]])
def test_a_subscale_adds_exactly_its_published_items(name: str, scale: str) -> None:
    instrument = library.get(name)
    numbers = SCATTERED[name][scale]
    values = [max(item.values) if item.number in numbers else min(item.values) for item in instrument.items]
    sheet = score(instrument, codes_for(instrument, values))
    most = sum(max(instrument.item(number).values) for number in numbers)
    others = {other for other in SCATTERED[name] if other != scale}
    assert sheet.scores[scale] == most
    assert all(sheet.scores[other] == 0 for other in others)


@pytest.mark.parametrize(("name", "scale"), [(n, s) for n in MEANS for s in MEANS[n]])
def test_a_mean_is_taken_over_exactly_its_published_items(name: str, scale: str) -> None:
    instrument = library.get(name)
    numbers = MEANS[name][scale]
    values = [max(item.values) if item.number in numbers else min(item.values) for item in instrument.items]
    sheet = score(instrument, codes_for(instrument, values))
    assert sheet.scores[scale] == max(instrument.item(numbers[0]).values)
    least = {min(instrument.item(MEANS[name][other][0]).values) for other in MEANS[name] if other != scale}
    assert {sheet.scores[other] for other in MEANS[name] if other != scale} == least
