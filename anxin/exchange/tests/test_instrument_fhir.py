"""Definitions as FHIR R4 and back; the outside peer is fhir.resources."""

import copy
import json
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.questionnaire import Questionnaire

from anxin.domains.instruments import drafting
from anxin.domains.instruments.contracts import Instrument
from anxin.domains.instruments.rules.scoring import score
from anxin.domains.instruments.tests.forms import IDS, written
from anxin.exchange.instruments.fhir import (
    CALCULATED,
    ENABLE_EXPRESSION,
    ORDINAL,
    WEIGHT,
    NotReadable,
    standard,
)
from anxin.exchange.instruments.questionnaire import to_questionnaire
from anxin.exchange.instruments.questionnaire_reading import contradictions, from_questionnaire, is_ours
from anxin.exchange.instruments.responses import Occasion, to_bundle
from anxin.exchange.tests.library_forms import VERSIONS, get
from anxin.kernel.clock import now
from tests.requirements_marker import requirement


def exported(instrument: Instrument) -> dict[str, Any]:
    """As it comes out of a file."""
    found: dict[str, Any] = json.loads(json.dumps(to_questionnaire(instrument)))
    return found


def read(resource: dict[str, Any]) -> Instrument:
    data = from_questionnaire(resource)
    assert drafting.check_definition(data).faults == ()
    return drafting.read_definition(data)


def item(resource: dict[str, Any], link: str) -> dict[str, Any]:
    return next(one for one in resource["item"] if one["linkId"] == link)


@requirement("R-067")
@pytest.mark.parametrize(("name", "version"), VERSIONS)
def test_every_definition_comes_back_exactly_and_is_a_valid_questionnaire(
    name: str, version: str | None
) -> None:
    instrument = get(name, version)
    resource = exported(instrument)
    Questionnaire.model_validate(resource)
    again = read(resource)
    assert again == instrument
    assert again.key_hash == instrument.key_hash
    assert exported(again) == resource
    assert contradictions(resource, again) == []


def test_phq_9_speaks_loinc_down_to_its_answers() -> None:
    resource = exported(get("phq-9"))
    assert resource["code"] == [{"system": "http://loinc.org", "code": "44249-1"}]
    last = item(resource, "9")
    assert last["code"][0]["code"] == "44260-8"
    codes = [option["valueCoding"]["code"] for option in last["answerOption"]]
    assert codes == ["LA6568-5", "LA6569-3", "LA6570-1", "LA6571-9"]
    difficulty = [option["valueCoding"]["code"] for option in item(resource, "difficulty")["answerOption"]]
    assert difficulty == ["LA6572-7", "LA6573-5", "LA6575-0", "LA6574-3"]
    (total,) = item(resource, "scores")["item"]
    assert total["code"][0]["code"] == "44261-6"


@pytest.mark.parametrize(("name", "version"), VERSIONS)
def test_an_answer_weighs_what_it_counts(name: str, version: str | None) -> None:
    instrument = get(name, version)
    resource = exported(instrument)
    for question in instrument.items:
        options = item(resource, str(question.number)).get("answerOption", [])
        printed = [option for option in options if standard(option, WEIGHT) is not None]
        assert [standard(option, WEIGHT) for option in printed] == list(question.values)
        assert [standard(option, ORDINAL) for option in printed] == list(question.values)


def test_branches_gates_and_skips_are_enable_when() -> None:
    pc_ptsd = exported(get("pc-ptsd-5"))
    assert item(pc_ptsd, "1")["enableWhen"] == [
        {
            "question": "gate",
            "operator": "!=",
            "answerCoding": {"system": "urn:anxin:instrument:pc-ptsd-5:answers", "code": "0"},
        }
    ]
    screener = exported(get("c-ssrs-screener"))
    assert [clause["question"] for clause in item(screener, "3")["enableWhen"]] == ["2"]
    asq = exported(get("asq"))
    (last,) = get("asq").extra_items
    assert item(asq, last.code)["enableBehavior"] == "any"
    audit = exported(get("audit"))
    said = [standard(one, ENABLE_EXPRESSION) for one in audit["item"]]
    assert any(one and "linkId = '2'" in one["expression"] for one in said)


def test_a_scale_carries_an_expression_only_where_it_is_exact() -> None:
    def computed(name: str) -> set[str]:
        scores = item(exported(get(name)), "scores")["item"]
        return {one["linkId"] for one in scores if standard(one, CALCULATED) is not None}

    assert computed("scl-90") == {f"score.{scale.id}" for scale in get("scl-90").scales}
    assert computed("rand-36") == computed("phq-15") == set()
    # Each scale of the SDQ may be filled in where answers are missing; the count over all items never is.
    assert computed("sdq") == {"score.all_items"}


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (
            ("item", 1, "answerOption", 2, "extension", 1, "valueDecimal"),
            1,
            "item/1/answerOption/2/extension/1",
        ),
        (("item", 1, "linkId"), "7", "item"),
        (("status",), "retired", "status"),
        (("copyright",), "free for all", "copyright"),
    ],
)
def test_a_resource_changed_by_hand_is_noticed(place: tuple[Any, ...], value: object, said: str) -> None:
    instrument = get("gad-7")
    resource = exported(instrument)
    changed: Any = resource
    for step in place[:-1]:
        changed = changed[step]
    changed[place[-1]] = value
    found = drafting.check_definition(from_questionnaire(resource)).faults
    if not found:
        found = tuple(contradictions(resource, drafting.read_definition(from_questionnaire(resource))))
    assert found
    assert any(said in one for one in found)


