"""Chinese is the default language: no word a person can meet is left in English."""

from tools import messages


def test_every_message_has_its_chinese() -> None:
    assert {message: sorted(files) for message, files in messages.missing().items()} == {}


def test_a_message_without_chinese_is_found(monkeypatch) -> None:
    monkeypatch.setattr(messages, "used", lambda: {("", "Never translated."): {"planted.py"}})
    assert ("", "Never translated.") in messages.missing()


def test_messages_are_read_from_code_templates_errors_and_rules() -> None:
    found = messages.used()
    texts = {text for _, text in found}
    assert "An answer in a self-test asks for a safety check." in texts
    assert "Write the reason. It goes into the timeline." in texts
    assert "psychological aid" in texts
    assert any(file.endswith(".html") for files in found.values() for file in files)


def test_placeholders_survive_translation() -> None:
    import re

    wrong = [
        text
        for (_, text), chinese in messages.translated().items()
        if set(re.findall(r"%\(\w+\)[sd]", text)) != set(re.findall(r"%\(\w+\)[sd]", chinese))
    ]
    assert wrong == []
