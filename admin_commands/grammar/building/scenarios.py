"""■シナリオ: who comes in and who goes out, and a ▼ for each step."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from admin_commands.grammar import actions, branching, normalise, numbers, segments, timings, words
from admin_commands.grammar.blocks import Block, Part
from admin_commands.grammar.building import triggers
from admin_commands.grammar.building.builder import Builder, Setter
from admin_commands.grammar.definitions import Definition, Restart, Run, Scenario, Step, Trigger
from admin_commands.grammar.segments import Segment, moments
from admin_commands.grammar.segments.moments import Between
from admin_commands.grammar.words import Line
from jobs.hours import Opening

START_EXAMPLES = ("開始: 友だち追加", "開始: タグ:見込み が付いたら")
END_EXAMPLES = ("終了: タグ:購入済 が付いたら",)
PERIOD_EXAMPLES = ("12/1〜12/31", "2026-12-01〜", "〜2026-12-31")
MOST_PEOPLE = 10_000_000
FINISH = "終了後"
BY_HAND = ("手動", "手動のみ", "なし", "hand", "manual")
RESTARTS: Mapping[Restart, Sequence[str]] = {
    "never": ("しない", "なし", "no", "never"),
    "finished": ("終わったら", "終了後", "完了後", "終わっていれば", "finished"),
    "resume": ("続きから", "途中から", "resume"),
    "always": ("する", "always", "yes"),
}
EXCLUSIVE: Mapping[bool, Sequence[str]] = {
    True: ("1つ", "1つだけ", "1つまで", "1本", "1", "ひとつ", "一つ", "する", "yes", "one"),
    False: ("いくつでも", "しない", "なし", "制限なし", "no", "any"),
}
OTHERWISE = ("そうでなければ", "それ以外", "else")
CLOCK_LIKE = re.compile(r"\d{1,4}[:時.]|(?:午前|午後|朝|昼|夕方|夜)")


class ScenarioBuilder(Builder):
    hook = FINISH
    first = "▼すぐ"

    def __init__(self, block: Block) -> None:
        super().__init__(block)
        self.start: tuple[Trigger, ...] = ()
        self.end: tuple[Trigger, ...] = ()
        self.window: Opening | None = None
        self.restart: Restart = "never"
        self.added: Between | None = None
        self.period: Between | None = None
        self.cap: int | None = None
        self.over: Run | None = None
        self.exclusive = False

    @property
    def setters(self) -> Mapping[str, Setter]:
        return {
            **super().setters,
            "start": self._set_start,
            "end": self._set_end,
            "window": self._set_window,
            "added": self._set_added,
            "period": self._set_period,
            "cap": self._set_cap,
            "over": self._set_over,
            "exclusive": self._set_exclusive,
            "restart": self._set_restart,
        }

    def definition(self) -> Definition:
        name = self.named()
        target, ends_when = self.segment("target"), self.segment("end")
        if self.over is not None and self.cap is None:
            self.fault(self._line_at(self.over.line), "には「上限:」の行も要ります", ("上限: 100人",))
        self.need_parts()
        steps = [step for part in self.block.parts if (step := self._step(part)) is not None]
        return Scenario(
            name=name,
            steps=tuple(steps),
            start=self.start,
            target=target,
            end=self.end,
            ends_when=ends_when,
            window=self.window,
            restart=self.restart,
            added=self.added,
            period=self.period,
            cap=self.cap,
            over=self.over,
            exclusive=self.exclusive,
            finish=tuple(self.hooked),
            version=self.version,
            state=self.state,
            line=self.block.line.number,
            source=self.block.source,
        )

    def _line_at(self, number: int) -> Line:
        return next(line for line in self.block.lines if line.number == number)

    # ---- head lines ----

    def is_title(self, line: Line) -> bool:
        found = timings.read(line.text)
        return not isinstance(found, str) and (not (rest := line.text[found[1] :].strip()) or rest.startswith("もし"))

    def _set_start(self, line: Line, value: Line) -> None:
        if normalise.fold(value.text) in BY_HAND:
            return
        found = triggers.read(value)
        if found is None:
            what = "の始まり方が読めません。今使えるのは「友だち追加」と「タグ:… が付いたら」です"
            self.fault(line, what, START_EXAMPLES, triggers.of_tag("開始", value))
        else:
            self.start = found

    def _set_end(self, line: Line, value: Line) -> None:
        """Tags that end it at once, or a condition that is judged whenever a step is due."""
        found = triggers.read(value)
        mended = triggers.of_tag("終了", value) if found is None else None
        if mended or any(trigger.on == "follow" for trigger in found or ()):
            self.fault(
                line, "の終わり方が読めません。「タグ:… が付いたら」か、条件を書いてください", END_EXAMPLES, mended
            )
        elif found is None:
            self.conditions["end"] = [value]
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
        found = normalise.key_of(EXCLUSIVE, value.text)
        if found is None:
            self.fault(
                line, f"の「{value.text}」が分かりません", [f"同時: {spelled[0]}" for spelled in EXCLUSIVE.values()]
            )
        else:
            self.exclusive = found

    def _set_restart(self, line: Line, value: Line) -> None:
        found = normalise.key_of(RESTARTS, value.text)
        if found is None:
            self.fault(
                line, f"の「{value.text}」が分かりません", [f"再開始: {spelled[0]}" for spelled in RESTARTS.values()]
            )
        else:
            self.restart = found

    def keyed(self, word: str, rest: str) -> str:
        tag = triggers.of_tag(word, words.line_of(rest)) if word in ("開始", "終了") else None
        return tag or super().keyed(word, rest)

    # ---- steps ----

    def _step(self, part: Part) -> Step | None:
        text = part.title.text
        start = part.start + text.startswith(" ", part.start)
        found = timings.read(text, start)
        pieces = self.content(part)
        if isinstance(found, str):
            mended = timings.mended(text[start:])
            branch = branching.condition(text[start:])
            if branch is None:
                self.fault(part.title, found, timings.EXAMPLES, f"▼{mended}" if mended else None)
            else:
                what = "に時間がありません。時間の後に分岐を書いてください"
                asked = branch or branching.CONDITION
                self.fault(part.title, what, (f"▼1日後 10:00 もし {asked}", "▼1日後 10:00 そうでなければ"))
            return None
        rest = text[found[1] :].strip()
        when: Segment | None = None
        otherwise = rest in OTHERWISE
        if rest.startswith("もし"):
            at = part.title.text.index("もし", found[1]) + len("もし")
            condition = words.line_of(part.title.lookup.carve_from(at).strip(), part.title.number)
            when, faults = segments.read(condition)
            ahead = part.title.lookup.carve(0, at)
            self.faults += [
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
            self.fault(part.title, what, timings.EXAMPLES, f"▼{mended}" if mended else None)
        if not self.filled(part, pieces):
            return None
        return Step(found[0], pieces, part.title.number, when, otherwise)
