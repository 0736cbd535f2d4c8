"""Action lists: `タグ付ける VIP → シナリオ開始 ようこそ → 送る テンプレ:お礼`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from admin_commands.grammar import nearness, normalise, numbers, words
from admin_commands.grammar.faults import Fault, short
from admin_commands.grammar.words import Line, Name, Object, Token

EXAMPLES = ("タグ付ける VIP", "シナリオ開始 ようこそ", "送る 「本文」")


@dataclass(frozen=True, slots=True)
class SendText:
    """送る 「…」: the text verbatim."""

    text: str


@dataclass(frozen=True, slots=True)
class SendTemplate:
    template: Object


@dataclass(frozen=True, slots=True)
class TagOn:
    tags: tuple[Object, ...]


@dataclass(frozen=True, slots=True)
class TagOff:
    tags: tuple[Object, ...]


@dataclass(frozen=True, slots=True)
class ScenarioStart:
    """`step` counts from 1 (3通目から is 3)."""

    scenario: Object
    step: int = 1


@dataclass(frozen=True, slots=True)
class ScenarioStop:
    """`scenario` is None for 全部."""

    scenario: Object | None


@dataclass(frozen=True, slots=True)
class ScenarioResume:
    """Let what a block has paused go on; `scenario` is None for 全部."""

    scenario: Object | None


Action = SendText | SendTemplate | TagOn | TagOff | ScenarioStart | ScenarioStop | ScenarioResume

SEND, TAG_ON, TAG_OFF = "送る", "タグ付ける", "タグ外す"
START, STOP, RESUME = "シナリオ開始", "シナリオ停止", "シナリオ再開"
SPELLINGS = {
    SEND: "送る 送信 送信する send おくる",
    TAG_ON: "タグ付ける タグつける タグ付与 タグ追加 +tag",
    TAG_OFF: "タグ外す タグはずす タグ削除 タグ解除 -tag",
    START: "シナリオ開始 シナリオ始める start",
    STOP: "シナリオ停止 シナリオ止める stop",
    RESUME: "シナリオ再開 resume",
}
ACTS = {normalise.fold(word): act for act, spelled in SPELLINGS.items() for word in spelled.split()}
LATER = (
    "項目 項目消す シナリオ切替 メニュー menu リマインド リマインド解除 マーク 非表示 表示 担当 通知 notify "
    "予約キャンセル 予約案内 イベント申込 イベント取消 空き待ち スコア score 計測 アクション もし"
)
LATER_ACTS = {normalise.fold(word): word for word in LATER.split()}
MOST_WORDS = 3  # an act is written in at most three words (タグ を 付ける)
TIMING = re.compile(rf"(?:すぐ|今すぐ|{numbers.NUMBER}(?:~{numbers.NUMBER})?(?:分|時間|日)後.*|次の.*|一度だけ|after)$")
TEMPLATE_KEYS = ("てんぷれ", "てんぷれーと", "template")
ALL = ("全部", "すべて", "全て", "all")


def read(line: Line, start: int = 0, end: int | None = None) -> tuple[tuple[Action, ...], list[Fault]]:
    """The actions of `line.text[start:end]`, parted by arrows or semicolons, and all that is wrong with them."""
    found: list[Action] = []
    faults: list[Fault] = []
    for act in _parted(words.tokens(line, start, end, semicolons=True)):
        action = _read(line, act)
        if isinstance(action, Fault):
            faults.append(action)
        else:
            found.append(action)
    if not found and not faults:
        faults.append(Fault(line.number, line.raw, "に動作がありません", EXAMPLES))
    return tuple(found), faults


def _parted(tokens: Sequence[Token]) -> list[list[Token]]:
    acts: list[list[Token]] = [[]]
    for token in tokens:
        if token.kind == "arrow":
            acts.append([])
        else:
            acts[-1].append(token)
    return [act for act in acts if act]


def _read(line: Line, act: Sequence[Token]) -> Action | Fault:
    if act[-1].kind == "unclosed":
        return _fault(line, act, "の「 が閉じていません")
    known = _act(line, act)
    if known is None:
        return _unknown(line, act)
    kind, used = known
    if kind not in SPELLINGS:
        return _fault(line, act, f"の動作「{kind}」はまだ使えません")
    arguments = act[used:]
    if arguments and TIMING.match(_text(line, arguments[-1])):
        return _fault(line, act, "の動作に付けた時間や「一度だけ」はまだ使えません")
    if kind in (TAG_ON, TAG_OFF):
        return _tags(line, act, arguments, kind)
    if kind in (STOP, RESUME):
        return _stop_or_resume(line, act, arguments, kind)
    return {SEND: _send, START: _start}[kind](line, act, arguments)


def _act(line: Line, act: Sequence[Token]) -> tuple[str, int] | None:
    """The act that the first words name, the longest spelling first, and how many words that took."""
    for count in range(min(MOST_WORDS, len(act)), 0, -1):
        if any(token.kind != "object" or _is_quoted(token) for token in act[:count]):
            continue
        joined = "".join(_text(line, token) for token in act[:count])
        for spelled in (joined, joined.replace("を", "", 1)):
            if spelled in ACTS:
                return ACTS[spelled], count
            if spelled in LATER_ACTS:
                return LATER_ACTS[spelled], count
    later = re.match(r"(すこあ|score|計測)[:+\-=\d]", _text(line, act[0]))
    return (LATER_ACTS[later[1]], 1) if later else None


def _unknown(line: Line, act: Sequence[Token]) -> Fault:
    word = _text(line, act[0])
    near = nearness.nearest(word, ACTS.items(), most=1) if act[0].kind == "object" else []
    corrected = None
    if near:
        corrected = line.lookup.raw[: line.lookup.starts[act[0].start]] + near[0]
        corrected += line.lookup.raw[line.lookup.ends[act[0].end - 1] :]
    return _fault(line, act, f"の動作「{short(_raw(line, act[:1]))}」が分かりません", corrected)


def _send(line: Line, act: Sequence[Token], arguments: Sequence[Token]) -> Action | Fault:
    if len(arguments) == 1:
        only = arguments[0]
        if isinstance(only.object, Name) and only.object.quoted and only.object.text.strip():
            return SendText(only.object.text)
        if only.kind == "option" and normalise.fold(only.key) in TEMPLATE_KEYS:
            objects = words.names_in(only.value) if not _ends_quoted(line, only) else [Name(only.value, True)]
            if len(objects) == 1:
                return SendTemplate(objects[0])
    return _fault(line, act, "の「送る」の後には「本文」か テンプレ:名前 を書いてください")


def _tags(line: Line, act: Sequence[Token], arguments: Sequence[Token], kind: str) -> Action | Fault:
    objects = _objects(arguments)
    if not objects:
        return _fault(line, act, f"の「{kind}」の後にはタグの名前を書いてください（いくつかあれば , で区切ります）")
    tags = tuple(dict.fromkeys(objects))
    return TagOn(tags) if kind == TAG_ON else TagOff(tags)


def _objects(arguments: Sequence[Token]) -> list[Object]:
    """The objects of one list; none when something else stands there or they are not parted by commas."""
    if len(words.grouped(arguments)) != 1:
        return []
    return [token.object for token in arguments if token.object is not None]


def _start(line: Line, act: Sequence[Token], arguments: Sequence[Token]) -> Action | Fault:
    objects = [token.object for token in arguments if token.object is not None]
    if len(objects) != len(arguments) or len(objects) not in (1, 2):
        return _fault(line, act, "の「シナリオ開始」の後にはシナリオの名前を1つ書いてください")
    if len(objects) == 1:
        return ScenarioStart(objects[0])
    step = numbers.nth(_text(line, arguments[1]).removesuffix("から"))
    if not step:
        return _fault(line, act, "の何通目からかが読めません（例: シナリオ開始 ようこそ 3通目から）")
    return ScenarioStart(objects[0], step)


def _stop_or_resume(line: Line, act: Sequence[Token], arguments: Sequence[Token], kind: str) -> Action | Fault:
    if len(arguments) != 1 or arguments[0].object is None:
        return _fault(line, act, f"の「{kind}」の後にはシナリオの名前か「全部」を書いてください")
    which = None if _text(line, arguments[0]) in ALL else arguments[0].object
    return ScenarioStop(which) if kind == STOP else ScenarioResume(which)


def _fault(line: Line, act: Sequence[Token], what: str, corrected: str | None = None) -> Fault:
    return Fault(line.number, _raw(line, act), what, EXAMPLES, corrected)


def _raw(line: Line, act: Sequence[Token]) -> str:
    return line.lookup.carve(act[0].start, act[-1].end)


def _text(line: Line, token: Token) -> str:
    return line.lookup.folded[token.start : token.end]


def _is_quoted(token: Token) -> bool:
    return isinstance(token.object, Name) and token.object.quoted


def _ends_quoted(line: Line, token: Token) -> bool:
    return line.text[token.end - 1] in words.OPENERS.values()


def show(actions: Sequence[Action]) -> str:
    """The list on one line in canonical Japanese."""
    return " → ".join(map(_show, actions))


def _show(action: Action) -> str:
    match action:
        case SendText(text):
            return f"{SEND} {words.quote(text)}"
        case SendTemplate(template):
            return f"{SEND} {words.show_reference('テンプレ', template)}"
        case TagOn(tags):
            return f"{TAG_ON} {', '.join(map(_name, tags))}"
        case TagOff(tags):
            return f"{TAG_OFF} {', '.join(map(_name, tags))}"
        case ScenarioStart(scenario, step):
            return f"{START} {_name(scenario)}" + (f" {step}通目から" if step > 1 else "")
        case ScenarioStop(scenario):
            return f"{STOP} {_name(scenario) if scenario else '全部'}"
        case ScenarioResume(scenario):
            return f"{RESUME} {_name(scenario) if scenario else '全部'}"


def _name(object_: Object) -> str:
    """The name, in quotes where it would be read as a timing, as 全部 or as a list."""
    shown = words.show(object_)
    if isinstance(object_, Name) and shown == object_.text:
        folded = normalise.fold(normalise.lookup(shown).text)
        if TIMING.match(folded) or folded in ALL or folded in ("を", "の"):
            return words.quote(shown)
    return shown
