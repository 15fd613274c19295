"""Figures worked out by hand from the published keys, one line an instrument. Nothing here is computed."""

RANGES: dict[str, dict[str, tuple[float, float]]] = {
    "ad8": {"total": (0, 8)},
    "ais": {"total": (0, 24)},
    "asq": {},
    "asrs-18": {"total": (0, 72), "part_a_count": (0, 6), "part_b_count": (0, 12)},
    "asrs-6": {"total": (0, 24), "part_a_count": (0, 6)},
    "assist": {"tobacco": (0, 31), "alcohol": (0, 39), "opioids": (0, 39), "substances_ever": (0, 10)},
    "audit": {"total": (0, 40), "consumption": (0, 12), "dependence": (0, 12), "harm": (0, 16)},
    "audit-c": {"total": (0, 12)},
    "brs": {"total": (6, 30), "mean": (1, 5)},
    "c-ssrs-screener": {},
    "cage": {"total": (0, 4)},
    "cbi": {"personal": (0, 100), "work": (0, 100), "client": (0, 100)},
    "cd-risc-10": {"total": (0, 40)},
    "cd-risc-2": {"total": (0, 8)},
    "cd-risc-25": {"total": (0, 100)},
    "ces-d": {"total": (0, 60)},
    "ces-d-10": {"total": (0, 30)},
    "ces-dc": {"total": (0, 60)},
    "cesd-r": {"total": (0, 60)},
    "core-10": {"total": (0, 40)},
    "cries-13": {"total": (0, 65), "intrusion": (0, 20), "avoidance": (0, 20), "arousal": (0, 25)},
    "cries-8": {"total": (0, 40), "intrusion": (0, 20), "avoidance": (0, 20)},
    "dass-21": {"depression": (0, 42), "anxiety": (0, 42), "stress": (0, 42), "stress_raw": (0, 21)},
    "dast-10": {"total": (0, 10)},
    "eat-26": {"total": (0, 78), "dieting": (0, 39), "bulimia": (0, 18), "oral_control": (0, 21)},
    "epds": {"total": (0, 30)},
    "ess": {"total": (0, 24)},
    "fast": {"total": (0, 16)},
    "ftnd": {"total": (0, 10)},
    "gad-2": {"total": (0, 6)},
    "gad-7": {"total": (0, 21)},
    "gds-15": {"total": (0, 15)},
    "gses": {"total": (10, 40)},
    "hama": {"total": (0, 56)},
    "hamd-17": {"total": (0, 52)},
    "hamd-24": {"total": (0, 76)},
    "ies-r": {
        "total": (0, 88),
        "intrusion": (0, 32),
        "avoidance": (0, 32),
        "hyperarousal": (0, 24),
        "hyperarousal_mean": (0, 4),
    },
    "isi": {"total": (0, 28)},
    "k10": {"total": (10, 50)},
    "k6": {"total": (0, 24)},
    "m-chat-r": {"total": (0, 20)},
    "mht": {"total": (0, 90), "learning": (0, 15), "body": (0, 15), "impulse": (0, 10), "validity": (0, 10)},
    "mmhi-60": {"total": (60, 300), "mean": (1, 5), "learning": (1, 5)},
    "pbq": {"total": (0, 125), "general": (0, 60), "rejection": (0, 35), "anxiety": (0, 20), "harm": (0, 10)},
    "pc-ptsd-5": {"total": (0, 5)},
    "pcl-5": {"total": (0, 80)},
    "pcl-c": {"total": (17, 85)},
    "phq-15": {"total": (0, 30)},
    "phq-2": {"total": (0, 6)},
    "phq-4": {"total": (0, 12)},
    "phq-8": {"total": (0, 24)},
    "phq-9": {"total": (0, 27)},
    "phq-a": {"total": (0, 27)},
    "psqi": {"total": (0, 21)},
    "psqi-quality-last": {"total": (0, 21)},
    "pss-10": {"total": (0, 40)},
    "pss-14": {"total": (0, 56)},
    "pss-4": {"total": (0, 16)},
    "pswq": {"total": (16, 80)},
    "rand-36": {"physical_functioning": (0, 100), "pain": (0, 100), "health_change": (0, 100)},
    "rses": {"total": (10, 40), "score_0_30": (0, 30)},
    "rses-satisfied-first": {"total": (10, 40), "score_0_30": (0, 30)},
    "sas": {"total": (20, 80), "index": (25, 100)},
    "sbq-r": {"total": (3, 18)},
    "scared": {
        "total": (0, 82),
        "panic": (0, 26),
        "general": (0, 18),
        "separation": (0, 16),
        "social": (0, 14),
        "school": (0, 8),
    },
    "scl-90": {"total": (90, 450)},
    "scoff": {"total": (0, 5)},
    "sdq": {"total": (0, 40), "emotional": (0, 10), "prosocial": (0, 10)},
    "sds": {"total": (20, 80), "index": (25, 100)},
    "smast": {"total": (0, 13)},
    "snap-iv-26": {"inattention": (0, 3), "inattention_sum": (0, 27), "opposition_sum": (0, 24)},
    "srq-20": {"total": (0, 20)},
    "ssrs": {"total": (12, 66), "objective": (1, 22), "subjective": (8, 32), "use": (3, 12)},
    "swemwbs": {"total": (7, 35)},
    "swls": {"total": (5, 35)},
    "ucla-ls-3": {"total": (20, 80)},
    "wemwbs": {"total": (14, 70)},
    "who-5": {"total": (0, 25), "index": (0, 100)},
}

