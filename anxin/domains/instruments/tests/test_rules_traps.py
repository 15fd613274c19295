"""The known ways to score these scales wrongly, one test each."""

import pytest

from anxin.domains.instruments import library
from anxin.domains.instruments.contracts import BadAnswers, Sex, Verdict
from anxin.domains.instruments.rules.scoring import score
from anxin.domains.instruments.tests.forms import summing_to


@pytest.mark.parametrize(("raw", "index"), [(20, 25), (41, 51), (42, 52), (43, 53), (50, 62), (80, 100)])
@pytest.mark.parametrize("instrument_id", ["sds", "sas"])
def test_the_zung_standard_score_drops_the_fraction(instrument_id: str, raw: int, index: int) -> None:
    instrument = library.get(instrument_id)
    sheet = score(instrument, summing_to(instrument, raw))
    assert (sheet.scores["raw"], sheet.scores["index"]) == (raw, index)


@pytest.mark.parametrize(
    ("raw", "index", "label", "screened"), [(12, 48, "low", True), (13, 52, "adequate", False)]
)
def test_who_5_turns_between_raw_12_and_13(raw: int, index: int, label: str, screened: bool) -> None:
    who_5 = library.get("who-5")
    sheet = score(who_5, summing_to(who_5, raw))
    assert dict(sheet.scores) == {"total": raw, "raw": raw, "index": index}
    assert sheet.bands[0].label == label
    assert sheet.flags["screen_positive"] is screened


def test_scl_90_factors_are_scattered_over_the_form() -> None:
    depression = {5, 14, 15, 20, 22, 26, 29, 30, 31, 32, 54, 71, 79}
    sheet = score(library.get("scl-90"), [3 if number in depression else 1 for number in range(1, 91)])
    assert sheet.total == 90 + 2 * 13
    assert sheet.scores["mean"] == pytest.approx(116 / 90)
    assert sheet.scores["depression"] == 3
    assert sheet.scores["somatization"] == 1
    assert (sheet.scores["positive_count"], sheet.scores["positive_mean"]) == (13, 3)
    positive = {band.scale for band in sheet.bands if band.label == "positive"}
    assert positive == {"depression"}
    assert sheet.flags["screen_positive"] is True


def test_the_ten_scl_90_factors_share_out_all_ninety_items() -> None:
    factors = [scale for scale in library.get("scl-90").scales if 1 < len(scale.items) < 90]
    numbers = sorted(number for scale in factors for number in scale.items)
    assert (len(factors), numbers) == (10, list(range(1, 91)))


def test_scl_90_positive_mean_counts_the_positive_items_only() -> None:
    answers = [1] * 80 + [2] * 4 + [5] * 6
    sheet = score(library.get("scl-90"), answers)
    negatives = 80
    assert sheet.scores["positive_count"] == 10
    assert sheet.scores["positive_mean"] == pytest.approx((sum(answers) - negatives) / 10)


def test_scl_90_without_a_positive_item_has_no_positive_mean() -> None:
    sheet = score(library.get("scl-90"), [1] * 90)
    assert sheet.scores["positive_count"] == 0
    assert sheet.scores["positive_mean"] is None
    assert sheet.flags["screen_positive"] is False


def test_scl_90_turns_at_44_positive_items_and_at_a_factor_of_2() -> None:
    scl_90 = library.get("scl-90")
    spread = [2 if number in range(1, 44) else 1 for number in range(1, 91)]
    below = score(scl_90, spread).band_of("positive_count")
    spread[43] = 2
    above = score(scl_90, spread).band_of("positive_count")
    assert (below and below.label, above and above.label) == ("negative", "positive")
    hostility = [2 if number in (11, 24, 63, 67, 74, 81) else 1 for number in range(1, 91)]
    assert score(scl_90, hostility).flags["screen_positive"] is True
    hostility[10] = 1
    assert score(scl_90, hostility).flags["screen_positive"] is False


@pytest.mark.parametrize("instrument_id", ["scl-90", "k10", "sds", "pcl-c", "rses"])
def test_zero_is_no_answer_where_the_form_prints_from_one(instrument_id: str) -> None:
    instrument = library.get(instrument_id)
    with pytest.raises(BadAnswers, match="item 1: 0 is not one of 1, 2, 3, 4"):
        score(instrument, [0] + [1] * (len(instrument.items) - 1))


