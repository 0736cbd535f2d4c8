"""A wizard in talk with one person: it asks, takes answers, goes back, rests, and is taken up again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from admin_commands import cards, desk
from admin_commands.grammar import emojis, normalise
from admin_commands.grammar.readings import SessionWord
from admin_commands.wizards import answers, drafts
from admin_commands.wizards.drafts import Draft
from admin_commands.wizards.questions import Choice, Question, Wizard
from jobs import heard
from storage import errors

AWAKE = timedelta(minutes=15)  # after this, words of one's own may be conversation
MOST_TEXT = 20_000  # characters of a block
SHOWN = 480  # UTF-16 units of the block that a bubble tells
WAYS = ("skip", "back", "block", "stop")
PICKED = "pick"
LABELS = {
    "skip": "とばす",
    "back": "戻る",
    "block": "ブロックで続ける",
    "stop": "やめる",
    "go": "続ける",
    "drop": "消す",
}


@dataclass(frozen=True, slots=True)
class Finished:
    """Everything is answered: this is what has been put together, to be read as if its person had sent it."""

    text: str


Told = cards.Say | Finished


@dataclass(slots=True)
class Talk:
    """The wizards of whoever is at the desk."""

    at: desk.Desk
    wizards: Mapping[str, Wizard]  # by noun
    kept: drafts.Kept = field(default_factory=drafts.Kept)
    begun: bool = False  # a wizard has been begun by this very message
    foreign: list[Draft] = field(default_factory=list)  # of wizards that only another version of the house knows

    async def look(self) -> None:
        """Read what this person has under way here."""
        person = self.at.actor.user_id
        if person is None or self.at.actor.staff_id is None:
            return
        self.kept = await drafts.of(self.at.chat, person, self.at.now)
        self.foreign = [one for one in self.kept.drafts if one.noun not in self.wizards]
        self.kept.drafts = [one for one in self.kept.drafts if one.noun in self.wizards]

    @property
    def waiting(self) -> bool:
        return bool(self.kept.drafts)

    @property
    def awake(self) -> Draft | None:
        """The wizard whose question is open just now."""
        draft = self._latest()
        return draft if draft is not None and not draft.resting else None

    def _latest(self) -> Draft | None:
        """What this person was at in the last quarter of an hour."""
        first = self.kept.drafts[0] if self.kept.drafts else None
        return first if first is not None and self.at.now - first.at <= AWAKE else None

    # ---- begin, rest, go on ----

    async def begin(self, wizard: Wizard) -> cards.Say:
        """The first question; what was under way is parked, unless nothing has been answered yet."""
        self.kept.drafts = [one for one in self.kept.drafts if one.answers]
        if len(self.kept.drafts) >= drafts.MOST:
            raise desk.Declined(
                f"途中のものが{drafts.MOST}件あります。「続ける」でどれかを終えるか、消してからお願いします。",
                cards.Tap("続ける", "続ける"),
            )
        note = ""
        if self.kept.drafts:
            note = f"途中だった「{self._title(self.kept.drafts[0])}」は取っておきました（あとで「続ける」）。"
        draft = drafts.new(wizard, self.at.now)
        self.kept.drafts.insert(0, draft)
        self.begun = True
        return await self._ask(draft, note)

    async def rests(self) -> str:
        """A command has come between: the question waits; the line that says so."""
        draft = self.kept.drafts[0]
        draft.resting = True
        await self._keep(draft)
        return f"⏸ {self._who} {self._title(draft)}は待っています（続きは「続ける」）。"

    async def asks_no_more(self) -> None:
        """A command has come between: a number is no answer to which wizard to go on with."""
        if self.kept.asking:
            await self._keep()

    async def done(self, text: str) -> None:
        """What was put together has been carried out, and needs to be kept no longer."""
        left = [one for one in self.kept.drafts if one.text(self.wizards[one.noun]) != text]
        if len(left) < len(self.kept.drafts):
            self.kept.drafts = left
            await self._keep()

    async def refused(self, message: str) -> cards.Say:
        """The house has turned down what was put together: the last answer is asked for once more."""
        draft = self.kept.drafts[0]
        draft.answers.pop()
        draft.step += 1
        return await self._ask(draft, f"❌ {message}")

    async def _go_on(self) -> Told:
        if len(self.kept.drafts) > 1:
            return await self._which()
        return await self._next(self.kept.drafts[0])

    async def _which(self) -> cards.Say:
        self.kept.asking = True
        self.kept.drafts[0].at = self.at.now
        self.kept.drafts[0].resting = True
        await self._keep(asking=True)
        told = [f"{self._who} どれを続けますか？"]
        told += [f"{place}. {self._line(one)}" for place, one in enumerate(self.kept.drafts, 1)]
        taps = [
            cards.Tap(f"{place}. {self._title(one)}", token=self._press(one, "go"))
            for place, one in enumerate(self.kept.drafts, 1)
        ]
        return cards.Say("\n".join(told), tuple(taps))

    async def _leave(self, draft: Draft) -> cards.Say:
        """Nothing is thrown away by stopping; nothing is left of what has not begun."""
        if not draft.answers:
            return await self._drop(draft)
        draft.resting = True
        await self._keep(draft)
        until = self.at.day(draft.at + drafts.KEPT)
        return cards.Say(
            f"{self._who} ここまでの内容を取っておきます（{until}まで）。続きは「続ける」と送ってください。",
            tuple(cards.Tap(LABELS[way], token=self._press(draft, way)) for way in ("go", "block", "drop")),
        )

    async def _drop(self, draft: Draft) -> cards.Say:
        self.kept.drafts.remove(draft)
        await self._keep()
        what = "途中の内容を消しました" if draft.answers else "やめました"
        return cards.Say(f"{self._who} {what}。何も変わっていません。")

    async def _print(self, draft: Draft) -> cards.Say:
        """The block so far, alone in its bubble, to be copied."""
        draft.resting = True
        await self._keep(draft)
        how = "次の内容を写して直し、送ってください。質問に戻るには「続ける」です。"
        text = draft.text(self._wizard(draft))
        if not text:
            return cards.Say(f"{self._who} まだ何も入っていません。続きは「続ける」です。")
        return cards.Say(text, before=(cards.text(f"{self._who} {how}"),), whole=True)

    # ---- answers ----

    async def word(self, said: SessionWord, text: str) -> Told | None:
        """What a short word means here; None when it is for something else, or for nobody."""
        draft = self.awake
        if said.word == "continue" and self.kept.drafts:
            return await self._go_on()
        if draft is None:
            return await self._word_at_rest(said)
        if said.word == "number" and not said.rest and len(said.numbers) == 1 and draft.shown:
            return await self._choose(draft, said.numbers[0])
        text = text.lstrip("/／ ")
        way = {"no": "stop", "back": "back", "block": "block"}.get(said.word)
        return await self._way(draft, way) if way and not answers.passes(text) else await self.answer(text)

    async def _word_at_rest(self, said: SessionWord) -> Told | None:
        latest = self._latest()
        if latest is None or said.word != "number" or not self.kept.asking:
            return None
        number = said.numbers[0]
        if said.rest or not 1 <= number <= len(self.kept.drafts):
            return cards.Say(f"{self._who} 番号は 1〜{len(self.kept.drafts)} です。")
        return await self._next(self.kept.drafts[number - 1])

    async def stopped(self) -> Told | None:
        """やめる, when nothing else is open that it could mean."""
        latest = self._latest()
        return await self._leave(latest) if latest is not None else None

    async def answer(self, text: str) -> Told:
        """Words of one's own, read by the grammar as a part of the block."""
        draft = self.kept.drafts[0]
        question = draft.question(self._wizard(draft))
        if question is None:
            return await self._next(draft)
        chosen = next((one for one in draft.shown if answers.level(one.label) == answers.level(text)), None)
        if chosen is None and not question.written:
            chosen = _half_said(draft.shown, text)
        if chosen is not None:
            return await self._take(draft, question, chosen.adds, chosen.then)
        if not question.written:
            return await self._again(draft, "番号かボタンでお答えください。")
        if text.strip() in ("取消", "キャンセル"):
            return await self._again(draft, "やめるときは「やめる」、1つ前に戻るときは「戻る」と送ってください。")
        if answers.passes(text) and not (question.lists and answers.says_nothing(text)):
            return await self._skip(draft, question, text)
        return await self._written(draft, question, text)

    async def _written(self, draft: Draft, question: Question, text: str) -> Told:
        said = self.at.heard.what
        if not text.strip():
            return await self._again(draft, "内容がありません。")
        if isinstance(said, heard.Said) and said.emojis:
            if not question.verbatim:
                return await self._again(draft, "LINEの絵文字は、お客様に届く本文でだけ使えます。")
            text = emojis.spelled(said).text[len(said.text) - len(text) :]  # without the slash, which stands before all
        if not question.verbatim and len(normalise.lines_of(text.strip())) > 1:
            return await self._again(draft, "1行で送ってください。")
        adds = answers.lines(question, answers.meant(text))
        try:
            if question.check is not None:
                await question.check(self.at, adds.removeprefix(question.sign))
        except errors.Refused as refused:
            return await self._again(draft, refused.message)
        if question.whole_to and not (await self._wrong(draft, question, adds))[0]:
            return await self._take(draft, question, adds, question.whole_to)
        wrong, mended = await self._wrong(draft, question, adds + question.missing)
        return await self._again(draft, wrong, mended) if wrong else await self._take(draft, question, adds)

    async def _wrong(self, draft: Draft, question: Question, adds: str) -> tuple[str, Choice | None]:
        """What the house says to the block with this at its end, and the answer that would do; "" when this does."""
        whole = draft.text(self._wizard(draft), drafts.Answer(question.key, adds))
        if len(whole) > MOST_TEXT:
            return "長すぎて、これ以上は足せません。短くするか、「ブロックで続ける」で分けてください。", None
        found = await answers.faults_of(self.at, whole)
        return (answers.sentence(found[0], question.sign), answers.mended(found[0], question)) if found else ("", None)

    async def _choose(self, draft: Draft, number: int) -> Told:
        question = draft.question(self._wizard(draft))
        if question is None or not 1 <= number <= len(draft.shown):
            return await self._again(draft, f"番号は 1〜{len(draft.shown)} です。")
        chosen = draft.shown[number - 1]
        return await self._take(draft, question, chosen.adds, chosen.then)

    async def _way(self, draft: Draft, way: str) -> Told:
        if way == "stop":
            return await self._leave(draft)
        if way == "block":
            return await self._print(draft)
        if way == "back":
            return await self._back(draft)
        question = draft.question(self._wizard(draft))
        return await self._skip(draft, question, LABELS[way]) if question is not None else await self._next(draft)

    async def _skip(self, draft: Draft, question: Question, text: str) -> Told:
        """Go on without an answer, where there may be none."""
        if question.optional:
            return await self._take(draft, question, "", question.skip_to)
        word = text.strip()
        how = f"「{word}」という言葉そのものを入れるなら、「{word}」とかぎかっこを付けて送ってください。"
        unfit, _ = await self._wrong(draft, question, answers.lines(question, word) + question.missing)
        return await self._again(draft, f"この質問は、とばせません。{'' if unfit else how}")

    async def _back(self, draft: Draft) -> Told:
        if not draft.answers:
            return await self._again(draft, "ここが最初の質問です。")
        draft.answers.pop()
        draft.step += 1
        return await self._next(draft)

    async def _take(self, draft: Draft, question: Question, adds: str, then: str = "") -> Told:
        draft.answers.append(drafts.Answer(question.key, adds, then))
        draft.step += 1
        return await self._next(draft)

    # ---- presses ----

    async def pressed(self, press: str, picked: str = "") -> Told | None:
        """A press on one of the buttons below a question; None when this person has no such wizard.

        `picked` is the day or moment that was chosen with it.
        """
        parts = dict(part.partition("=")[::2] for part in press.split("&"))
        way = parts.get("c", "")
        draft = next((one for one in self.kept.drafts if one.token == token_of(press)), None)
        if draft is None:
            return None
        self.kept.drafts.remove(draft)
        self.kept.drafts.insert(0, draft)
        if way == "go":
            return await self._next(draft)
        if way == "drop":
            return await self._drop(draft)
        if parts.get("v") != str(draft.step):
            return await self._again(draft, "この表示は古くなりました。今の質問はこちらです。", sign="")
        if way in WAYS:
            return await self._way(draft, way)
        question = draft.question(self._wizard(draft))
        if way == PICKED and picked and question is not None and question.picks:
            return await self._written(draft, question, picked)
        return await self._choose(draft, int(way) if way.isdigit() and len(way) < 4 else 0)

    # ---- questions ----

    async def _next(self, draft: Draft) -> Told:
        """The next question, or the end."""
        if draft is not self.kept.drafts[0]:
            self.kept.drafts.remove(draft)
            self.kept.drafts.insert(0, draft)
        if draft.question(self._wizard(draft)) is not None:
            return await self._ask(draft)
        text = draft.text(self._wizard(draft))
        found = await answers.faults_of(self.at, text)
        if found:
            draft.answers.pop()
            return await self._ask(draft, f"❌ {answers.sentence(found[0], '')}")
        draft.resting = True
        await self._keep(draft)
        return Finished(text)

    async def _again(self, draft: Draft, note: str, mended: Choice | None = None, *, sign: str = "❌ ") -> Told:
        """One sentence, and the question again; where there is none left, the end again."""
        if draft.question(self._wizard(draft)) is None:
            return await self._next(draft)
        return await self._ask(draft, f"{sign}{note}", mended)

    async def _ask(self, draft: Draft, note: str = "", mended: Choice | None = None) -> cards.Say:
        wizard = self._wizard(draft)
        question = draft.question(wizard)
        if question is None:
            raise ValueError("nothing is left to be asked")
        offered = await question.offer(self.at) if question.offer is not None else ()
        first = [mended] if mended is not None else []
        draft.shown = [*first, *question.choices, *offered][: cards.MOST_TAPS - len(WAYS) - bool(question.picks)]
        draft.resting = False
        await self._keep(draft)
        place = len(draft.answers) + 1
        total = len(draft.answers) + len(wizard.questions) - wizard.place(question)
        told = [f"{self._who} {wizard.makes} {place}/{total}"]
        if draft.answers and not note.startswith("❌"):
            told[0] += " ・ ここまでの内容:"
            told += [_end_of(draft.text(wizard)), ""]
        standing = await question.standing(self.at) if question.standing is not None else ""
        told += [*filter(None, [note, standing]), question.asked(draft.answered)]
        told += [f"{number}. {choice.label}" for number, choice in enumerate(draft.shown, 1)]
        ways = [way for way in WAYS if self._leads(way, draft, question)]
        told.append(f"（{'・'.join(LABELS[way] for way in ways)}）")
        if self.at.heard.group is None and question.written:
            told.append("※この画面では、答えの頭に「/」を付けて送ってください。")
        taps = [
            cards.Tap(choice.label, token=self._press(draft, str(number)))
            for number, choice in enumerate(draft.shown, 1)
        ]
        if question.picks:
            taps.append(replace(cards.calendar("", question.picks), token=self._press(draft, PICKED)))
        taps += [cards.Tap(LABELS[way], token=self._press(draft, way)) for way in ways]
        return cards.Say("\n".join(told), tuple(taps))

    def _leads(self, way: str, draft: Draft, question: Question) -> bool:
        if way == "skip":
            return question.optional
        return way == "stop" or bool(draft.answers)

    async def _keep(self, draft: Draft | None = None, *, asking: bool = False) -> None:
        if draft is not None:
            draft.at = self.at.now
        self.kept.asking = asking
        everything = drafts.Kept([*self.kept.drafts, *self.foreign], asking)
        await drafts.keep(self.at.chat, self.at.actor.user_id or "", everything, self.at.now)

    def _press(self, draft: Draft, way: str) -> str:
        return f"{draft.token}&v={draft.step}&c={way}"

    @property
    def _who(self) -> str:
        return f"@{self.at.actor.name}"

    def _wizard(self, draft: Draft) -> Wizard:
        return self.wizards[draft.noun]

    def _title(self, draft: Draft) -> str:
        return self._wizard(draft).makes

    def _line(self, draft: Draft) -> str:
        """One of several in a list: what it is, how it begins, since when it waits."""
        first = normalise.lines_of(draft.text(self._wizard(draft)))[0]
        return f"{self._title(draft)} {cards.shortened(first, 40)}（{self.at.moment(draft.at)}の続き）"


def _half_said(shown: Sequence[Choice], text: str) -> Choice | None:
    """The one choice that the words are a part of: もう1通 of もう1通足す."""
    said = answers.level(text)
    found = [one for one in shown if len(said) > 1 and said in answers.level(one.label)]
    return found[0] if len(found) == 1 else None


def token_of(press: str) -> str:
    """The wizard's token in what a button says."""
    return press.split("&")[0]


def _end_of(block: str) -> str:
    """The last lines of a block, as many as a bubble has room for."""
    lines = normalise.lines_of(block)
    kept: list[str] = []
    for line in reversed(lines):
        shown = cards.shortened(emojis.told(line), 120)
        if sum(map(len, kept)) + len(shown) > SHOWN:
            kept.append("…")
            break
        kept.append(shown)
    return "\n".join(reversed(kept))
