"""An action list read: cut at its arrows, each act with its condition, its time and its arguments."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from admin_commands.grammar import nearness, normalise, numbers, schedules, segments, timings, words
from admin_commands.grammar.actions import kinds, spellings
from admin_commands.grammar.actions.kinds import Act, Action
from admin_commands.grammar.faults import Fault, short
from admin_commands.grammar.segments import Segment
from admin_commands.grammar.words import Line, Name, Object, Token
from jobs.timing import IMMEDIATE, LIMITS, Timing

EXAMPLES = ("タグ付ける VIP", "シナリオ開始 ようこそ", "送る 「本文」")
IF_EXAMPLES = ("もし タグ:VIP なら 送る 「本文」",)
QUOTED = "|".join(f"{opener}[^{closer}]+{closer}" for opener, closer in words.OPENERS.items())
SCORE = re.compile(
    rf"(?:スコア|点数|score) ?(?:: ?(?P<name>{QUOTED}|[^\s=+\-:「」]+))?"
    rf" ?(?P<sign>[=+\-]) ?(?P<points>{numbers.NUMBER})点?$",
    re.IGNORECASE,
)
SCORED = re.compile(r"(?:スコア|点数|score) ?[:=+\-]", re.IGNORECASE)
FIELD = re.compile(rf"(?P<name>{QUOTED}|[^\s=+\-「」]+) ?(?P<sign>[=+\-]) ?(?P<value>.*)$", re.DOTALL)
AMOUNT = re.compile(
    rf"(?:(?P<digits>\d{{1,3}}(?:,\d{{3}})+|\d{{1,9}})|(?P<words>{numbers.NUMBER})|(?P<own>\{{[^{{}}\s]+\}}))円?$"
)
OWN_DATE = re.compile(r"\{ ?(?P<name>[^{}]+?) ?\}$")


def read(line: Line, start: int = 0, end: int | None = None) -> tuple[tuple[Action, ...], list[Fault]]:
    """The actions of `line.text[start:end]`, parted by arrows or semicolons, and all that is wrong with them."""
    found: list[Action] = []
    faults: list[Fault] = []
    for act in _parted(words.tokens(line, start, end, semicolons=True)):
        action = _Reader(line, act).read()
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


class _Wrong(Exception):
    """One act cannot be read."""

    def __init__(self, what: str, examples: Sequence[str] = EXAMPLES, corrected: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.examples = tuple(examples)
        self.corrected = corrected


class _Reader:
    """Reads the tokens between two arrows."""

    def __init__(self, line: Line, whole: Sequence[Token]) -> None:
        self.line = line
        self.whole = whole
        self.tokens = list(whole)

    def read(self) -> Action | Fault:
        try:
            return self._read()
        except _Wrong as wrong:
            raw = self.line.lookup.carve(self.whole[0].start, self.whole[-1].end)
            return Fault(self.line.number, raw, wrong.what, wrong.examples, wrong.corrected)

    def _read(self) -> Action:
        if self.tokens[-1].kind == "unclosed":
            raise _Wrong("の「 が閉じていません")
        when = self._condition()
        once = len(self.tokens) > 1 and self._word(self.tokens[-1]) in spellings.ONCE
        self.tokens = self.tokens[:-1] if once else self.tokens
        name, used = self._named()
        self.tokens = self.tokens[used:]
        moment = name == "リマインド" and not any(self._text(token).startswith("{") for token in self.tokens)
        timing = None if moment else self._timing()
        act = self._arguments(name)
        return kinds.Qualified(act, when, timing, once) if when or timing or once else act

    # ---- condition and time ----

    def _condition(self) -> Segment | None:
        """`もし … なら`, taken off the front."""
        first = self.tokens[0]
        if first.kind not in ("object", "option") or self._quoted(first) or not self._text(first).startswith("もし"):
            return None
        place = self._then()
        start = first.start + len("もし")
        end = self.tokens[place].end - len("なら")
        condition = self.line.lookup.carve(start, end).strip()
        if not condition or place + 1 == len(self.tokens):
            raise _Wrong("の「もし」は「もし 条件 なら 動作」の形で書いてください", IF_EXAMPLES)
        found, faults = segments.read(words.line_of(condition, self.line.number))
        if faults:
            raise _Wrong(faults[0].what, faults[0].examples)
        self.tokens = self.tokens[place + 1 :]
        return found

    def _then(self) -> int:
        """The place of なら, alone or at the end of the condition's last word."""
        said = [self._text(token) if not self._quoted(token) else "" for token in self.tokens]
        glued = (i for i, one in enumerate(said) if i and len(one) > 2 and one.endswith("なら"))
        place = said.index("なら") if "なら" in said else next(glued, None)
        if place is None and len(said[0]) > len("もしなら") and said[0].endswith("なら"):
            place = 0
        if place is None:
            raise _Wrong("の「もし」の後に「なら」がありません", IF_EXAMPLES)
        return place

    def _timing(self) -> Timing | kinds.Spread | None:
        """The time behind an act, taken off the end."""
        for count in (2, 1):
            last = self.tokens[-count:]
            if len(last) < count or any(token.kind != "object" or self._quoted(token) for token in last):
                continue
            text = self.line.lookup.folded[last[0].start : last[-1].end]
            found = _time(text)
            if found is not None:
                self.tokens = self.tokens[:-count]
                return found if found != IMMEDIATE else None
        return None

    # ---- which act ----

    def _named(self) -> tuple[str, int]:
        """The act that the first words name, the longest spelling first, and how many words that took."""
        if SCORED.match(self._all()):
            return "スコア", 0
        first = self.tokens[0]
        if first.kind == "option" and normalise.fold(first.key) in spellings.TEMPLATE_KEYS:
            return "送る", 0
        if first.kind == "option" and normalise.fold(first.key) in spellings.ACTION_KEYS:
            return "アクション", 0
        for count in range(min(spellings.MOST_WORDS, len(self.tokens)), 0, -1):
            if any(token.kind != "object" or self._quoted(token) for token in self.tokens[:count]):
                continue
            joined = "".join(self._text(token) for token in self.tokens[:count])
            for spelled in (joined, joined.replace("を", "", 1)):
                if spelled in spellings.ACTS:
                    return spellings.ACTS[spelled], count
        return self._unknown()

    def _unknown(self) -> tuple[str, int]:
        first, line = self.tokens[0], self.line
        near = nearness.nearest(self._text(first), spellings.ACTS.items(), most=1) if first.kind == "object" else []
        corrected = None
        if near:
            corrected = line.lookup.raw[: line.lookup.starts[first.start]] + near[0]
            corrected += line.lookup.raw[line.lookup.ends[first.end - 1] :]
        word = short(line.lookup.carve(first.start, first.end))
        raise _Wrong(f"の動作「{word}」が分かりません", corrected=corrected)

    def _arguments(self, name: str) -> Act:
        readers: dict[str, Callable[[], Act]] = {
            "送る": self._send,
            "タグ付ける": lambda: kinds.TagOn(self._tags(name)),
            "タグ外す": lambda: kinds.TagOff(self._tags(name)),
            "項目": self._field,
            "シナリオ開始": self._start,
            "シナリオ停止": lambda: kinds.ScenarioStop(self._one(name, spellings.ALL, "シナリオの名前か「全部」")),
            "シナリオ再開": lambda: kinds.ScenarioResume(self._one(name, spellings.ALL, "シナリオの名前か「全部」")),
            "メニュー": lambda: kinds.SetMenu(self._one(name, spellings.OFF, "メニューの名前か「解除」")),
            "リマインド": self._remind,
            "担当": self._assign,
            "通知": self._notify,
            "スコア": self._score,
            "計測": self._convert,
            "予約キャンセル": lambda: kinds.CancelBooking(self._sure(name, "予約の名前") if self.tokens else None),
            "非表示": lambda: self._alone(name, kinds.Hide()),
            "表示": lambda: self._alone(name, kinds.Unhide()),
            "アクション": self._action,
        }
        named: dict[str, tuple[Callable[[Object], Act], str]] = {
            "項目消す": (kinds.ClearField, "項目の名前"),
            "シナリオ切替": (kinds.ScenarioSwitch, "シナリオの名前"),
            "リマインド解除": (kinds.RemindOff, "リマインドの名前"),
            "マーク": (kinds.SetMark, "マークの名前"),
            "予約案内": (kinds.OfferBooking, "予約の名前"),
            "イベント申込": (kinds.JoinEvent, "イベントの名前"),
            "イベント取消": (kinds.LeaveEvent, "イベントの名前"),
            "空き待ち": (kinds.WaitFor, "予約かイベントの名前"),
        }
        if name in named:
            made, what = named[name]
            return made(self._sure(name, what))
        return readers[name]()

    # ---- arguments of each act ----

    def _send(self) -> Act:
        only = self.tokens[0] if len(self.tokens) == 1 else None
        if only is not None and isinstance(only.object, Name) and only.object.quoted and only.object.text.strip():
            return kinds.SendText(only.object.text)
        if only is not None and only.kind == "option" and normalise.fold(only.key) in spellings.TEMPLATE_KEYS:
            objects = self._values(only)
            if len(objects) == 1:
                return kinds.SendTemplate(objects[0])
        raise _Wrong("の「送る」の後には「本文」か テンプレ:名前 を書いてください")

    def _values(self, option: Token) -> list[Object]:
        """The objects of an option's value, one that stood in quotes as it is."""
        if self.line.text[option.end - 1] in words.OPENERS.values():
            return [Name(option.value, True)]
        return words.names_in(option.value)

    def _tags(self, name: str) -> tuple[Object, ...]:
        objects = [token.object for token in self.tokens if token.object is not None]
        if not objects or len(words.grouped(self.tokens)) != 1:
            raise _Wrong(f"の「{name}」の後にはタグの名前を書いてください（いくつかあれば , で区切ります）")
        return tuple(dict.fromkeys(objects))

    def _start(self) -> Act:
        objects = [token.object for token in self.tokens if token.object is not None]
        if len(objects) != len(self.tokens) or len(objects) not in (1, 2):
            raise _Wrong("の「シナリオ開始」の後にはシナリオの名前を1つ書いてください")
        if len(objects) == 1:
            return kinds.ScenarioStart(objects[0])
        step = numbers.nth(self._text(self.tokens[1]).removesuffix("から"))
        if not step:
            raise _Wrong("の何通目からかが読めません（例: シナリオ開始 ようこそ 3通目から）")
        return kinds.ScenarioStart(objects[0], step)

    def _one(self, name: str, nobody: Sequence[str], what: str) -> Object | None:
        """The one object behind an act, None where a word says all or none."""
        if len(self.tokens) != 1 or self.tokens[0].object is None:
            raise _Wrong(f"の「{name}」の後には{what}を書いてください")
        return None if self._word(self.tokens[0]) in nobody else self.tokens[0].object

    def _sure(self, name: str, what: str) -> Object:
        if len(self.tokens) != 1 or self.tokens[0].object is None:
            raise _Wrong(f"の「{name}」の後には{what}を1つ書いてください")
        return self.tokens[0].object

    def _alone(self, name: str, act: Act) -> Act:
        if self.tokens:
            raise _Wrong(f"の「{name}」の後には何も書きません")
        return act

    def _field(self) -> Act:
        begin, end = self._span()
        found = FIELD.match(self.line.text, begin, end) if self.tokens else None
        if found is None:
            raise _Wrong("の項目の書き方が読めません", ("項目 来店回数 +1", "項目 誕生日=5/3"))
        sign: Any = found["sign"]
        value = self._unquoted(found.start("value"), end)
        value = value if sign == "=" else normalise.lookup(value).text
        if sign != "=" and not re.fullmatch(r"[0-9]{1,9}", value):
            raise _Wrong("の + と - の後には数字を書いてください", ("項目 来店回数 +1",))
        return kinds.SetField(self._object(found.start("name"), found.end("name")), sign, value)

    def _remind(self) -> Act:
        if len(self.tokens) < 2 or self.tokens[0].object is None:
            raise _Wrong(
                "のリマインドには名前と日時を書いてください",
                ("リマインド 説明会 {説明会日時}", "リマインド 説明会 12/24 18:00"),
            )
        reminder = self.tokens[0].object
        start, end = self.tokens[1].start, self.tokens[-1].end
        own = OWN_DATE.match(self.line.text, start, end)
        if own is not None:
            return kinds.Remind(reminder, kinds.OwnDate(self.line.lookup.carve(own.start("name"), own.end("name"))))
        found = schedules.whole(self.line.text[start:end])
        if isinstance(found, schedules.Problem):
            raise _Wrong(found.what, [f"リマインド {words.show(reminder)} {offer.text}" for offer in found.offers])
        if found != schedules.Schedule(found.when) or not isinstance(found.when, schedules.At | schedules.After):
            raise _Wrong("のリマインドの日時は、1回分を書いてください", ("リマインド 説明会 12/24 18:00",))
        return kinds.Remind(reminder, found.when)

    def _assign(self) -> Act:
        given = self._sure("担当", "スタッフか「自動」「なし」")
        to: Any = spellings.ASSIGNED.get(self._word(self.tokens[0]))
        return kinds.Assign(to or given)

    def _notify(self) -> Act:
        examples = ("通知 担当 「{名前}さんが回答しました」", "通知 グループ 「新しい予約です」")
        text = self.tokens[-1].object if self.tokens else None
        if not isinstance(text, Name) or not text.quoted or not text.text.strip():
            raise _Wrong("の通知の最後に「本文」を書いてください", examples)
        people = self.tokens[:-1]
        to: Any = spellings.AUDIENCES.get(self._word(people[0])) if people else None
        rest = people[1:] if to else people
        wanted = (0, 1) if to == "group" else (0,) if to else (1,)
        if len(rest) not in wanted or any(token.object is None for token in rest):
            raise _Wrong("の通知の宛先が読めません", examples)
        return kinds.Notify(to or "staff", text.text, rest[0].object if rest else None)

    def _score(self) -> Act:
        found = SCORE.match(self._all())
        points = numbers.number(found["points"]) if found else None
        if found is None or points is None:
            raise _Wrong("のスコアの書き方が読めません", ("スコア +5", "スコア:購入意欲 -10", "スコア =0"))
        begin, _ = self._span()
        named = found["name"] is not None
        score = self._object(begin + found.start("name"), begin + found.end("name")) if named else None
        sign: Any = found["sign"]
        return kinds.Score(sign, points, score)

    def _convert(self) -> Act:
        if not self.tokens or self.tokens[0].object is None:
            raise _Wrong("の「計測」の後には計測の名前を書いてください", ("計測 購入 4400",))
        if len(self.tokens) == 1:
            return kinds.Convert(self.tokens[0].object)
        start, end = self.tokens[1].start, self.tokens[-1].end
        amount = AMOUNT.match(self.line.text[start:end])
        if amount is None:
            raise _Wrong("の金額が読めません", ("計測 購入 4400", "計測 来店 {料金}"))
        own = self.line.lookup.carve(start + amount.start("own"), start + amount.end("own")) if amount["own"] else ""
        digits = amount["digits"].replace(",", "") if amount["digits"] else numbers.number(amount["words"] or "")
        return kinds.Convert(self.tokens[0].object, own or str(int(digits or 0)))

    def _action(self) -> Act:
        only = self.tokens[0] if len(self.tokens) == 1 else None
        if only is not None and only.kind == "option" and len(objects := self._values(only)) == 1:
            return kinds.RunAction(objects[0])
        return kinds.RunAction(self._sure("アクション", "アクションの名前"))

    # ---- words ----

    def _text(self, token: Token) -> str:
        return self.line.lookup.folded[token.start : token.end]

    def _word(self, token: Token) -> str:
        """The folded word, nothing where it stood in quotes."""
        return "" if self._quoted(token) else self._text(token)

    def _quoted(self, token: Token) -> bool:
        return isinstance(token.object, Name) and token.object.quoted

    def _span(self) -> tuple[int, int]:
        return (self.tokens[0].start, self.tokens[-1].end) if self.tokens else (0, 0)

    def _all(self) -> str:
        begin, end = self._span()
        return self.line.text[begin:end]

    def _object(self, start: int, end: int) -> Object:
        return words.names_in(self.line.lookup.carve(start, end))[0]

    def _unquoted(self, start: int, end: int) -> str:
        """The raw text, without quotes that hold all of it."""
        text = self.line.text
        if start < end and text[start] in words.OPENERS and words.closing(text, start, end) == end - 1:
            return words.inside(self.line, start, end - 1)
        return self.line.lookup.carve(start, end).strip()


def _time(text: str) -> Timing | kinds.Spread | None:
    """すぐ, 15分後, 3日後 12:00, 15〜20分後, 次の 18:46, after 15m."""
    spread = spellings.SPREAD.fullmatch(text)
    if spread:
        least, most = numbers.number(spread[1]), numbers.number(spread[2])
        if least is None or most is None or not least < most <= LIMITS["minute"]:
            raise _Wrong("の「〜分後」の幅が読めません", ("送る 「本文」 15〜20分後",))
        return kinds.Spread(least, most)
    english = spellings.AFTER_ENGLISH.fullmatch(text)
    if english:
        text = f"+{english[1]}{english[2][0]}"
    elif not spellings.TIMED.match(text):
        return None
    found = timings.read(text)
    if isinstance(found, str) or text[found[1] :].strip():
        if isinstance(found, str) and found != timings.UNREADABLE:
            raise _Wrong(found)
        return None
    return found[0] if found[0].kind != "weekday" else None