def test_k10_all_none_of_the_time_is_ten_and_low() -> None:
    sheet = score(library.get("k10"), [1] * 10)
    assert (sheet.total, sheet.bands[0].label) == (10, "low")


def test_epds_codes_are_scores_already_and_are_not_turned_again() -> None:
    epds = library.get("epds")
    assert score(epds, [0] * 10).total == 0
    assert score(epds, [3] * 10).total == 30
    assert [item.codes for item in epds.items] == [
        (0, 1, 2, 3) if number in (1, 2, 4) else (3, 2, 1, 0) for number in range(1, 11)
    ]


def test_gds_15_yes_counts_on_ten_items_and_no_on_five() -> None:
    gds = library.get("gds-15")
    assert score(gds, [1] * 15).total == 10
    assert score(gds, [0] * 15).total == 5
    no_counts = {1, 5, 7, 11, 13}
    assert score(gds, [0 if number in no_counts else 1 for number in range(1, 16)]).total == 15


def test_pcl_5_clusters_and_the_provisional_finding() -> None:
    pcl_5 = library.get("pcl-5")
    answers = [0] * 20
    for number in (1, 6, 8, 9, 15, 16):
        answers[number - 1] = 2
    sheet = score(pcl_5, answers)
    assert dict(sheet.scores) == {
        "total": 12,
        "cluster_b": 2,
        "cluster_c": 2,
        "cluster_d": 4,
        "cluster_e": 4,
    }
    assert sheet.flags["provisional_ptsd"] is True
    answers[15] = 1
    assert score(pcl_5, answers).flags["provisional_ptsd"] is False


def test_pcl_5_cluster_ends() -> None:
    items = {scale.id: (scale.items[0], scale.items[-1]) for scale in library.get("pcl-5").scales[1:]}
    assert items == {"cluster_b": (1, 5), "cluster_c": (6, 7), "cluster_d": (8, 14), "cluster_e": (15, 20)}


def test_pcl_c_counts_from_three() -> None:
    pcl_c = library.get("pcl-c")
    answers = [1] * 17
    for number in (1, 6, 7, 8, 13, 14):
        answers[number - 1] = 3
    assert score(pcl_c, answers).flags["dsm_iv_pattern"] is True
    answers[5] = 2
    assert score(pcl_c, answers).flags["dsm_iv_pattern"] is False


def test_phq_15_does_not_ask_men_about_periods() -> None:
    phq_15 = library.get("phq-15")
    everything: list[int | None] = [2] * 15
    assert score(phq_15, everything, sex=Sex.FEMALE).total == 30
    man = score(phq_15, everything, sex=Sex.MALE)
    assert man.total == 28
    assert man.validity.notes == ("not_asked:4", "ignored:4")
    everything[3] = None
    assert score(phq_15, everything, sex=Sex.MALE).total == 28
    assert score(phq_15, everything, sex=Sex.MALE).validity.complete
    assert score(phq_15, everything, sex=Sex.FEMALE).total is None
    assert score(phq_15, everything).total is None


def test_phq_15_three_strong_complaints_are_flagged() -> None:
    phq_15 = library.get("phq-15")
    assert score(phq_15, [2, 2, 2] + [0] * 12).flags["somatoform_suggested"] is True
    assert score(phq_15, [2, 2, 1] + [1] * 12).flags["somatoform_suggested"] is False


def test_phq_a_is_not_in_the_order_of_the_phq_9() -> None:
    first = [library.get(name).items[0].text["en"] for name in ("phq-a", "phq-9")]
    assert first[0].startswith("Feeling down, depressed, irritable")
    assert first[1].startswith("Little interest")
    assert library.get("phq-a").items[3].text["en"].startswith("Poor appetite")
    assert library.get("phq-9").items[3].text["en"].startswith("Feeling tired")


def test_rses_follows_the_order_that_starts_with_worth() -> None:
    rses = library.get("rses")
    assert "person of worth" in rses.items[0].text["en"]
    proud = [4 if number in (1, 2, 4, 6, 7) else 1 for number in range(1, 11)]
    assert dict(score(rses, proud).scores) == {"total": 40, "score_0_30": 30}