_SEVERITY = {0: "minimal", 4: "minimal", 5: "mild", 9: "mild", 10: "moderate", 14: "moderate"}
_PHQ = _SEVERITY | {15: "moderately_severe", 19: "moderately_severe", 20: "severe"}
_RSES = {0: "low", 14: "low", 15: "not_low", 30: "not_low"}
_MHT_15 = {0: "low", 3: "low", 4: "middle", 7: "middle", 8: "high", 15: "high"}
_MHT_10 = {0: "low", 3: "low", 4: "middle", 7: "middle", 8: "high", 10: "high"}
_MMHI = {1.0: "negative", 11 / 6: "negative", 2.0: "positive", 5.0: "positive"}
_SNAP = {0: "negative", 12: "negative", 13: "mild", 17: "mild", 18: "moderate", 22: "moderate", 23: "severe"}


def _cut(at: int, low: int, high: int) -> dict[float, str]:
    return {low: "negative", at - 1: "negative", at: "positive", high: "positive"}


def _risk(at: int, high: int) -> dict[float, str]:
    return {0: "low", at - 1: "low", at: "moderate", 26: "moderate", 27: "high", high: "high"}


EDGES: dict[str, dict[str, dict[float, str]]] = {
    "ad8": {"total": _cut(2, 0, 8)},
    "ais": {"total": _cut(6, 0, 24)},
    "asrs-18": {"part_a_count": _cut(4, 0, 6)},
    "asrs-6": {"total": _cut(14, 0, 24), "part_a_count": _cut(4, 0, 6)},
    "assist": {
        "alcohol": _risk(11, 39),
        "tobacco": _risk(4, 31),
        "cannabis": _risk(4, 39),
        "other": _risk(4, 39),
    },
    "audit": {
        "total": {
            0: "low_risk",
            7: "low_risk",
            8: "hazardous",
            15: "hazardous",
            16: "harmful",
            19: "harmful",
            20: "likely_dependence",
            40: "likely_dependence",
        }
    },
    "brs": {
        "mean": {1.0: "low", 17 / 6: "low", 3.0: "normal", 25 / 6: "normal", 26 / 6: "high", 5.0: "high"}
    },
    "cage": {"total": _cut(2, 0, 4)},
    "cbi": {
        "personal": {0: "negative", 275 / 6: "negative", 50: "positive", 100: "positive"},
        "work": {0: "negative", 325 / 7: "negative", 50: "positive", 100: "positive"},
        "client": {0: "negative", 275 / 6: "negative", 50: "positive", 100: "positive"},
    },
    "ces-d": {"total": _cut(16, 0, 60)},
    "ces-d-10": {"total": _cut(10, 0, 30)},
    "ces-dc": {"total": _cut(15, 0, 60)},
    "cesd-r": {"total": _cut(16, 0, 60)},
    "core-10": {
        "total": {
            0: "minimal",
            9: "minimal",
            10: "mild",
            14: "mild",
            15: "moderate",
            19: "moderate",
            20: "moderately_severe",
            24: "moderately_severe",
            25: "severe",
            40: "severe",
        }
    },
    "cries-13": {"total": _cut(30, 0, 65)},
    "cries-8": {"total": _cut(17, 0, 40)},
    "dass-21": {
        "depression": {
            0: "normal",
            8: "normal",
            10: "mild",
            12: "mild",
            14: "moderate",
            20: "moderate",
            22: "severe",
            26: "severe",
            28: "extremely_severe",
            42: "extremely_severe",
        },
        "anxiety": {
            0: "normal",
            6: "normal",
            8: "mild",
            10: "moderate",
            14: "moderate",
            16: "severe",
            18: "severe",
            20: "extremely_severe",
            42: "extremely_severe",
        },
        "stress": {
            0: "normal",
            14: "normal",
            16: "mild",
            18: "mild",
            20: "moderate",
            24: "moderate",
            26: "severe",
            32: "severe",
            34: "extremely_severe",
            42: "extremely_severe",
        },
    },
    "dast-10": {
        "total": {
            0: "none",
            1: "low",
            2: "low",
            3: "moderate",
            5: "moderate",
            6: "substantial",
            8: "substantial",
            9: "severe",
            10: "severe",
        }
    },
    "eat-26": {"total": _cut(20, 0, 78)},
    "epds": {
        "total": {0: "negative", 9: "negative", 10: "possible", 12: "possible", 13: "likely", 30: "likely"}
    },
    "ess": {"total": {0: "normal", 10: "normal", 11: "positive", 24: "positive"}},
    "ftnd": {
        "total": {
            0: "very_low",
            2: "very_low",
            3: "low",
            4: "low",
            5: "medium",
            6: "high",
            7: "high",
            8: "very_high",
            10: "very_high",
        }
    },
    "gad-2": {"total": _cut(3, 0, 6)},
    "gad-7": {"total": _SEVERITY | {15: "severe", 21: "severe"}},
    "gds-15": {
        "total": {0: "negative", 4: "negative", 5: "possible", 9: "possible", 10: "probable", 15: "probable"}
    },
    "hama": {
        "total": {
            0: "mild",
            17: "mild",
            18: "mild_to_moderate",
            24: "mild_to_moderate",
            25: "moderate_to_severe",
            30: "moderate_to_severe",
            31: "very_severe",
            56: "very_severe",
        }
    },
    "hamd-17": {
        "total": {
            0: "none",
            7: "none",
            8: "mild",
            13: "mild",
            14: "moderate",
            18: "moderate",
            19: "severe",
            22: "severe",
            23: "very_severe",
            52: "very_severe",
        }
    },
    "ies-r": {"total": _cut(33, 0, 88)},
    "isi": {
        "total": {
            0: "none",
            7: "none",
            8: "subthreshold",
            14: "subthreshold",
            15: "moderate",
            21: "moderate",
            22: "severe",
            28: "severe",
        }
    },
    "k10": {
        "total": {
            10: "low",
            15: "low",
            16: "moderate",
            21: "moderate",
            22: "high",
            29: "high",
            30: "very_high",
            50: "very_high",
        }
    },
    "k6": {"total": {0: "below_cutoff", 12: "below_cutoff", 13: "serious", 24: "serious"}},
    "m-chat-r": {"total": {0: "low", 2: "low", 3: "medium", 7: "medium", 8: "high", 20: "high"}},
    "mht": {
        "total": _cut(65, 0, 90),
        "learning": _MHT_15,
        "body": _MHT_15,
        "people": _MHT_10,
        "loneliness": _MHT_10,
        "self_blame": _MHT_10,
        "sensitivity": _MHT_10,
        "fear": _MHT_10,
        "impulse": _MHT_10,
    },
    "mmhi-60": {
        "mean": {1.0: "negative", 119 / 60: "negative", 2.0: "positive", 5.0: "positive"},
        "obsession": _MMHI,
        "paranoia": _MMHI,
        "hostility": _MMHI,
        "interpersonal": _MMHI,
        "depression": _MMHI,
        "anxiety": _MMHI,
        "learning": _MMHI,
        "adaptation": _MMHI,
        "mood": _MMHI,
        "imbalance": _MMHI,
    },
    "pbq": {
        "general": _cut(12, 0, 60),
        "rejection": _cut(13, 0, 35),
        "anxiety": _cut(10, 0, 20),
        "harm": _cut(2, 0, 10),
    },
    "pc-ptsd-5": {"total": _cut(3, 0, 5)},
    "pcl-5": {
        "total": {
            0: "negative",
            30: "negative",
            31: "borderline",
            32: "borderline",
            33: "positive",
            80: "positive",
        }
    },
    "pcl-c": {
        "total": {
            17: "below_38",
            37: "below_38",
            38: "from_38",
            43: "from_38",
            44: "from_44",
            49: "from_44",
            50: "from_50",
            85: "from_50",
        }
    },
    "phq-15": {"total": _SEVERITY | {15: "severe", 30: "severe"}},
    "phq-2": {"total": _cut(3, 0, 6)},
    "phq-4": {
        "total": {
            0: "minimal",
            2: "minimal",
            3: "mild",
            5: "mild",
            6: "moderate",
            8: "moderate",
            9: "severe",
            12: "severe",
        },
        "anxiety": _cut(3, 0, 6),
        "depression": _cut(3, 0, 6),
    },
    "phq-8": {"total": _PHQ | {24: "severe"}},
    "phq-9": {"total": _PHQ | {27: "severe"}},
    "phq-a": {"total": _PHQ | {27: "severe"}},
    "pss-10": {"total": {0: "low", 13: "low", 14: "moderate", 26: "moderate", 27: "high", 40: "high"}},
    "rses": {"score_0_30": _RSES},
    "rses-satisfied-first": {"score_0_30": _RSES},
    # raw 39 → 48, 40 → 50 · 47 → 58, 48 → 60 · 55 → 68, 56 → 70
    "sas": {
        "index": {
            25: "normal",
            48: "normal",
            50: "mild",
            58: "mild",
            60: "moderate",
            68: "moderate",
            70: "severe",
            100: "severe",
        }
    },
    "sbq-r": {"total": _cut(7, 3, 18)},
    "scared": {
        "total": _cut(25, 0, 82),
        "panic": _cut(7, 0, 26),
        "general": _cut(9, 0, 18),
        "separation": _cut(5, 0, 16),
        "social": _cut(8, 0, 14),
        "school": _cut(3, 0, 8),
    },
    "scl-90": {
        "total": _cut(161, 90, 450),
        "positive_count": _cut(44, 0, 90),
        "hostility": {1.0: "negative", 11 / 6: "negative", 2.0: "positive", 5.0: "positive"},
        "depression": {1.0: "negative", 25 / 13: "negative", 2.0: "positive", 5.0: "positive"},
    },
    "scoff": {"total": _cut(2, 0, 5)},
    # raw 42 → 52, 43 → 53 · 50 → 62, 51 → 63 · 58 → 72, 59 → 73
    "sds": {
        "index": {
            25: "normal",
            52: "normal",
            53: "mild",
            62: "mild",
            63: "moderate",
            72: "moderate",
            73: "severe",
            100: "severe",
        }
    },
    "smast": {"total": {0: "negative", 1: "negative", 2: "possible", 3: "probable", 13: "probable"}},
    "snap-iv-26": {
        "inattention_sum": _SNAP | {27: "severe"},
        "hyperactivity_sum": _SNAP | {27: "severe"},
        "opposition_sum": {
            0: "negative",
            7: "negative",
            8: "mild",
            13: "mild",
            14: "moderate",
            18: "moderate",
            19: "severe",
            24: "severe",
        },
    },
    "srq-20": {"total": _cut(7, 0, 20)},
    "swls": {
        "total": {
            5: "extremely_dissatisfied",
            9: "extremely_dissatisfied",
            10: "dissatisfied",
            14: "dissatisfied",
            15: "slightly_dissatisfied",
            19: "slightly_dissatisfied",
            20: "neutral",
            21: "slightly_satisfied",
            25: "slightly_satisfied",
            26: "satisfied",
            30: "satisfied",
            31: "extremely_satisfied",
            35: "extremely_satisfied",
        }
    },
    "who-5": {"index": {0: "low", 48: "low", 52: "adequate", 100: "adequate"}},
}
"""Default bands: score → label, at both sides of every edge."""

