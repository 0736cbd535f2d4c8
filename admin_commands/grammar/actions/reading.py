"""An action list read: cut at its arrows, each action with its condition, its time and what stands behind its word."""

from collections.abc import Sequence

from admin_commands.grammar import nearness, normalise, numbers, segments, timings, words
from admin_commands.grammar.actions import arguments, vocabulary
from admin_commands.grammar.actions.arguments import Given, Wrong
from admin_commands.grammar.actions.tree import Action, Spread, Value
from admin_commands.grammar.faults import Fault, short
from admin_commands.grammar.segments import Segment
from admin_commands.grammar.words import Line, Token
from jobs.actions.arguments import Moment
from jobs.actions.kind import Kind
from jobs.timing import IMMEDIATE, LIMITS, Timing

EXAMPLES = ("タグ付ける VIP", "シナリオ開始 ようこそ", "送る 「本文」")
IF_EXAMPLES = ("もし タグ:VIP なら 送る 「本文」",)


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


class _Reader(Given):
    """Reads the tokens between two arrows."""

    def __init__(self, line: Line, whole: Sequence[Token]) -> None:
        super().__init__(line, whole)
        self.whole = whole

    def read(self) -> Action | Fault:
        try:
            return self._read()
        except Wrong as wrong:
            raw = self.line.lookup.carve(self.whole[0].start, self.whole[-1].end)
            return Fault(self.line.number, raw, wrong.what, wrong.examples or EXAMPLES, wrong.corrected)

    def _read(self) -> Action:
        if self.tokens[-1].kind == "unclosed":
            raise Wrong("の「 が閉じていません")
        when = self._condition()
        once = len(self.tokens) > 1 and self.word(self.tokens[-1]) in vocabulary.ONCE
        self.tokens = self.tokens[:-1] if once else self.tokens
        kinds, used = self._named()
        self.tokens = self.tokens[used:]
        timing = None if self._moment(kinds[0]) else self._timing()
        kind, given = self._given(kinds)
        return Action(kind.do, given, when, timing, once)

    # ---- condition and time ----

    def _condition(self) -> Segment | None:
        """`もし … なら`, taken off the front."""
        first = self.tokens[0]
        if first.kind not in ("object", "option") or self.quoted(first) or not self.text(first).startswith("もし"):
            return None
        place = self._then()
        start = first.start + len("もし")
        end = self.tokens[place].end - len("なら")
        condition = self.line.lookup.carve(start, end).strip()
        if not condition or place + 1 == len(self.tokens):
            raise Wrong("の「もし」は「もし 条件 なら 動作」の形で書いてください", IF_EXAMPLES)
        found, faults = segments.read(words.line_of(condition, self.line.number))
        if faults:
            raise Wrong(faults[0].what, faults[0].examples)
        self.tokens = self.tokens[place + 1 :]
        return found

    def _then(self) -> int:
        """The place of なら, alone or at the end of the condition's last word."""
        said = [self.text(token) if not self.quoted(token) else "" for token in self.tokens]
        glued = (i for i, one in enumerate(said) if i and len(one) > 2 and one.endswith("なら"))
        place = said.index("なら") if "なら" in said else next(glued, None)
        if place is None and len(said[0]) > len("もしなら") and said[0].endswith("なら"):
            place = 0
        if place is None:
            raise Wrong("の「もし」の後に「なら」がありません", IF_EXAMPLES)
        return place

    def _moment(self, kind: Kind) -> bool:
        """Whether the time at the end is what the action is about; behind a {date} it is a time again."""
        about = any(isinstance(argument, Moment) for argument in kind.arguments)
        return about and not any(self.text(token).startswith("{") for token in self.tokens)

    def _timing(self) -> Timing | Spread | None:
        """The time behind an action, taken off the end."""
        for count in (2, 1):
            last = self.tokens[-count:]
            if len(last) < count or any(token.kind != "object" or self.quoted(token) for token in last):
                continue
            text = self.line.lookup.folded[last[0].start : last[-1].end]
            found = _time(text)
            if found is not None:
                self.tokens = self.tokens[:-count]
                return found if found != IMMEDIATE else None
        return None

    # ---- which action ----

    def _named(self) -> tuple[Sequence[Kind], int]:
        """The kinds that the first words name, the longest spelling first, and how many words that took."""
        first = self.tokens[0]
        for word, pattern in vocabulary.GLUED.items():
            if pattern.match(self.all()):
                return vocabulary.BY_WORD[word], 0
        if first.kind == "option" and normalise.fold(first.key) in vocabulary.KEYS:
            return [vocabulary.KEYS[normalise.fold(first.key)]], 0
        for count in range(min(vocabulary.MOST_WORDS, len(self.tokens)), 0, -1):
            if any(token.kind != "object" or self.quoted(token) for token in self.tokens[:count]):
                continue
            joined = "".join(self.text(token) for token in self.tokens[:count])
            for spelled in (joined, joined.replace("を", "", 1)):
                if spelled in vocabulary.ACTS:
                    return vocabulary.BY_WORD[vocabulary.ACTS[spelled]], count
        raise self._unknown()

    def _unknown(self) -> Wrong:
        first, line = self.tokens[0], self.line
        near = nearness.nearest(self.text(first), vocabulary.ACTS.items(), most=1) if first.kind == "object" else []
        corrected = None
        kind = vocabulary.KEYS.get(self.text(first)) if first.kind == "object" and not self.quoted(first) else None
        if kind is not None and len(self.tokens) == 2 and self.tokens[1].object is not None:
            begin, end = line.lookup.starts[first.start], line.lookup.ends[self.tokens[1].end - 1]
            key = line.lookup.carve(first.start, first.end)
            corrected = f"{line.lookup.raw[:begin]}{kind.word} {key}:{words.show(self.tokens[1].object)}"
            corrected += line.lookup.raw[end:]
        elif near:
            corrected = line.lookup.raw[: line.lookup.starts[first.start]] + near[0]
            corrected += line.lookup.raw[line.lookup.ends[first.end - 1] :]
        word = short(line.lookup.carve(first.start, first.end))
        return Wrong(f"の動作「{word}」が分かりません", corrected=corrected)

    def _given(self, kinds: Sequence[Kind]) -> tuple[Kind, tuple[Value, ...]]:
        """Of kinds that share a word, the first whose arguments these are."""
        for kind in kinds[:-1]:
            try:
                return kind, arguments.read(kind, Given(self.line, self.tokens))
            except Wrong:
                continue
        return kinds[-1], arguments.read(kinds[-1], self)


def _time(text: str) -> Timing | Spread | None:
    """すぐ, 15分後, 3日後 12:00, 15〜20分後, 次の 18:46, after 15m."""
    spread = vocabulary.SPREAD.fullmatch(text)
    if spread:
        least, most = numbers.number(spread[1]), numbers.number(spread[2])
        if least is None or most is None or not least < most <= LIMITS["minute"]:
            raise Wrong("の「〜分後」が読めません。短い方を先に書いてください", ("送る 「本文」 15〜20分後",))
        return Spread(least, most)
    english = vocabulary.AFTER_ENGLISH.fullmatch(text)
    if english:
        text = f"+{english[1]}{english[2][0]}"
    elif not vocabulary.TIMED.match(text):
        return None
    found = timings.read(text)
    if isinstance(found, str) or text[found[1] :].strip():
        if isinstance(found, str) and found != timings.UNREADABLE:
            raise Wrong(found)
        return None
    return found[0] if found[0].kind != "weekday" else None