def test_gad_7_option_nought_is_not_at_all() -> None:
    option = library.get("gad-7").items[0].options[0]
    assert (option.code, dict(option.text)) == (0, {"en": "Not at all", "zh-Hans": "完全不会"})


def test_pc_ptsd_5_stops_at_a_gate_answered_no() -> None:
    screen = library.get("pc-ptsd-5")
    stopped = score(screen, [0, None, None, None, None, None])
    assert (stopped.total, stopped.validity.complete) == (0, True)
    assert stopped.validity.notes == ("stopped_at:gate",)
    assert score(screen, [0, 1, 1, 1, 1, 1]).total == 0
    assert score(screen, [1, 1, 1, 1, 0, 0]).total == 3
    assert score(screen, [1, 1, 1, 0, 0]).total == 3
    assert score(screen, [None, 1, 1, 1, 0, None]).total is None


@pytest.mark.parametrize(
    ("answers", "major", "other"),
    [
        ([2, 2, 2, 2, 2, 0, 0, 0, 0], True, False),
        ([2, 0, 2, 2, 2, 0, 0, 0, 1], True, False),
        ([1, 1, 2, 2, 2, 2, 2, 2, 3], False, False),
        ([2, 2, 2, 2, 0, 0, 0, 0, 0], False, True),
        ([0, 2, 0, 0, 0, 0, 0, 0, 1], False, True),
        ([2, 0, 0, 0, 0, 0, 0, 0, 0], False, False),
        ([2, 2, 2, 2, 2, None, 0, 0, 0], True, False),
        ([2, 2, 2, 2, None, 0, 0, 0, 0], None, None),
        ([None, 0, 2, 2, 2, 2, 2, 0, 0], None, False),
    ],
)
def test_phq_9_counts_symptoms_with_item_9_from_one(
    answers: list[int | None], major: bool | None, other: bool | None
) -> None:
    flags = score(library.get("phq-9"), answers).flags
    assert (flags["major_depressive_syndrome"], flags["other_depressive_syndrome"]) == (major, other)


def test_dass_21_doubles_before_the_cut_offs() -> None:
    dass = library.get("dass-21")
    answers = [0] * 21
    for number in (3, 5, 10, 13, 16):
        answers[number - 1] = 1
    sheet = score(dass, answers)
    assert (sheet.scores["depression_raw"], sheet.scores["depression"]) == (5, 10)
    assert {band.scale: band.label for band in sheet.bands} == {
        "depression": "mild",
        "anxiety": "normal",
        "stress": "normal",
    }
    assert sheet.total is None


@pytest.mark.parametrize(
    ("answers", "emotional"),
    [
        ({3: 1, 8: 1, 13: 2}, 7),
        ({3: 0, 8: 0, 13: 0}, 0),
        ({3: 2, 8: 2, 13: 2, 16: 2}, 10),
        ({3: 1, 8: 0, 13: 0, 16: 1}, 3),
        ({3: 1, 8: 1}, None),
    ],
)
def test_sdq_fills_in_from_three_answers_and_rounds_half_up(
    answers: dict[int, int], emotional: int | None
) -> None:
    emotional_items = (3, 8, 13, 16, 24)
    form: list[int | None] = [0] * 25
    for number in emotional_items:
        form[number - 1] = answers.get(number)
    sheet = score(library.get("sdq"), form)
    assert sheet.scores["emotional"] == emotional
    assert (sheet.total is None) == (emotional is None)
    assert not sheet.validity.complete


def test_sdq_total_leaves_strengths_out() -> None:
    sdq = library.get("sdq")
    kind = [2 if number in (1, 4, 9, 17, 20) else 0 for number in range(1, 26)]
    sheet = score(sdq, kind)
    # the five turned items count 2 each when ticked "not true"
    assert (sheet.scores["prosocial"], sheet.total) == (10, 10)
    assert sheet.scores["hyperactivity"] == 4


def test_mht_from_seven_on_the_validity_items_is_void_and_keeps_its_scores() -> None:
    mht = library.get("mht")
    answers = [0] * 100
    for number in range(1, 9):
        answers[number - 1] = 1
    for number in range(82, 94, 2):
        answers[number - 1] = 1
    sheet = score(mht, answers)
    assert (sheet.scores["validity"], sheet.validity.verdict, sheet.total) == (6, Verdict.VALID, 8)
    assert sheet.band_of("learning") is not None
    answers[93] = 1
    sheet = score(mht, answers)
    assert (sheet.scores["validity"], sheet.validity.verdict, sheet.total) == (7, Verdict.VOID, 8)
    assert sheet.bands == ()
    assert sheet.as_dict()["validity"]["verdict"] == "void"