NO_BANDS = {
    "asq",
    "c-ssrs-screener",
    "cd-risc-10",
    "cd-risc-2",
    "cd-risc-25",
    "fast",
    "gses",
    "hamd-24",
    "pss-14",
    "pss-4",
    "pswq",
    "rand-36",
    "sdq",
    "ssrs",
    "swemwbs",
    "ucla-ls-3",
    "wemwbs",
}
"""Graded otherwise, or nobody stated a cut-off that decides."""

ELSEWHERE = {"audit-c", "psqi", "psqi-quality-last"}
"""Bands by sex, and written answers: their edges have tests of their own."""

REVERSED = {
    "brs": [2, 4, 6],
    "cbi": [13],
    "ces-d": [4, 8, 12, 16],
    "ces-d-10": [5, 8],
    "ces-dc": [4, 8, 12, 16],
    "core-10": [2, 3],
    "dast-10": [3],
    "gds-15": [1, 5, 7, 11, 13],
    "m-chat-r": [1, 3, 4, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16, 17, 18, 19, 20],
    "pss-10": [4, 5, 7, 8],
    "pss-14": [4, 5, 6, 7, 9, 10, 13],
    "pss-4": [2, 3],
    "pswq": [1, 3, 8, 10, 11],
    "rses": [3, 5, 8, 9, 10],
    "rses-satisfied-first": [2, 5, 6, 8, 9],
    "sas": [5, 9, 13, 17, 19],
    "sdq": [7, 11, 14, 21, 25],
    "sds": [2, 5, 6, 11, 12, 14, 16, 17, 18, 20],
    "smast": [1, 4, 5],
    "ucla-ls-3": [1, 5, 6, 9, 10, 15, 16, 19, 20],
}

ALL_LOWEST_CODES = {
    "brs": 3 * 1 + 3 * 5,
    "ces-d": 4 * 3,
    "ces-d-10": 2 * 3,
    "ces-dc": 4 * 3,
    "core-10": 2 * 4,
    "dast-10": 1,
    "gds-15": 5,
    "m-chat-r": 17,
    "pss-10": 4 * 4,
    "pss-14": 7 * 4,
    "pss-4": 2 * 4,
    "pswq": 11 * 1 + 5 * 5,
    "rses": 5 * 1 + 5 * 4,
    "rses-satisfied-first": 5 * 1 + 5 * 4,
    "sas": 15 * 1 + 5 * 4,
    "sdq": 5 * 2,
    "sds": 10 * 1 + 10 * 4,
    "smast": 3,
    "ucla-ls-3": 11 * 1 + 9 * 4,
}
"""Total when every item is answered with its lowest printed code: what the reversed items add."""