FOREIGN: dict[str, Any] = {
    "resourceType": "Questionnaire",
    "id": "Mood.Check",
    "status": "draft",
    "title": "Mood check",
    "item": [
        {
            "linkId": "g",
            "type": "group",
            "item": [
                {
                    "linkId": "a",
                    "text": "Did you sleep?",
                    "type": "choice",
                    "answerOption": [
                        {
                            "valueCoding": {"code": "x", "display": "No"},
                            "extension": [{"url": ORDINAL, "valueDecimal": 2}],
                        },
                        {
                            "valueCoding": {"code": "y", "display": "Yes"},
                            "extension": [{"url": ORDINAL, "valueDecimal": 0}],
                        },
                    ],
                },
                {
                    "linkId": "b",
                    "text": "Was it enough?",
                    "type": "boolean",
                    "enableWhen": [{"question": "a", "operator": "=", "answerCoding": {"code": "y"}}],
                },
            ],
        }
    ],
}


def test_a_form_of_others_becomes_a_draft_whose_gaps_are_named() -> None:
    Questionnaire.model_validate(FOREIGN)
    assert not is_ours(FOREIGN)
    data = from_questionnaire(FOREIGN)
    assert (data["id"], data["version"], data["mode"]) == ("mood-check", "1.0.0", "S3")
    assert [option["code"] for option in data["items"][0]["options"]] == [2, 0]
    assert data["ask_when"] == [{"questions": [2], "when": [{"item": 1, "equals": 0}]}]
    assert data["provenance"]["key"] == "unverified"
    assert any("table_row" in fault for fault in drafting.check_definition(data).faults)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"answerValueSet": "http://example.org/vs"}, "value set"),
        ({"enableWhen": [{"question": "z", "operator": "=", "answerBoolean": True}]}, "'z'"),
        ({"enableWhen": [{"question": "a", "operator": ">", "answerInteger": 1}]}, "operator '>'"),
        (
            {"enableWhen": [{"question": "a", "operator": "=", "answerCoding": {"code": "q"}}]},
            "does not have",
        ),
    ],
)
def test_what_no_definition_can_say_is_refused_by_name(change: dict[str, Any], said: str) -> None:
    resource = copy.deepcopy(FOREIGN)
    resource["item"][0]["item"][1] |= change
    with pytest.raises(NotReadable, match=said):
        from_questionnaire(resource)


@pytest.mark.parametrize(
    "resource", [None, [], {}, {"resourceType": "Patient"}, {"resourceType": "Questionnaire", "item": [{}]}]
)
def test_other_json_is_refused(resource: object) -> None:
    with pytest.raises(NotReadable):
        from_questionnaire(resource)


@requirement("R-067")
@pytest.mark.parametrize("name", IDS)
def test_answers_and_scores_are_a_valid_bundle(name: str) -> None:
    instrument = get(name)
    form = [one.codes[-1] if one.entry is None else written(one, low=True) for one in instrument.items]
    if name.startswith("psqi"):
        form[:4] = ["23:00", 10, "07:00", 7]
    sheet = score(instrument, form)
    bundle = json.loads(json.dumps(to_bundle(instrument, form, sheet, Occasion("0a1b", now(), "Patient/p1"))))
    Bundle.model_validate(bundle)
    response, *observations = (entry["resource"] for entry in bundle["entry"])
    assert [one["linkId"] for one in response["item"]] == [str(one.number) for one in instrument.items]
    values = [one["valueQuantity"]["value"] for one in observations]
    assert values == [value for value in sheet.scores.values() if value is not None]


def test_a_missing_answer_is_left_out_and_a_score_without_value_is_not_observed() -> None:
    instrument = get("gad-7")
    form = [1, None, 1, 1, 1, 1, 1]
    bundle = to_bundle(instrument, form, score(instrument, form), Occasion("0a1b", now()))
    Bundle.model_validate(json.loads(json.dumps(bundle)))
    (entry,) = bundle["entry"]
    assert [one["linkId"] for one in entry["resource"]["item"]] == ["1", "3", "4", "5", "6", "7"]


def test_the_observation_names_its_band_and_the_norms() -> None:
    instrument = get("phq-9")
    form = [1] * 9
    bundle = to_bundle(instrument, form, score(instrument, form), Occasion("0a1b", now()))
    observation = bundle["entry"][1]["resource"]
    assert observation["code"]["coding"][0] == {"system": "http://loinc.org", "code": "44261-6"}
    assert observation["interpretation"][0]["coding"][0]["code"] == "mild"
    answer = bundle["entry"][0]["resource"]["item"][0]["answer"][0]["valueCoding"]
    assert (answer["code"], standard(answer, WEIGHT)) == ("LA6569-3", 1)
