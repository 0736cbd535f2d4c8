"""Steps of one version beside those of the one before: which stay the same step, and what has changed; pure."""

from collections.abc import Collection, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

import orjson

Step = Mapping[str, Any]
HEADS = {
    "start": "開始",
    "target": "対象",
    "added": "追加日",
    "period": "期間",
    "cap": "上限",
    "over": "超過時",
    "end": "終了",
    "window": "配信可能",
    "exclusive": "同時",
    "restart": "再開始",
    "finish": "終了後",
}
PARTS = {"timing": "時間", "messages": "本文", "actions": "アクション", "when": "条件", "otherwise": "条件"}
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


def keyed(new: Sequence[Step], old: Sequence[Step], taken: Collection[str]) -> list[dict[str, Any]]:
    """The new steps with their keys first: unchanged and edited steps keep theirs, the others get fresh ones."""
    keys: dict[int, str] = {}
    for tag, old_from, old_to, new_from, new_to in _opcodes(new, old):
        if tag == "equal" or (tag == "replace" and old_to - old_from == new_to - new_from):
            keys |= {new_from + i: old[old_from + i]["key"] for i in range(new_to - new_from)}
        elif tag == "replace":
            keys |= _alike(new, old, range(new_from, new_to), range(old_from, old_to))
    number = max((int(key[1:]) for key in taken if key[1:].isdigit()), default=0)
    keyed_steps: list[dict[str, Any]] = []
    for place, step in enumerate(new):
        if place not in keys:
            number += 1
            keys[place] = f"k{number}"
        keyed_steps.append({"key": keys[place], **step})
    return keyed_steps


def _alike(new: Sequence[Step], old: Sequence[Step], fresh: range, gone: range) -> dict[int, str]:
    """Among rewritten steps, those at the same time or else with the same content are taken for the same step."""
    waiting = list(gone)
    found: dict[int, str] = {}
    for place in fresh:
        match = next((one for one in waiting if old[one]["timing"] == new[place]["timing"]), None)
        if match is None:
            match = next((one for one in waiting if _said(old[one]) == _said(new[place])), None)
        if match is not None:
            del waiting[: waiting.index(match) + 1]  # steps that stay keep their order
            found[place] = old[match]["key"]
    return found


def _said(step: Step) -> tuple[Any, Any]:
    return step["messages"], step["actions"]


def _opcodes(new: Sequence[Step], old: Sequence[Step]) -> Sequence[tuple[str, int, int, int, int]]:
    return SequenceMatcher(None, [_content(one) for one in old], [_content(one) for one in new], False).get_opcodes()


def _content(step: Step) -> bytes:
    return orjson.dumps({name: step.get(name) for name in PARTS}, option=orjson.OPT_SORT_KEYS)


def difference(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """What is edited, added and taken out (`変更: ②本文`, `追加: ③`, `削除: ④`), and what has changed in the head."""
    before = {step["key"]: step for step in old["steps"]}
    after = {step["key"]: step for step in new["steps"]}
    edited, added = [], []
    for place, step in enumerate(new["steps"]):
        if step["key"] not in before:
            added.append(mark(place))
        elif _content(before[step["key"]]) != _content(step):
            edited.append(mark(place) + _what(before[step["key"]], step))
    removed = [f"前の{mark(place)}" for place, step in enumerate(old["steps"]) if step["key"] not in after]
    heads = [word for name, word in HEADS.items() if old.get(name) != new.get(name)]
    found = {"変更": edited, "追加": added, "削除": removed, "設定": heads}
    return [f"{word}: {'・'.join(some)}" for word, some in found.items() if some]


def changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[tuple[int, str]]:
    """(place in the old version, key) of the steps that were edited or taken out."""
    after = {step["key"]: step for step in new["steps"]}
    return [
        (place, step["key"])
        for place, step in enumerate(old["steps"])
        if step["key"] not in after or _content(after[step["key"]]) != _content(step)
    ]


def _what(before: Step, after: Step) -> str:
    return "と".join(dict.fromkeys(word for name, word in PARTS.items() if before.get(name) != after.get(name)))


def mark(place: int) -> str:
    return CIRCLED[place] if place < len(CIRCLED) else f"({place + 1})"
