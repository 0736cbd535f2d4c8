"""Which of all rules a text fits: every word of every rule is looked for in one walk over the text."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from jobs import facts
from jobs.keywords import folding
from jobs.keywords.rules import Rule


class Words:
    """Many words, found in a text as one tree of their letters."""

    def __init__(self, words: Iterable[str]) -> None:
        self._tree: dict[str, Any] = {}
        for word in words:
            node = self._tree
            for letter in word:
                node = node.setdefault(letter, {})
            node[""] = word

    def within(self, text: str) -> set[str]:
        """The words that stand anywhere in it."""
        found: set[str] = set()
        for start in range(len(text)):
            if text[start] in self._tree:
                found.update(self.at(text, start))
        return found

    def at(self, text: str, start: int = 0) -> list[str]:
        """The words that stand just there."""
        found: list[str] = []
        node: dict[str, Any] | None = self._tree
        for place in range(start, len(text)):
            node = node.get(text[place]) if node is not None else None
            if node is None:
                break
            if "" in node:
                found.append(node[""])
        return found


class Rules:
    """All rules in force, the top one first; looked at, never changed."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.all: Sequence[Rule] = sorted(rules, key=order)
        contained: dict[str, list[int]] = defaultdict(list)  # by the first part of what must all be there
        begun: dict[str, list[int]] = defaultdict(list)
        self._exact: dict[str, list[int]] = defaultdict(list)
        self._searched: list[int] = []
        self._wordless: list[int] = []
        places = {"contains": contained, "prefix": begun, "exact": self._exact}
        for place, rule in enumerate(self.all):
            if rule.search is not None:
                self._searched.append(place)
            elif rule.wordless:
                self._wordless.append(place)
            for parts in rule.words:
                places[rule.match][parts[0]].append(place)
        self._contained, self._begun = dict(contained), dict(begun)
        self._anywhere = Words(
            part for rule in self.all if rule.match == "contains" for one in rule.words for part in one
        )
        self._at_start = Words(begun)

    def __bool__(self) -> bool:
        return bool(self.all)

    def fitting(self, what: facts.Said) -> tuple[list[Rule], bool]:
        """Rules for what was said, in order, whatever the hour; and whether its words mean something to any of them."""
        places: set[int] = set()
        for text in texts(what):
            places |= self._by_words(text)
        spoken = [self.all[place] for place in sorted(places) if self.all[place].takes(what.kind)]
        others = [self.all[place] for place in self._wordless if self.all[place].takes(what.kind)]
        return sorted([*spoken, *others], key=order), bool(spoken)

    def _by_words(self, text: str) -> set[int]:
        places = {place for place in self._searched if self.all[place].search_in(text)}
        if self._exact:
            places.update(self._exact.get(folding.bare(text), ()))
        for word in self._at_start.at(text):
            places.update(self._begun[word])
        found = self._anywhere.within(text)
        for word in found:
            for place in self._contained.get(word, ()):
                if any(parts[0] == word and found.issuperset(parts) for parts in self.all[place].words):
                    places.add(place)
        return places


def order(rule: Rule) -> tuple[bool, int, int]:
    """その他 below all others; else the higher 優先 first, and of the same the older."""
    return rule.fallback, -rule.priority, rule.id


def texts(what: facts.Said) -> list[str]:
    """What is looked at of it, folded: its text, and a sticker's number (`446/1988`)."""
    found = [folding.fold(what.text)] if what.text else []
    return [*found, what.sticker] if what.sticker else found
