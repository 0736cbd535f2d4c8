"""From a cut-up block to a definition, with every fault of it at once."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal

from admin_commands.grammar import (
    actions,
    auto_replies,
    blocks,
    contents,
    lexicon,
    nearness,
    normalise,
    numbers,
    outlines,
    segments,
    timings,
    words,
)
from admin_commands.grammar.blocks import Block, Part
from admin_commands.grammar.definitions import (
    ActionSet,
    AutoReply,
    Bullet,
    Definition,
    Enclosure,
    Greeting,
    GreetingPart,
    Imagemap,
    Open,
    Piece,
    ReplyPart,
    Restart,
    RoutePart,
    Run,
    Scenario,
    State,
    Step,
    Template,
    TemplatePart,
    Trigger,
)
from admin_commands.grammar.faults import Fault
from admin_commands.grammar.segments import Segment, moments
from admin_commands.grammar.segments.moments import Between
from admin_commands.grammar.words import Line, Name, Object, Token
from jobs import actions as deeds
from jobs.hours import Opening
from jobs.messages import emojis

START_EXAMPLES = ("開始: 友だち追加", "開始: タグ:見込み が付いたら")
END_EXAMPLES = ("終了: タグ:購入済 が付いたら",)
PERIOD_EXAMPLES = ("12/1〜12/31", "2026-12-01〜", "〜2026-12-31")
OVER_EXAMPLES = ("超過時: 送る「定員に達しました」",)
MOST_PEOPLE = 10_000_000
FINISH = "終了後"
FOLLOW = ("友だち追加", "友達追加", "ともだち追加", "follow", "followed")
BY_HAND = ("手動", "手動のみ", "なし", "hand", "manual")
BECOMES = ("がついたら", "ついたら", "が付いたら", "付いたら", "が付いた時", "付いた時", "がついた時", "added")
RESTARTS: dict[str, Restart] = {
    "しない": "never",
    "なし": "never",
    "no": "never",
    "never": "never",
    "する": "always",
    "always": "always",
    "yes": "always",
    "終わったら": "finished",
    "終了後": "finished",
    "完了後": "finished",
    "終わっていれば": "finished",
    "finished": "finished",
    "続きから": "resume",
    "途中から": "resume",
    "resume": "resume",
}
EXCLUSIVE = {
    **dict.fromkeys(("1つ", "1つだけ", "1つまで", "1本", "1", "ひとつ", "一つ", "する", "yes", "one"), True),
    **dict.fromkeys(("いくつでも", "しない", "なし", "制限なし", "no", "any"), False),
}
ONCE: dict[str, bool] = {
    **dict.fromkeys(("1回", "1人1回", "一回", "1度", "一度だけ", "1回だけ", "once"), True),
    **dict.fromkeys(("何度でも", "何回でも", "なんどでも", "複数回", "many", "always"), False),
}
STATES: dict[str, State] = {
    "公開": "live",
    "公開中": "live",
    "live": "live",
    "停止": "paused",
    "停止中": "paused",
    "paused": "paused",
    "下書き": "draft",
    "下書": "draft",
    "draft": "draft",
}
GREETINGS: dict[str, Literal["new", "returning", "blocked"]] = {
    "新規": "new",
    "新しい友だち": "new",
    "new": "new",
    "ブロック解除": "returning",
    "ぶろっく解除": "returning",
    "再追加": "returning",
    "returning": "returning",
    "unblocked": "returning",
    "ブロック": "blocked",
    "ぶろっく": "blocked",
    "ブロック時": "blocked",
    "ブロックされた時": "blocked",
    "blocked": "blocked",
}
FORMS: dict[str, Literal["body", "card", "question", "flex"]] = {
    "本文": "body",
    "text": "body",
    "カード": "card",
    "card": "card",
    "質問": "question",
    "question": "question",
    "flex": "flex",
}
ENCLOSED: dict[str, Literal["location", "coupon", "imagemap"]] = {
    "位置": "location",
    "location": "location",
    "クーポン": "coupon",
    "coupon": "coupon",
    "画像マップ": "imagemap",
    "imagemap": "imagemap",
}
MEDIA: dict[str, contents.Kind] = {
    "画像": "image",
    "image": "image",
    "動画": "video",
    "video": "video",
    "音声": "audio",
    "audio": "audio",
    "スタンプ": "sticker",
    "sticker": "sticker",
}
REPLIES = ("返信", "応答", "本文", "reply")
OTHERWISE = ("そうでなければ", "それ以外", "else")
GRID = re.compile(r" ?(?P<columns>[1-9]\d?) ?[x×*X] ?(?P<rows>[1-9]\d?)$")
CLOCK_LIKE = re.compile(r"\d{1,4}[:時.]|(?:午前|午後|朝|昼|夕方|夜)")


class Builder:
    """Reads one block; what is found ends in the fields, what is wrong in `faults`."""

    def __init__(self, block: Block) -> None:
        self.block = block
        self.answers = auto_replies.Head(self.fault)
        self.faults: list[Fault] = []
        self.start: tuple[Trigger, ...] = ()
        self.target: list[Line] = []
        self.end: tuple[Trigger, ...] = ()
        self.ends_when: list[Line] = []
        self.window: Opening | None = None
        self.restart: Restart = "never"
        self.added: Between | None = None
        self.period: Between | None = None
        self.cap: int | None = None
        self.over: Run | None = None
        self.exclusive = False
        self.finish: list[Run] = []
        self.version: int | None = None
        self.state: State | None = None
        self.once = False
        self.again: str | None = None
        self.full: str | None = None

    def fault(self, line: Line, what: str, examples: Sequence[str] = (), corrected: str | None = None) -> None:
        self.faults.append(Fault(line.number, line.raw, what, tuple(examples), corrected))

    # ---- head lines ----

    def read_head(self) -> None:
        seen: set[str] = set()
        open_key = ""
        for line in self.block.head:
            if not line.text or self.takes_hook(line):
                continue
            key, value = self._entry(line)
            opened = self.target if open_key == "target" else self.ends_when if open_key == "end" else []
            if key is None and opened and segments.begins(line):
                opened.append(line)
                continue
            if key is None or value is None:
                self._unknown(line)
                continue
            if key in seen:
                self.fault(line, "は2回書かれています")
            seen.add(key)
            open_key = key
            self._set(key, line, value)

    def _entry(self, line: Line) -> tuple[str | None, Line | None]:
        found = blocks.key_of(line)
        if found is None:
            return None, None
        folded = normalise.fold(found[0])
        keys = lexicon.BLOCK_KEYS[self.block.header.kind or ""]
        key = next((key for key, spelled in keys.items() if folded in map(normalise.fold, spelled)), None)
        return key, found[1]

    def _unknown(self, line: Line) -> None:
        word = lexicon.NOUN[self.block.header.kind or ""].words[0]
        keys = lexicon.BLOCK_KEYS[self.block.header.kind or ""]
        found = blocks.key_of(line)
        if blocks.sort(line) == "directive":
            self.fault(line, "は ▼ の下に書いてください")
            return
        if found is None:
            first, _, rest = line.text.partition(" ")
            known = next((s[0] for s in keys.values() if normalise.fold(first) in map(normalise.fold, s)), "")
            shape = [f"{s[0]}: …" for s in keys.values()][:2]
            corrected = (_of_tag(known, words.line_of(rest)) or f"{known}: {rest}") if known and rest else None
            self.fault(line, f"は ▼ の下に書くか、「{shape[0]}」の形で書いてください", shape, corrected)
            return
        if blocks.is_key(found[0]):
            self.fault(line, f"の「{found[0]}」は■{word}では使いません")
            return
        spelled = [(normalise.fold(w), key) for key, all_ in keys.items() for w in all_]
        near = nearness.nearest(normalise.fold(found[0]), spelled, 1)
        corrected = f"{keys[near[0]][0]}: {found[1].raw}" if near else None
        self.fault(line, f"の「{found[0]}」が分かりません", [f"{s[0]}: …" for s in keys.values()][:3], corrected)

    def _set(self, key: str, line: Line, value: Line) -> None:
        setters: dict[str, Callable[[Line, Line], None]] = {
            "start": self._set_start,
            "target": self._set_target,
            "end": self._set_end,
            "window": self._set_window,
            "added": self._set_added,
            "period": self._set_period,
            "cap": self._set_cap,
            "over": self._set_over,
            "exclusive": self._set_exclusive,
            "restart": self._set_restart,
            "version": self._set_version,
            "state": self._set_state,
            "once": self._set_once,
            "again": self._set_again,
            "full": self._set_full,
            **self.answers.setters,
        }
        if value.text:
            setters[key](line, value)
        else:
            self.fault(line, "に値がありません")

    def _set_start(self, line: Line, value: Line) -> None:
        if normalise.fold(value.text) in BY_HAND:
            return
        found = _triggers(value)
        if found is None:
            what = "の始まり方が読めません。今使えるのは「友だち追加」と「タグ:… が付いたら」です"
            self.fault(line, what, START_EXAMPLES, _of_tag("開始", value))
        else:
            self.start = found

    def _set_target(self, _line: Line, value: Line) -> None:
        self.target = [value]

    def _set_end(self, line: Line, value: Line) -> None:
        """Tags that end it at once, or a condition that is judged whenever a step is due."""
        found = _triggers(value)
        mended = _of_tag("終了", value) if found is None else None
        if mended or any(trigger.on == "follow" for trigger in found or ()):
            self.fault(
                line, "の終わり方が読めません。「タグ:… が付いたら」か、条件を書いてください", END_EXAMPLES, mended
            )
        elif found is None:
            self.ends_when = [value]
        else:
            self.end = found

    def _set_window(self, line: Line, value: Line) -> None:
        self.window = timings.opening(value.text)
        if self.window is None:
            self.fault(line, "の時間帯が読めません", timings.WINDOW_EXAMPLES)

    def _set_added(self, line: Line, value: Line) -> None:
        self.added = self._days(line, "追加日", value)

    def _set_period(self, line: Line, value: Line) -> None:
        self.period = self._days(line, "期間", value)

    def _days(self, line: Line, key: str, value: Line) -> Between | None:
        found = moments.read(value.lookup.folded, 0, len(value.lookup.folded))
        if isinstance(found, tuple) and isinstance(found[0], Between) and found[1] == len(value.lookup.folded):
            return found[0]
        what = found if isinstance(found, str) else "の期間が読めません"
        self.fault(line, what, [f"{key}: {one}" for one in PERIOD_EXAMPLES])
        return None

    def _set_cap(self, line: Line, value: Line) -> None:
        self.cap = numbers.number(
            value.text.replace(",", "").removesuffix("まで").removesuffix("名").removesuffix("人")
        )
        if self.cap is None or not 1 <= self.cap <= MOST_PEOPLE:
            self.fault(line, "の人数が読めません", ("上限: 100人",))

    def _set_over(self, line: Line, value: Line) -> None:
        found, faults = actions.read(value)
        self.faults += [replace(fault, text=line.raw) for fault in faults]
        self.over = Run(found, line.number)

    def _set_exclusive(self, line: Line, value: Line) -> None:
        if value.text.lower() not in EXCLUSIVE:
            self.fault(line, "の値が分かりません", ("同時: 1つ", "同時: いくつでも"))
        self.exclusive = EXCLUSIVE.get(value.text.lower(), False)

    def takes_hook(self, line: Line) -> bool:
        """Take a ＋終了後 line, which belongs to the whole scenario wherever it stands."""
        if self.block.header.kind != "scenario" or blocks.sort(line) != "directive":
            return False
        _, word, start = blocks.directive_of(line)
        if blocks.hook_of(word) != FINISH:
            return False
        found, faults = actions.read(line, start)
        self.faults += faults
        self.finish += [Run(found, line.number)]
        return True

    def _set_restart(self, line: Line, value: Line) -> None:
        found = RESTARTS.get(value.text.lower())
        if found is None:
            self.fault(
                line, "の値が分かりません", ("再開始: しない", "再開始: 終わったら", "再開始: 続きから", "再開始: する")
            )
        else:
            self.restart = found

    def _set_version(self, line: Line, value: Line) -> None:
        self.version = numbers.number(value.text)
        if self.version is None:
            self.fault(line, "の版は数字で書いてください", ("版: 7",))

    def _set_state(self, line: Line, value: Line) -> None:
        self.state = STATES.get(value.text.lower())
        if self.state is None:
            self.fault(line, "の状態が分かりません", ("状態: 公開", "状態: 停止", "状態: 下書き"))

    def _set_once(self, line: Line, value: Line) -> None:
        found = ONCE.get(value.text.lower())
        if found is None:
            self.fault(line, "の回数が分かりません", ("回答: 1回", "回答: 何度でも"))
        else:
            self.once = found

    def _set_again(self, _line: Line, value: Line) -> None:
        self.again = value.raw.strip()

    def _set_full(self, _line: Line, value: Line) -> None:
        self.full = value.raw.strip()

    def segment(self, lines: Sequence[Line]) -> Segment | None:
        """対象 or 終了, once all head lines are read."""
        if not lines:
            return None
        found, faults = segments.read_lines([(line, 0, len(line.text)) for line in lines])
        self.faults += faults
        return found

    # ---- parts ----

    def named(self, example: str = "ようこそ") -> str:
        name = self.block.header.name
        if not name:
            word = lexicon.NOUN[self.block.header.kind or ""].words[0]
            self.fault(self.block.line, "に名前がありません", (f"■{word} {example}",))
        if emojis.WRITTEN.search(name):
            self.fault(self.block.line, "の名前には、LINEの絵文字は使えません")
        return name

    def content(self, part: Part, *, bullets: bool = False) -> tuple[Piece, ...]:
        reader = contents.Reader(bullets=bullets)
        reader.take([line for line in part.lines if not self.takes_hook(line)])
        self.faults += reader.faults
        return tuple(reader.pieces)

    def filled(self, part: Part, pieces: tuple[Piece, ...]) -> bool:
        """Whether a part holds anything; if its only line was faulty, that has been told already."""
        if pieces or any(line.text for line in part.lines if blocks.sort(line) == "directive"):
            return bool(pieces)
        self.fault(part.title, "の下に本文がありません")
        return False

    def need_parts(self, example: str) -> None:
        if not self.block.parts:
            self.fault(self.block.line, "の下に ▼ の行がありません", (example,))


def build(block: Block) -> tuple[Definition | None, list[Fault]]:
    """The definition a block stands for and all that is wrong with it; None when it is wrong, but for an Outline."""
    kind = block.header.kind or ""
    if kind not in lexicon.BLOCK_KEYS:
        return outlines.read(block)
    builder = _ActionSetBuilder(block) if kind == "action" else Builder(block)
    builder.read_head()
    readers = {
        "scenario": _scenario,
        "greeting": _greeting,
        "template": _template,
        "action": _action_set,
        "autoreply": _auto_reply,
    }
    definition = readers[kind](builder)
    faults = sorted(builder.faults, key=lambda fault: fault.line)
    return (None if faults else definition), faults


def _scenario(builder: Builder) -> Definition:
    name = builder.named()
    target, ends_when = builder.segment(builder.target), builder.segment(builder.ends_when)
    if builder.over is not None and builder.cap is None:
        builder.fault(_line_at(builder.block, builder.over.line), "には「上限:」の行も要ります", ("上限: 100人",))
    builder.need_parts("▼すぐ")
    steps = [step for part in builder.block.parts if (step := _step(builder, part)) is not None]
    return Scenario(
        name=name,
        steps=tuple(steps),
        start=builder.start,
        target=target,
        end=builder.end,
        ends_when=ends_when,
        window=builder.window,
        restart=builder.restart,
        added=builder.added,
        period=builder.period,
        cap=builder.cap,
        over=builder.over,
        exclusive=builder.exclusive,
        finish=tuple(builder.finish),
        version=builder.version,
        state=builder.state,
        line=builder.block.line.number,
        source=builder.block.source,
    )


def _line_at(block: Block, number: int) -> Line:
    return next(line for line in block.lines if line.number == number)


def _step(builder: Builder, part: Part) -> Step | None:
    text = part.title.text
    start = part.start + text.startswith(" ", part.start)
    found = timings.read(text, start)
    pieces = builder.content(part)
    if isinstance(found, str):
        mended = timings.mended(text[start:])
        builder.fault(part.title, found, timings.EXAMPLES, f"▼{mended}" if mended else None)
        return None
    rest = text[found[1] :].strip()
    when: Segment | None = None
    otherwise = rest in OTHERWISE
    if rest.startswith("もし"):
        at = part.title.text.index("もし", found[1]) + len("もし")
        condition = words.line_of(part.title.lookup.carve_from(at).strip(), part.title.number)
        when, faults = segments.read(condition)
        ahead = part.title.lookup.carve(0, at)
        builder.faults += [
            replace(fault, text=part.title.raw, corrected=fault.corrected and f"{ahead} {fault.corrected}")
            for fault in faults
        ]
    elif otherwise:
        pass
    elif rest:
        mended = timings.mended(text[start:])
        what = f"の時刻「{rest}」が読めません"
        if not CLOCK_LIKE.match(rest):
            what = f"の「{rest}」が読めません。時間だけを書いてください"
        builder.fault(part.title, what, timings.EXAMPLES, f"▼{mended}" if mended else None)
    if not builder.filled(part, pieces):
        return None
    return Step(found[0], pieces, part.title.number, when, otherwise)


def _greeting(builder: Builder) -> Definition:
    builder.need_parts("▼新規")
    parts: dict[str, GreetingPart] = {}
    routes: dict[Object, RoutePart] = {}
    for part in builder.block.parts:
        route = _route(part)
        if route is not None:
            pieces = builder.content(part)
            if route in routes:
                builder.fault(part.title, "は2回書かれています")
            elif builder.filled(part, pieces):
                routes[route] = RoutePart(route, pieces, part.title.number)
            continue
        found = _greeting_part(builder, part)
        if found is not None and found.kind in parts:
            builder.fault(part.title, "は2回書かれています")
        elif found is not None:
            parts[found.kind] = found
    line, source = builder.block.line.number, builder.block.source
    if builder.state == "draft":
        builder.fault(builder.block.line, "のあいさつに下書きはありません", ("状態: 公開", "状態: 停止"))
    return Greeting(tuple(parts.values()), builder.version, line, source, tuple(routes.values()), builder.state)


def _greeting_part(builder: Builder, part: Part) -> GreetingPart | None:
    title = part.title.text[part.start :].strip()
    kind = GREETINGS.get(title.lower())
    pieces = builder.content(part)
    if kind is None:
        near = nearness.nearest(normalise.fold(title), [(normalise.fold(word), word) for word in GREETINGS], 1)
        builder.fault(part.title, "が分かりません", ("▼新規", "▼ブロック解除"), f"▼{near[0]}" if near else None)
        return None
    if kind == "blocked":
        _keep_silent(builder, part, pieces)
    return GreetingPart(kind, pieces, part.title.number) if builder.filled(part, pieces) else None


def _keep_silent(builder: Builder, part: Part, pieces: Sequence[Piece]) -> None:
    """Who blocks us gets nothing, now or later: only what is done without them has a meaning."""
    if all(isinstance(piece, Run) and not any(_reaches(one) for one in piece.actions) for piece in pieces):
        return
    what = "の方には何も届きません。「＋実行」で、送信のない動作だけを書けます"
    builder.fault(part.title, what, ("＋実行 タグ付ける 離脱", "＋実行 通知 「{名前}さんがブロックしました」"))


def _reaches(action: actions.Action) -> bool:
    return action.timing is not None or deeds.KINDS[action.do].sends


def _route(part: Part) -> Object | None:
    """`流入:店頭POP`."""
    found = words.tokens(part.title, part.start)
    if len(found) != 1 or normalise.fold(found[0].key) not in ("流入", "流入経路", "route"):
        return None
    if part.title.text[found[0].end - 1] in words.OPENERS.values():
        return Name(found[0].value, quoted=True)
    objects = words.names_in(found[0].value)
    return objects[0] if len(objects) == 1 else None


def _template(builder: Builder) -> Definition:
    name = builder.named()
    builder.need_parts("▼本文")
    parts = [found for part in builder.block.parts if (found := _template_part(builder, part)) is not None]
    return Template(
        name=name,
        parts=tuple(parts),
        once=builder.once,
        again=builder.again,
        full=builder.full,
        version=builder.version,
        line=builder.block.line.number,
        source=builder.block.source,
    )


def _template_part(builder: Builder, part: Part) -> TemplatePart | None:
    line = part.title
    start = part.start + line.text.startswith(" ", part.start)
    end = line.text.find(" ", start) if " " in line.text[start:] else len(line.text)
    word = normalise.fold(line.text[start:end])
    form = next((form for spelled, form in FORMS.items() if normalise.fold(spelled) == word), None)
    media = next((kind for spelled, kind in MEDIA.items() if normalise.fold(spelled) == word), None)
    enclosed = next((kind for spelled, kind in ENCLOSED.items() if normalise.fold(spelled) == word), None)
    if form is None and media is None and enclosed is None:
        _unknown_form(builder, line, line.lookup.carve(start, end))
        return None
    if enclosed == "imagemap":
        return _imagemap(builder, part, end)
    pieces = builder.content(part, bullets=form == "question")
    rest = line.lookup.carve_from(end).strip()
    if enclosed is not None:
        return TemplatePart("body", "", (Enclosure(enclosed, rest, line.number), *pieces), line.number)
    if media is not None:
        attached, faults = contents.attached(line, end, media)
        builder.faults += faults
        if faults:
            return None
        pieces = (attached, *pieces)
        return TemplatePart("body", "", pieces, line.number)
    if not builder.filled(part, pieces):
        return None
    return TemplatePart(form or "body", rest, pieces, line.number)


def _imagemap(builder: Builder, part: Part, end: int) -> TemplatePart | None:
    """`春の案内 3x2` with as many ・ lines below it: `・予約する → https://…` opens a page, `・料金` is said."""
    line = part.title
    examples = ("▼画像マップ 春の案内 2x1",)
    found = GRID.search(line.text, end)
    media = contents.media_named(line, end, found.start()) if found else None
    if found is None or media is None:
        builder.fault(line, "は「画像の名前 横x縦」の形で書いてください", examples)
        return None
    reader = contents.Reader(lists=True)
    reader.take(part.lines)
    builder.faults += reader.faults
    columns, rows = int(found["columns"]), int(found["rows"])
    fields = [piece for piece in reader.pieces if isinstance(piece, Bullet)]
    if len(fields) < len(reader.pieces) or any(not isinstance(one.target, Open | None) for one in fields):
        builder.fault(
            line, "の下は「・言葉」か「・言葉 → https://…」だけにしてください（押すと、その言葉が送られるか開きます）"
        )
    elif not reader.faults and len(fields) != columns * rows:
        builder.fault(line, f"の下に、・の行を{columns * rows}行書いてください（今 {len(fields)}行）")
    pieces: tuple[Piece, ...] = (Imagemap(media, columns, rows, line.number), *fields)
    return TemplatePart("imagemap", "", pieces, line.number)


def _unknown_form(builder: Builder, line: Line, word: str) -> None:
    known = [(normalise.fold(spelled), spelled) for spelled in (*FORMS, *MEDIA)]
    near = nearness.nearest(normalise.fold(word), known, 1) if word else []
    builder.fault(line, "の種類が分かりません", ("▼本文", "▼カード", "▼質問"), f"▼{near[0]}" if near else None)


class _ActionSetBuilder(Builder):
    """■アクション: what stands in its head are actions, one or several in a line."""

    def __init__(self, block: Block) -> None:
        super().__init__(block)
        self.runs: list[Run] = []

    def _entry(self, line: Line) -> tuple[str | None, Line | None]:
        return (None, None) if self._begin(line) else super()._entry(line)

    def _unknown(self, line: Line) -> None:
        found, faults = actions.read(line, self._begin(line))
        if self._begin(line):
            self.faults += [replace(fault, text=line.raw) for fault in faults]
            self.runs += [] if faults else [Run(found, line.number)]
            return
        corrected = None if faults else f"・{line.raw.strip()}"
        self.fault(line, "の前に「・」が要ります" if not faults else "が分かりません", ("・タグ付ける VIP",), corrected)

    def _begin(self, line: Line) -> int:
        """Where the actions of a line begin: behind ・, or behind ＋実行; 0 for one that has none."""
        if blocks.sort(line) == "directive":
            key, _, start = blocks.directive_of(line)
            return start if key == "run" else 0
        return 1 if line.text.startswith(contents.BULLETS) else 0


def _action_set(builder: Builder) -> Definition:
    name = builder.named()
    runs = builder.runs if isinstance(builder, _ActionSetBuilder) else []
    for part in builder.block.parts:
        builder.fault(
            part.title, "は■アクションでは使いません。「・動作」を並べて書いてください", ("・タグ付ける VIP",)
        )
    if not runs and not builder.faults:
        builder.fault(builder.block.line, "の下に「・動作」の行がありません", ("・タグ付ける VIP",))
    return ActionSet(name, tuple(runs), builder.version, builder.block.line.number, builder.block.source)


def _auto_reply(builder: Builder) -> Definition:
    name = builder.named("営業時間")
    target = builder.segment(builder.target)
    builder.need_parts("▼返信")
    parts: list[ReplyPart] = []
    for part in builder.block.parts:
        title = normalise.fold(part.title.text[part.start :].strip())
        pieces = builder.content(part)
        if title not in map(normalise.fold, REPLIES):
            builder.fault(part.title, "が分かりません。■自動応答の ▼ は「▼返信」1つです", ("▼返信",), "▼返信")
        elif parts:
            builder.fault(part.title, "は2回書かれています")
        elif builder.filled(part, pieces):
            parts.append(ReplyPart(pieces, part.title.number))
    return AutoReply(
        name,
        tuple(parts),
        **builder.answers.settle(name, builder.block.line),
        target=target,
        version=builder.version,
        state=builder.state,
        line=builder.block.line.number,
        source=builder.block.source,
    )


def _triggers(value: Line) -> tuple[Trigger, ...] | None:
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


def _of_tag(key: str, value: Line) -> str | None:
    """What `タグ カラー が付いたら` and `カラーがついたら` were probably meant to be."""
    text = value.text
    ending = next((one for one in BECOMES if text.endswith(one)), "")
    name = text.removesuffix(ending).strip()
    begun = next((word for word in ("タグ ", "タグ") if name.startswith(word)), "")
    name = name.removeprefix(begun).strip(" 「」")
    if not name or " " in name or not (ending or begun):
        return None
    corrected = f"タグ:{words.show(Name(name))} が付いたら"
    return f"{key}: {corrected}" if _triggers(words.line_of(corrected)) else None


def _trigger(value: Line, token: Token, word: str) -> Trigger | None:
    if word in FOLLOW:
        return Trigger("follow")
    if token.kind != "option" or not segments.is_tag_word(normalise.fold(token.key)) or not token.value:
        return None
    tag = _tag(value, token)
    return Trigger("tag", tag) if tag is not None else None


def _tag(value: Line, token: Token) -> Object | None:
    if value.text[token.end - 1] in words.OPENERS.values():
        return Name(token.value, quoted=True)
    typed = token.value
    for ending in BECOMES:
        if len(typed) > len(ending) and typed.endswith(ending):
            typed = typed.removesuffix(ending)
            break
    objects = words.names_in(typed)
    return objects[0] if len(objects) == 1 else None
