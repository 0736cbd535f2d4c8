"""One thing of a form changed by a line (締切, 定員, お礼 …, 問3 必須), and how one is written."""

import re
from collections.abc import Sequence
from dataclasses import fields as parts_of
from dataclasses import replace
from functools import partial
from typing import Any

from admin_commands import bodies, cards, content, desk, lifecycle, objects
from admin_commands.fields import assignments
from admin_commands.forms import building, looks, writing
from admin_commands.forms.looks import FORMS
from admin_commands.forms.writing import WAY
from admin_commands.grammar import definitions, explain, heads, normalise, print_block, read, words
from admin_commands.grammar.commands import Command as Said
from admin_commands.grammar.readings import Paste
from storage import names

NAME = ("名前", "改名")
QUESTION = re.compile(r"問 ?(\d{1,3}) ?(.*)", re.DOTALL)
NONE = ("なし", "無し", "解除")
SPANS = ("期間", "締切")  # either says until when it is open
PLAIN: dict[str, tuple[str, bool]] = {
    **dict.fromkeys(("必須",), ("required", True)),
    **dict.fromkeys(("任意", "必須でない", "必須なし"), ("required", False)),
    **dict.fromkeys(("非表示", "隠す"), ("hidden", True)),
    **dict.fromkeys(("表示", "出す"), ("hidden", False)),
}
DELETE, LABEL, HELP = ("削除", "消す"), ("名前", "質問", "見出し"), ("説明", "補足")
EXAMPLES = ("締切=12/20 23:59 定員=30", "問3 必須", "問1 名前 ご氏名", "お礼 ありがとうございました")


async def new(at: desk.Desk, said: Said) -> cards.Say:  # noqa: ARG001 - one signature for all commands
    """How one is written: a block to be copied, with the name that was said."""
    name = await lifecycle.free_name(said.objects(0)[0], "forms")
    block = "\n".join(
        [
            f"■フォーム {words.show(words.Name(name))}",
            "お礼: ありがとうございました！",
            "▼お名前 [短文] 必須",
            "▼ご希望 [単一] 必須",
            "・はい",
            "・いいえ",
            "▼ご要望 [長文] 500字まで",
        ]
    )
    told = ["下の形で送ると、下書きができます（公開するまで、お客様は開けません）。", block]
    return cards.Say(
        "\n\n".join(told),
        (cards.Tap("質問に答えて作る", "フォーム 作成"), cards.Tap("書き方", "ヘルプ フォーム 定義")),
        whole=True,
    )


async def change(at: desk.Desk, said: Said) -> cards.Say:
    """`締切=12/20 23:59 定員=30`, `問3 必須`, `お礼` with the text below it, `対象: タグ:VIP`, `名前 …`."""
    one, latest = await FORMS.latest(at, said, lock=True)
    typed = said.after(0).partition("\n")[0].strip()
    what = objects.text_of(said, 1) if len(said.args) > 1 else ""
    if what in NAME:
        return await lifecycle.rename(at, replace(said, args=(said.args[0], *said.args[2:3])), "forms")
    definition = replace(FORMS.definition_of(latest), name=one.name)
    asked = QUESTION.fullmatch(normalise.lookup(typed).text)
    keys = building.Keys(await writing.keys(one))
    if asked is not None:
        plain = typed[len(typed) - len(asked[2]) :] if asked[2] else ""
        wanted = _with_question(definition, int(asked[1]), plain.strip(), (said.text or "").strip("\n"), keys)
    elif said.target is not None:
        wanted = replace(definition, target=said.target)
    else:
        wanted = _with_heads(definition, typed, (said.text or "").strip("\n"))
    pasted = bodies.pasted(replace(wanted, version=latest.number))
    with bodies.as_typed(said):
        built = partial(writing.built, known=keys.given)
        return await WAY.define(at, pasted, one.id, await content.link(at, [pasted]), built)


def _with_heads(definition: definitions.Form, typed: str, below: str) -> definitions.Form:
    """Several of `締切=12/20 23:59 定員=30`, or one as `定員 30` or `お礼` with its text below."""
    known = {normalise.fold(word): spelled[0] for spelled in _keys().values() for word in spelled}
    given = [
        (one.name, one.value)
        for one in assignments.read(typed, lambda name: normalise.fold(name) in known)
        if one.sign == "="
    ]
    if not given and typed:
        first, _, rest = typed.replace("\u3000", " ").partition(" ")
        given = [(first, rest.strip())]
    if not given:
        told = "・".join(spelled[0] for spelled in _keys().values())
        raise desk.Declined(
            f"フォームの何を変えるかを書いてください。変えられるもの: {told}・問1・問2 …・名前\n"
            + "\n".join(f"例: フォーム 変更 {words.show(words.Name(definition.name))} {one}" for one in EXAMPLES)
        )
    if below:
        given[-1] = (given[-1][0], "\n".join(filter(None, (given[-1][1], below))))
    lines = print_block(replace(definition, version=None)).split("\n")
    for name, value in given:
        word = known.get(normalise.fold(normalise.lookup(name).text))
        if word is None:
            told = "・".join(spelled[0] for spelled in _keys().values())
            raise desk.Declined(f"フォームの「{name}」は変えられません。変えられるもの: {told}・問1・問2 …・名前")
        if not value:
            raise desk.Declined(f"「{word}」を何にするかを書いてください。なくすには「なし」です。")
        lines = _with_head(lines, word, "" if value in NONE else value)
    return _read("\n".join(lines))


def _keys() -> dict[str, tuple[str, ...]]:
    return {key: one for key, one in heads.BLOCK_KEYS["form"].items() if key not in ("version", "state")}


