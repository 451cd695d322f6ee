"""The reading grade of a text by Flesch and Kincaid: the years of school that it takes to read it."""

import re

SENTENCE_END = re.compile(r"[.!?:](?:\s|$)|\n")
WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*|[0-9][0-9.,:/]*")
VOWELS = re.compile(r"[aeiouy]+")


def reading_grade(text: str) -> float:
    """0.39 × words a sentence + 11.8 × syllables a word - 15.59; a line without a full stop is a sentence."""
    sentences = [words for part in SENTENCE_END.split(text) if (words := WORD.findall(part))]
    words = [word for sentence in sentences for word in sentence]
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def syllables(word: str) -> int:
    """Groups of vowels, but for a silent e at the end; a number counts as one."""
    letters = re.sub(r"[^a-z]", "", word.lower())
    silent = letters.endswith("e") and not letters.endswith(("le", "ee"))
    silent = silent or (letters.endswith("ed") and not letters.endswith(("ted", "ded")))
    return max(1, len(VOWELS.findall(letters)) - silent)
