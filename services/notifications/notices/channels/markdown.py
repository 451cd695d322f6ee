"""Escape Markdown: GOV.UK Notify renders what it is given, and a name could become a link in our letter.

A backslash takes the meaning from a punctuation mark, but from none of `^`, `=` and `://`: before these
stands a word joiner, which nobody sees. HTML is escaped by Notify, and `>` with it.
"""

import re

PUNCTUATION = re.compile(r"([\\`*_{}\[\]()#+\-.!~|])")
AT_THE_BEGINNING = re.compile(r"^( *)([\^=])", re.MULTILINE)
ADDRESS = re.compile(r"(https?):(?=//)", re.IGNORECASE)
WORD_JOINER = "\u2060"


def as_written(text: str) -> str:
    """The text in Markdown that is shown as it is written: no link, no heading, no list, no page break.

    Our own web addresses are said without `https://`, and so are no links there either.
    """
    escaped = PUNCTUATION.sub(r"\\\1", text)
    escaped = AT_THE_BEGINNING.sub(rf"\1{WORD_JOINER}\2", escaped)
    return ADDRESS.sub(rf"\1:{WORD_JOINER}", escaped)