def _with_head(lines: Sequence[str], word: str, value: str) -> list[str]:
    """The lines of a printed block with this head line anew; without a value it goes."""
    first = next((place for place, line in enumerate(lines) if line.startswith(("▼", "＋"))), len(lines))
    words_of_heads = tuple(f"{spelled}:" for one in heads.BLOCK_KEYS["form"].values() for spelled in one)
    head: list[list[str]] = []  # each head line with those that go on from it
    for line in lines[1:first]:
        if line.startswith(words_of_heads) or not head:
            head.append([line])
        else:
            head[-1].append(line)
    since = next((_since(one[0]) for one in head if one[0].startswith("期間:")), "")
    gone = SPANS if word in SPANS else (word,)
    kept = [one for one in head if not one[0].startswith(tuple(f"{each}:" for each in gone))]
    if word == "締切" and since:
        word, value = "期間", f"{since}〜{value}"
    if value and value != "〜":
        kept.append(f"{word}: {value}".split("\n"))
    return [lines[0], *(line for one in kept for line in one), *lines[first:]]


def _since(line: str) -> str:
    return line.removeprefix("期間:").strip().partition("〜")[0].strip()


def _with_question(
    definition: definitions.Form, number: int, typed: str, below: str, keys: building.Keys
) -> definitions.Form:
    """One question otherwise; its answers stay with it, also under another name."""
    asked = [
        place
        for place, part in enumerate(definition.parts)
        if isinstance(part, definitions.FormQuestion) and part.kind not in looks.UNASKED
    ]
    if not 0 < number <= len(asked):
        raise desk.Declined(
            f"問{number} はありません（全部で{len(asked)}問です）。",
            cards.Tap("書出", f"フォーム 書出 {words.show(words.Name(definition.name))}"),
        )
    place = asked[number - 1]
    question = definition.parts[place]
    if not isinstance(question, definitions.FormQuestion):
        raise TypeError("no question")
    verb, _, rest = typed.replace("\u3000", " ").partition(" ")
    behind = "\n".join(filter(None, (rest.strip(), below)))
    if verb in DELETE and not behind:
        return replace(definition, parts=(*definition.parts[:place], *definition.parts[place + 1 :]))
    if verb in LABEL and behind:
        return _renamed(definition, place, question, behind, keys)
    if verb in HELP:
        changed = replace(question, help="" if behind in NONE else behind)
    elif typed in PLAIN:
        part, so = PLAIN[typed]
        flag: dict[str, Any] = {part: so}
        changed = replace(question, **flag)
    elif typed:
        changed = _with_flags(definition, place, question, typed)
    else:
        raise desk.Declined(
            f"問{number}「{question.label}」の何を変えるかを書いてください。\n"
            "例: 必須・任意・非表示・表示・削除・名前 …・説明 …・500字まで・→ 項目:氏名"
        )
    return replace(definition, parts=(*definition.parts[:place], changed, *definition.parts[place + 1 :]))


def _renamed(
    definition: definitions.Form, place: int, question: definitions.FormQuestion, label: str, keys: building.Keys
) -> definitions.Form:
    """Under another label, in the conditions that name it too; its key goes along."""
    label = " ".join(label.split())
    others = {names.name_key(one.label) for one in definition.parts if isinstance(one, definitions.FormQuestion)}
    if names.name_key(label) in others - {names.name_key(question.label)}:
        raise desk.Declined(f"質問「{label}」はもうあります。別の名前にしてください。")
    keys.renamed(building.QUESTIONS, question.label, label)
    parts = (*definition.parts[:place], replace(question, label=label), *definition.parts[place + 1 :])
    return building.asking(replace(definition, parts=parts), question.label, label)


def _with_flags(
    definition: definitions.Form, place: int, question: definitions.FormQuestion, typed: str
) -> definitions.FormQuestion:
    """What these words behind its kind say, as they would in a block; the rest stays."""
    said, plain = (_reread(definition, place, question, flags) for flags in (typed, ""))
    changed = {
        part.name: getattr(said, part.name)
        for part in parts_of(said)
        if getattr(said, part.name) != getattr(plain, part.name) and part.name != "line"
    }
    return replace(question, **changed)


def _reread(
    definition: definitions.Form, place: int, question: definitions.FormQuestion, flags: str
) -> definitions.FormQuestion:
    """The question with nothing but these words in its line."""
    bare = replace(
        definitions.FormQuestion(question.label, question.kind), options=question.options, most=question.most
    )
    if question.kind not in ("rating", "scale"):
        bare = replace(bare, most=None)
    parts = (*definition.parts[:place], bare, *definition.parts[place + 1 :])
    lines = print_block(replace(definition, parts=parts, version=None)).split("\n")
    begins = [at for at, line in enumerate(lines) if line.startswith("▼")][place]
    lines[begins] = f"{lines[begins]} {flags}".rstrip()
    found = _read("\n".join(lines)).parts[place]
    if not isinstance(found, definitions.FormQuestion):
        raise desk.Declined(f"「{flags}」が読めませんでした。例: フォーム 変更 {definition.name} 問3 必須")
    return found


def _read(block: str) -> definitions.Form:
    """A block put together here, which must be without fault."""
    reading = read(block)
    if isinstance(reading, Paste) and reading.faults:
        raise desk.Declined(explain(reading.faults).removeprefix("❌ "))
    found = reading.definitions if isinstance(reading, Paste) else ()
    if len(found) != 1 or not isinstance(found[0], definitions.Form):
        raise desk.Declined("内容が読めませんでした。")
    return found[0]
