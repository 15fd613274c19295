"""The consent texts: complete, plain, and honest about the exceptions."""

import pytest

from anxin.domains.residents import api
from anxin.domains.residents.contracts import ConsentTextUnknown, Purpose

EXCEPTION = {"zh": "有生命危险", "en": "When a life is in danger"}
ILLNESS = ("抑郁", "焦虑", "自杀", "精神障碍", "depress", "anxiety", "suicid", "disorder")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("purpose", list(Purpose))
def test_every_purpose_has_a_title_and_a_text_in_both_languages(purpose: Purpose, language: str) -> None:
    text = api.consent_text(purpose=purpose, language=language)
    assert text.title
    assert len(text.paragraphs) >= 3
    body = " ".join((text.title, *text.paragraphs)).lower()
    assert not [word for word in ILLNESS if word in body]
    assert "！" not in body
    assert "!" not in body


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("purpose", [Purpose.ACCOUNT, Purpose.SELF_TEST_NAMED, Purpose.CONTACT_BACK])
def test_what_keeps_a_persons_words_says_when_others_are_told(purpose: Purpose, language: str) -> None:
    text = api.consent_text(purpose=purpose, language=language)
    assert any(EXCEPTION[language] in paragraph for paragraph in text.paragraphs)


def test_only_help_in_a_crisis_needs_no_guardian() -> None:
    free = {purpose for purpose in Purpose if api.consent_text(purpose=purpose).needed_in_crisis}
    assert free == {Purpose.CONTACT_BACK, Purpose.EMERGENCY_CONTACT}


def test_other_languages_read_the_chinese_original_and_an_unknown_purpose_is_refused() -> None:
    chinese = api.consent_text(purpose=Purpose.ACCOUNT, language="zh-hans")
    assert api.consent_text(purpose=Purpose.ACCOUNT, language="fr") == chinese
    with pytest.raises(ConsentTextUnknown):
        api.consent_text(purpose="selling")