def test_ssrs_counts_sources_and_lines() -> None:
    # items 1 to 4 · five lines of 5 · sources of 6 and 7 · items 8 to 10
    sheet = score(library.get("ssrs"), [3, 4, 2, 2, 4, 4, 1, 2, 1, 3, 5, 2, 3, 4])
    assert dict(sheet.scores) == {"total": 40, "objective": 12, "subjective": 19, "use": 9}
    with pytest.raises(BadAnswers, match="item 10: 10 is not between 0 and 9"):
        score(library.get("ssrs"), [3, 4, 2, 2, 4, 4, 1, 2, 1, 10, 5, 2, 3, 4])


def test_eat_26_counts_three_two_one_and_turns_the_last() -> None:
    eat = library.get("eat-26")
    assert [score(eat, [code] + [0] * 24 + [5]).total for code in (5, 4, 3, 2, 1, 0)] == [3, 2, 1, 0, 0, 0]
    assert [score(eat, [0] * 25 + [code]).total for code in (5, 4, 3, 2, 1, 0)] == [0, 0, 0, 1, 2, 3]


def test_cries_answers_are_nought_one_three_five() -> None:
    cries = library.get("cries-8")
    assert score(cries, [0, 1, 3, 5, 0, 1, 3, 5]).total == 18
    for wrong in (2, 4):
        with pytest.raises(BadAnswers, match=f"item 1: {wrong} is not one of 0, 1, 3, 5"):
            score(cries, [wrong] + [0] * 7)


def test_cesd_r_counts_its_two_highest_answers_alike_and_keeps_them_apart_in_the_pattern() -> None:
    cesd_r = library.get("cesd-r")
    assert score(cesd_r, [4] * 20).total == score(cesd_r, [3] * 20).total == 60
    assert score(cesd_r, [4] * 20).classes == {"pattern": "major"}
    assert score(cesd_r, [3] * 20).classes == {"pattern": "raised"}


@pytest.mark.parametrize(
    ("daily", "often", "half", "pattern"),
    [
        # low mood daily, and appetite, sleep, thinking and guilt daily
        ({2, 1, 5, 3, 9}, set(), {4}, "major"),
        # three groups daily, tiredness only often
        ({8, 18, 19, 20}, {16, 7}, set(), "probable"),
        ({10}, {1, 11, 13}, {2, 4}, "probable"),
        # five answers, but only two groups
        ({4}, {1, 11, 18, 19, 5}, set(), "possible"),
        ({4}, {1, 18, 7}, {2, 6}, "possible"),
        # many symptoms, neither low mood nor loss of joy daily
        (set(), {1, 5, 3, 9, 16, 12, 2, 4}, set(), "raised"),
        ({2, 4, 6, 8}, set(), set(), "not_raised"),
    ],
)
def test_cesd_r_grades_follow_the_symptom_groups(
    daily: set[int], often: set[int], half: set[int], pattern: str
) -> None:
    answers = [4 if n in daily else 3 if n in often else 2 if n in half else 0 for n in range(1, 21)]
    assert score(library.get("cesd-r"), answers).classes == {"pattern": pattern}


def test_dast_10_turns_its_third_item_itself() -> None:
    dast = library.get("dast-10")
    assert score(dast, [0, 0, 1, 0, 0, 0, 0, 0, 0, 0]).total == 0
    assert score(dast, [1, 1, 0, 1, 1, 1, 1, 1, 1, 1]).total == 10


def test_m_chat_r_counts_no_except_on_three_items() -> None:
    chat = library.get("m-chat-r")
    healthy = [0 if number in (2, 5, 12) else 1 for number in range(1, 21)]
    assert score(chat, healthy).total == 0
    assert score(chat, [1 - code for code in healthy]).total == 20


