"""The phones page's words: each has its English, nothing is translated that nobody says, refusals are Japanese too."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

from tests.simulator import phones

SAID = re.compile(r'\bt\(\s*"((?:[^"\\]|\\.)+)"')
JAPANESE = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")
REFUSING = ("deeds/*.py", "scenes/*.py", "driving.py", "starting_over.py")
TEXT = re.compile(r'"((?:[^"\\\n]|\\.)*)"')


def english() -> dict[str, str]:
    source = (phones.STATIC / "english.js").read_text("utf-8")
    pairs = re.findall(r'^  ("(?:[^"\\]|\\.)+"):\s*("(?:[^"\\]|\\.)+"),$', source, re.MULTILINE)
    return {json.loads(words): json.loads(other) for words, other in pairs}


def sources() -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in Path(phones.STATIC).glob("*.js")}


def test_it_has_english_for_every_word_of_the_page() -> None:
    known = english()
    said = {words for text in sources().values() for words in SAID.findall(text)}
    page = (phones.STATIC / "phones.html").read_text("utf-8")
    said |= set(re.findall(r">([^<]+)</\w+>", "".join(line for line in page.splitlines() if "data-t>" in line)))
    said |= set(re.findall(r'aria-label="([^"]+)" data-t-label', page))
    assert len(said) > 100
    assert sorted(words for words in said if JAPANESE.search(words) and words not in known) == []


def test_it_keeps_no_english_that_nobody_asks_for() -> None:
    everywhere = {text for name, source in sources().items() if name != "english.js" for text in TEXT.findall(source)}
    everywhere |= set(re.findall(r'>([^<]+)<|aria-label="([^"]+)"', (phones.STATIC / "phones.html").read_text("utf-8")))
    flat = {one for found in everywhere for one in ([found] if isinstance(found, str) else found)}
    assert sorted(set(english()) - flat) == []


def test_it_fills_the_same_places_in_both_languages() -> None:
    for words, other in english().items():
        assert set(re.findall(r"\{\w+\}", other)) <= set(re.findall(r"\{\w+\}", words)), words
        assert not JAPANESE.search(other), words


def refusals() -> Iterator[tuple[str, ast.Call]]:
    """Where people at the phones page can be refused something, and how it is said."""
    house = Path(phones.__file__).parent
    for path in (path for pattern in REFUSING for path in house.glob(pattern)):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Impossible":
                yield f"{path.name}:{node.lineno}", node


def test_it_says_in_japanese_too_what_people_are_refused() -> None:
    found = dict(refusals())
    assert len(found) > 30
    for place, call in found.items():
        assert len(call.args) == 2, place
        assert JAPANESE.search(ast.unparse(call.args[1])), place
