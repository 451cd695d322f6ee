"""Escaping for GOV.UK Notify; each row was rendered once by the library and with the rules that it uses."""

import pytest

from services.notifications.notices.channels.markdown import as_written


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("[Pay your rent](http://evil.example)", r"\[Pay your rent\]\(http:" "\u2060" r"//evil\.example\)"),
        ("HTTPS://evil.example", "HTTPS:\u2060//evil\\.example"),
        ("# Heading", r"\# Heading"),
        ("ends with\n---", "ends with\n\\-\\-\\-"),
        ("a heading\n===", "a heading\n\u2060==="),
        ("^ an inset", "\u2060^ an inset"),
        ("- one\n- two", "\\- one\n\\- two"),
        ("1. one", r"1\. one"),
        ("x | y\n--|--", "x \\| y\n\\-\\-\\|\\-\\-"),
        ("```", r"\`\`\`"),
        ("C:\\rent", r"C:\\rent"),
        ("[a]: http://evil", r"\[a\]: http:" "\u2060//evil"),
        ("It is £5, Siân’s & <Ada>", "It is £5, Siân’s & <Ada>"),
    ],
    ids=lambda value: value.replace("\n", " "),
)
def test_text_is_shown_as_it_was_written(text: str, markdown: str) -> None:
    assert as_written(text) == markdown