def test_asrs_rules_can_disagree_and_both_are_named() -> None:
    asrs = library.get("asrs-6")
    sheet = score(asrs, [2, 2, 2, 3, 0, 0])
    assert (sheet.scores["part_a_count"], sheet.total) == (4, 9)
    assert dict(sheet.flags) == {"positive_by_count": True, "positive_by_sum": False}
    sheet = score(asrs, [4, 4, 4, 2, 0, 0])
    assert (sheet.scores["part_a_count"], sheet.total) == (3, 14)
    assert dict(sheet.flags) == {"positive_by_count": False, "positive_by_sum": True}
    long = score(library.get("asrs-18"), [0] * 6 + [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2])
    assert long.scores["part_b_count"] == 4


def test_ad8_counts_yes_only() -> None:
    assert score(library.get("ad8"), [1, 0, 9, 1, 9, 0, 0, 0]).total == 2


def test_rses_orders_turn_other_items() -> None:
    # strongly agree with the positive sentences, strongly disagree with the others
    first = [4 if number in (1, 2, 4, 6, 7) else 1 for number in range(1, 11)]
    other = [4 if number in (1, 3, 4, 7, 10) else 1 for number in range(1, 11)]
    assert score(library.get("rses"), first).total == 40
    assert score(library.get("rses-satisfied-first"), other).total == 40
    assert score(library.get("rses"), other).total != 40


def test_rand_36_recodes_each_kind_of_answer() -> None:
    rand = library.get("rand-36")
    firsts = score(rand, [1] * 36).scores
    assert dict(firsts) == {
        "physical_functioning": 0,
        "role_physical": 0,
        "role_emotional": 0,
        "energy": (100 + 100 + 0 + 0) / 4,
        "emotional_wellbeing": (0 + 0 + 100 + 0 + 100) / 5,
        "social_functioning": (100 + 0) / 2,
        "pain": 100,
        "general_health": (100 + 0 + 100 + 0 + 100) / 5,
        "health_change": 100,
    }


def test_rand_36_takes_the_mean_of_what_was_answered() -> None:
    answers: list[int | None] = [1] * 36
    answers[20], answers[21] = 3, None
    sheet = score(library.get("rand-36"), answers)
    assert sheet.scores["pain"] == 60
    answers[20] = None
    assert score(library.get("rand-36"), answers).scores["pain"] is None


def test_cbi_turns_the_energy_question_and_needs_half_of_a_scale() -> None:
    cbi = library.get("cbi")
    assert score(cbi, [0] * 12 + [100] + [0] * 6).scores["work"] == 0
    some: list[int | None] = [100, 50, 75, None, None, None] + [0] * 12 + [0]
    assert score(cbi, some).scores["personal"] == 75
    some[2] = None
    assert score(cbi, some).scores["personal"] is None
    some[6:13] = [100, 100, 100, None, None, None, None]
    assert score(cbi, some).scores["work"] is None


def test_mmhi_60_needs_attention_from_a_mean_of_two_on_any_factor() -> None:
    mmhi = library.get("mmhi-60")
    answers = [2 if number in (2, 7, 27, 32, 35, 53) else 1 for number in range(1, 61)]
    sheet = score(mmhi, answers)
    assert (sheet.scores["mood"], sheet.flags["attention"]) == (2, True)
    answers[1] = 1
    assert score(mmhi, answers).flags["attention"] is False


def test_sbq_r_counts_its_printed_figures() -> None:
    sbq = library.get("sbq-r")
    assert score(sbq, [1, 1, 1, 0]).total == 3
    assert score(sbq, [4, 5, 3, 6]).total == 18
    with pytest.raises(BadAnswers, match="item 4: 7 is not one of"):
        score(sbq, [1, 1, 1, 7])


def test_phq_a_sum_is_of_nine_and_dysthymia_is_not_in_it() -> None:
    assert score(library.get("phq-a"), [1] * 9 + [1, 3, 0, 0]).total == 9


def test_pcl_5_says_provisional_only_when_all_four_clusters_do() -> None:
    pcl_5 = library.get("pcl-5")
    answers = [0] * 20
    for number in (1, 6, 8, 9, 15):
        answers[number - 1] = 2
    assert score(pcl_5, answers).flags["provisional_ptsd"] is False
    answers[19] = 2
    assert score(pcl_5, answers).flags["provisional_ptsd"] is True
    # a high total alone does not
    lopsided = [0] * 7 + [4] * 13
    assert score(pcl_5, lopsided).total == 52
    assert score(pcl_5, lopsided).flags["provisional_ptsd"] is False
