"""What begins and ends a scenario by itself: 友だち追加, タグ:見込み が付いたら."""

from dataclasses import replace

from admin_commands.grammar import normalise, segments, words
from admin_commands.grammar.definitions import Trigger
from admin_commands.grammar.words import Line, Name, Object, Token

FOLLOW = ("友だち追加", "友達追加", "ともだち追加", "follow", "followed")
BECOMES = ("がついたら", "ついたら", "が付いたら", "付いたら", "が付いた時", "付いた時", "がついた時", "added")


def read(value: Line) -> tuple[Trigger, ...] | None:
    """`友だち追加, タグ:見込み が付いたら`; None when a word of it cannot be read."""
    found: list[Trigger] = []
    for token in words.tokens(value):
        word = value.lookup.text[token.start : token.end].lower()
        if token.kind == "comma" or word in ("または", "か", "or", "と"):
            continue
        if word in BECOMES and found and found[-1].tag is not None:
            continue
        trigger = _trigger(value, token, word)
        if trigger is None:
            return None
        found.append(trigger)
    return tuple(dict.fromkeys(found)) or None


def of_tag(key: str, value: Line) -> str | None:
    """What `タグ カラー が付いたら` and `カラーがついたら` were probably meant to be."""
    text = value.text
    ending = next((one for one in BECOMES if text.endswith(one)), "")
    name = text.removesuffix(ending).strip()
    begun = next((word for word in ("タグ ", "タグ") if name.startswith(word)), "")
    name = name.removeprefix(begun).strip(" 「」")
    if not name or " " in name or not (ending or begun):
        return None
    corrected = f"タグ:{words.show(Name(name))} が付いたら"
    return f"{key}: {corrected}" if read(words.line_of(corrected)) else None


def _trigger(value: Line, token: Token, word: str) -> Trigger | None:
    if word in FOLLOW:
        return Trigger("follow")
    if token.kind != "option" or not segments.is_tag_word(normalise.fold(token.key)) or not token.value:
        return None
    tag = _tag(value, token)
    return Trigger("tag", tag) if tag is not None else None


def _tag(value: Line, token: Token) -> Object | None:
    """The tag an option names; が付いたら may stand right behind it."""
    clings = (ending for ending in BECOMES if len(token.value) > len(ending) and token.value.endswith(ending))
    objects = words.values_of(value, replace(token, value=token.value.removesuffix(next(clings, ""))))
    return objects[0] if len(objects) == 1 else None
