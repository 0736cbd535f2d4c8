"""■フォーム: what is asked, on which page, and what is said when it has been sent."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from admin_commands.grammar import blocks, normalise
from admin_commands.grammar.blocks import Block, Part
from admin_commands.grammar.building.builder import Builder, Setter
from admin_commands.grammar.contents import attaching, labels
from admin_commands.grammar.definitions import Definition, Form, FormOption, FormPage, FormQuestion, FormResult
from admin_commands.grammar.forms import bounds, head, titles
from admin_commands.grammar.words import Line
from jobs.forms.kinds import KINDS
from storage import names

POINTS = re.compile(r"(?:(?P<least>-?\d{1,6})点?)?(?P<to>~)?(?:(?P<most>-?\d{1,6})点)?(?P<side>以上|以下|まで)?")
BELOW: Mapping[str, Sequence[str]] = {
    "example": ("例", "入力例", "example"),
    "default": ("初期値", "default"),
    "right": ("正解", "答え", "right"),
    "explanation": ("解説", "explanation"),
    "picture": ("画像", "picture"),
    "value": ("値", "value"),
    "ends": ("両端", "ends"),
}
# What parts the two words of 両端: the first of these that there is.
BETWEEN = ("[〜~～]", "[、,，､]", "[/／]", "[→⇒]", r"\s[-‐‑–—―−－ー]\s", "[・･]", "[-‐‑–—―−－]")
MOST_QUESTIONS, MOST_OPTIONS = 100, 50


class FormBuilder(Builder):
    hook = "回答後"
    first = "▼お名前 [短文] 必須"

    def __init__(self, block: Block) -> None:
        super().__init__(block)
        self.said = head.Head(self.fault)
        self.going = ""  # the head key whose text the lines below go on

    @property
    def setters(self) -> Mapping[str, Setter]:
        return {**super().setters, **self.said.setters}

    def read_head(self) -> None:
        """As of every block; a text goes on over lines without a key of its own, empty ones between them too."""
        self.tell_missing_part()
        seen: set[str] = set()
        texts: dict[str, Line] = {}
        for line in self.block.head:
            if self.takes_hook(line):
                self.going = ""
                continue
            key, value = self._entry(line)
            if key is not None and value is not None:
                if key in seen:
                    self.fault(line, "は2回書かれています")
                seen.add(key)
                self.going = key if key in head.TEXTS else ""
                texts |= {key: line} if self.going else {}
                self._set(key, line, value)
            elif self.going and blocks.sort(line) == "body":
                self.said.put(self.going, f"{self.said.text(self.going)}\n{blocks.literal(line)}")
            elif line.text:
                self._unknown(line)
        for key, line in texts.items():
            self.said.put(key, self.said.text(key).strip("\n"))
            if not self.said.text(key):
                self.fault(line, "に内容が書かれていません")

    def is_title(self, line: Line) -> bool:
        title, _ = titles.read(line, 0) if self._entry(line)[0] is None else (None, [])
        return title is not None and bool(title.label)

    def text_of(self, _line: Line) -> str | None:
        """Lines without a sign go on with the text above them, or are told by `_unknown`."""
        return None

    def _unknown(self, line: Line) -> None:
        if self.block.parts or super().text_of(line) is None:
            super()._unknown(line)
        elif not self.lacks_part:
            self._unasked([one for one in self.block.head if one.number >= line.number and one.text])
            self.lacks_part = True

    def _unasked(self, lines: Sequence[Line]) -> None:
        """Questions without ▼ and kind; only of a single one the whole is mended, for others might be its help text."""
        chosen = any(map(labels.is_bullet, lines))
        meant = [
            f"▼{line.raw.strip()} [{'単一' if chosen else '短文'}]"
            for line in lines
            if not labels.is_bullet(line) and super(FormBuilder, self).text_of(line) is not None
        ]
        what = "は、質問なら先頭に ▼ を、後ろに [短文] のような種類を付けてください"
        self.fault(lines[0], what, meant[:3], meant[0] if len(meant) == 1 else None)

    def _set(self, key: str, line: Line, value: Line) -> None:
        if value.text or key not in head.TEXTS:
            super()._set(key, line, value)

    def definition(self) -> Definition:
        name = self.named("来店アンケート")
        target = self.segment("target")
        self.need_parts()
        parts = tuple(found for part in self.block.parts if (found := self.part(part)) is not None)
        self._once_each(parts)
        if self.block.parts and not self.faults and not any(_asks(one) for one in parts):
            self.fault(self.block.line, "に質問がありません", titles.EXAMPLES[:2])
        acts = tuple(action for run in self.hooked for action in run.actions)
        return Form(
            name,
            parts,
            **self.said.said,
            thanks=self.said.thanks,
            target=target,
            actions=acts,
            version=self.version,
            state=self.state,
            line=self.block.line.number,
            source=self.block.source,
        )

    def _once_each(self, parts: Sequence[object]) -> None:
        """Questions are called by their labels, so that there is one of each."""
        seen: set[str] = set()
        lines = {part.title.number: part.title for part in self.block.parts}
        for one in parts:
            if not isinstance(one, FormQuestion) or not KINDS[one.kind].asked:
                continue
            if names.name_key(one.label) in seen:
                self.fault(lines[one.line], f"の質問「{one.label}」は2回書かれています")
            seen.add(names.name_key(one.label))
        if len(seen) > MOST_QUESTIONS:
            self.fault(self.block.line, f"の質問が多すぎます（{MOST_QUESTIONS}問まで）")

    def part(self, part: Part) -> FormQuestion | FormPage | FormResult | None:
        line = part.title
        title, faults = titles.read(line, part.start)
        self.faults += faults
        if title is None:
            self._lines(part, None)
            return None
        match title.kind:
            case "page":
                self._nothing_below(part)
                return FormPage(title.label, title.when, line.number)
            case "result":
                return self._result(part, title)
        return self._question(part, title)

    def _nothing_below(self, part: Part) -> None:
        for line in part.lines:
            if line.text and not self.takes_hook(line):
                self.fault(line, "は、▼… [ページ] の下ではなく、質問の下に書いてください")
                return

    def _result(self, part: Part, title: titles.Title) -> FormResult | None:
        found = POINTS.fullmatch(title.said.replace(" ", ""))
        least = most = None
        if found is None or (title.said and not (found["least"] or found["most"])):
            self.fault(part.title, f"の「{title.said}」が読めません", ("▼よくできました [結果] 80点以上",))
        elif title.said:
            first, last = (int(found[one]) if found[one] else None for one in ("least", "most"))
            if found["to"]:
                least, most = first, last
            else:
                only = first if first is not None else last
                least, most = (None, only) if found["side"] in ("以下", "まで") else (only, None)
        pieces = self.content(part)
        return FormResult(title.label, pieces, least, most, title.when, part.title.number)

    def _question(self, part: Part, title: titles.Title) -> FormQuestion | None:
        line, kind = part.title, KINDS[title.kind]
        said = bounds.read(title.said, kind)
        if said.unknown:
            self.fault(line, f"の「{said.unknown}」が分かりません", ("必須", "任意", "500字まで", "非表示"))
        if not title.label and kind.key != "picture":
            self.fault(line, "に質問の文がありません", titles.EXAMPLES[:1])
        made = FormQuestion(
            title.label,
            kind.key,
            required=said.required,
            least=said.least,
            most=title.top if kind.counts == "top" else said.most,
            to=title.to,
            actions=title.actions,
            when=title.when,
            points=said.points,
            hidden=said.hidden,
            line=line.number,
        )
        self._fits(line, made)
        made = self._lines(part, made) or made
        if kind.options and not made.options:
            self.fault(line, "の下に選択肢がありません", ("・はい", "・いいえ"))
        return made

    def _fits(self, line: Line, made: FormQuestion) -> None:
        kind = KINDS[made.kind]
        if made.to is not None and not kind.saved:
            self.fault(line, f"の答え（{kind.word}）は、項目に入れられません")
        numbers = [one for one in (made.least, made.most) if isinstance(one, int | float)]
        low, high = kind.limits
        if kind.counts and kind.limits != (0, 0) and any(not low <= one <= high for one in numbers):
            self.fault(line, f"の範囲は {low:,}〜{high:,} で書いてください")
        elif len(numbers) == 2 and numbers[0] > numbers[1]:
            self.fault(line, "の範囲は、小さい方を先に書いてください")

    def _lines(self, part: Part, made: FormQuestion | None) -> FormQuestion | None:
        """The lines below a question; the rest of them is its help text."""
        options: dict[str, FormOption] = {}
        help: list[str] = []
        for line in part.lines:
            if self.takes_hook(line) or made is None:
                continue
            kind = KINDS[made.kind]
            if labels.is_bullet(line) and kind.asked:
                self._option(line, made, options)
            elif blocks.sort(line) == "directive":
                self.fault(line, "は、フォームの質問の下では使えません（＋回答後 は使えます）")
            elif (key := self._below(line)) is not None and not getattr(made, key[0]):
                made = self._with(line, made, *key)
            else:
                help.append(blocks.literal(line))
        if made is None:
            return None
        if len(options) > MOST_OPTIONS:
            self.fault(part.title, f"の選択肢が多すぎます（{MOST_OPTIONS}個まで）")
        return replace(made, options=tuple(options.values()), help="\n".join(help).strip("\n"))

    def _option(self, line: Line, made: FormQuestion, options: dict[str, FormOption]) -> None:
        if not KINDS[made.kind].options:
            corrected = f"▼{made.label} [単一]"
            self.fault(line, f"の選択肢は、[{KINDS[made.kind].word}] では使えません", (corrected,))
            return
        found, faults = titles.option(line)
        self.faults += faults
        if names.name_key(found.label) in options:
            self.fault(line, f"の選択肢「{found.label}」は2回書かれています")
        elif not faults:
            options[names.name_key(found.label)] = found

    def _below(self, line: Line) -> tuple[str, Line] | None:
        found = blocks.key_of(line)
        key = normalise.key_of(BELOW, found[0]) if found is not None else None
        return (key, found[1]) if key is not None and found is not None and found[1].text else None

    def _with(self, line: Line, made: FormQuestion, key: str, value: Line) -> FormQuestion:
        text = value.raw.strip()
        match key:
            case "picture":
                media = attaching.media_named(value, 0)
                if media is None:
                    self.fault(line, "には、登録した画像の名前を書いてください", ("画像: 外観",))
                return replace(made, picture=media)
            case "ends":
                parted = next((sign for sign in BETWEEN if re.search(sign, text)), BETWEEN[0])
                both = tuple(one.strip() for one in re.split(parted, text))
                if len(both) != 2 or not all(both):
                    self.fault(line, "は「低い〜高い」の形で書いてください", ("両端: 低い〜高い",))
                    return made
                return replace(made, ends=both)
            case "example":
                return replace(made, example=text)
            case "default":
                return replace(made, default=text)
            case "right":
                return replace(made, right=text)
            case "value":
                return replace(made, value=text)
        return replace(made, explanation=text)


def _asks(one: object) -> bool:
    return isinstance(one, FormQuestion) and KINDS[one.kind].asked
