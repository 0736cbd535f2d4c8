"""One person's turn: what they said or pressed is read, permitted, carried out all or nothing, and answered."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from admin_commands import (
    cards,
    carrying_out,
    choices,
    confirming,
    desk,
    dialogue,
    help,
    later,
    lists,
    misread,
    objects,
    quotes,
    requests,
)
from admin_commands.command import Noun
from admin_commands.grammar import Context, emojis, lexicon, read
from admin_commands.grammar.commands import Command as Said
from admin_commands.grammar.commands import opens_text
from admin_commands.grammar.definitions import Definition, Outline
from admin_commands.grammar.readings import (
    Batch,
    Continued,
    Conversation,
    Menu,
    Paste,
    Reading,
    SessionWord,
    Unfinished,
)
from admin_commands.wizards import answers, talk
from jobs import heard
from storage import database, dialogues, errors, quotable, staff

LIKELY = 0.5  # a name this near to a known one shows that an unprefixed line was meant for us (COMMANDS 2.1)
PICKED = re.compile(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d)?")  # what a calendar says
EXPIRED = "このボタンはもう使えません。もう一度、はじめから送ってください。"
MOST_KEPT = 20_000  # characters of a block in several messages


class Turn:
    """One message or press of one person."""

    def __init__(self, at: desk.Desk, nouns: Sequence[Noun]) -> None:
        self.at = at
        self.nouns = nouns
        self.named = {noun.key: noun for noun in nouns}
        self.refused = ""  # why nothing was done
        self.soon = False  # this person gave a command here a moment ago
        self.sure = True  # the words of a command under a quote were all needed for it
        self.talk = talk.Talk(at, {noun.key: noun.wizard for noun in nouns if noun.wizard is not None})

    # ---- what is said ----

    async def said(self, what: heard.Said) -> cards.Say | None:
        at, text = self.at, what.text
        person = at.actor.user_id
        await self.talk.look()
        if person is not None and self.talk.awake is None:
            typed = await dialogue.typed(at.chat, person, text, at.now)
            if typed is not None:
                return await self._means(typed)
        reading, text = await self._read(what)
        if isinstance(reading, Conversation):
            begun = await dialogue.completed(at.chat, person, emojis.spelled(what).text, at.now)
            if begun is not None:
                return await self._answered(read(f"/{begun}", Context()), begun)
        if isinstance(reading, SessionWord):
            return await self._word(reading, text)
        asked = self.talk.awake
        if asked is not None and self._is_answer(reading):
            return await self._told(await self.talk.answer(text.lstrip("/／ ") if _prefixed(reading) else text))
        answered = await self._answered(reading, text)
        if answered is not None:
            await self.talk.asks_no_more()
        if asked is None or self.talk.begun:
            return answered
        if answered is None:
            return await self._told(await self.talk.answer(text)) if isinstance(reading, Batch) else None
        return _with_line(answered, await self.talk.rests())

    async def _read(self, what: heard.Said) -> tuple[Reading, str]:
        """What is meant, and the text it stands in: a command's text for customers has its emojis spelled."""
        context = await self._context()
        self.soon = context.recent
        reading = read(what.text, context)
        if not what.emojis or not isinstance(reading, Batch) or not any(map(opens_text, reading.commands)):
            return reading, what.text
        text = emojis.below(what).text
        return read(text, context), text

    async def _word(self, word: SessionWord, text: str) -> cards.Say | None:
        """A number, はい, 戻る … is for whatever asked last: a wizard that is awake, a card or list, one that rests."""
        at = self.at
        person = at.actor.user_id
        if at.quoted is not None and "list" in at.quoted:
            of_list = dialogue.of_list(at.quoted["list"], word)
            if of_list is not None:
                return await self._means(of_list) if self._admitted() else self._stranger()
        told = await self.talk.word(word, text)
        if told is not None:
            return await self._told(told)
        found = await dialogue.meaning(at.chat, person, word, at.now) if person is not None else None
        if found is not None:
            return await self._means(found)
        left = await self.talk.stopped() if word.word == "no" else None
        if left is None and text.lstrip().startswith(("/", "／")):
            if self.talk.waiting:
                return cards.Say("質問は休んでいます。続きは「続ける」です。", (cards.Tap("続ける", "続ける"),))
            return cards.Say("今は、番号や「はい」でお答えいただくものがありません。", (cards.Tap("ヘルプ", "ヘルプ"),))
        return await self._told(left) if left is not None else None

    def _is_answer(self, reading: Reading) -> bool:
        """Whether a text is meant for the wizard that asks; a complete command never is."""
        match reading:
            case Conversation():
                said = self.at.heard.what
                return not (isinstance(said, heard.Said) and any(not one.is_self for one in said.mentions))
            case Batch(prefixed=True):
                return self.at.heard.group is None and bool(reading.faults)
            case Batch():
                return bool(reading.faults) or not all(map(_is_complete, reading.commands))
        return False

    async def _told(self, told: talk.Told) -> cards.Say | None:
        """What a wizard says; what it has put together goes the way of everything that is sent here."""
        if isinstance(told, cards.Say):
            return told
        answered = await self._answered(answers.reread(told.text), told.text)
        return await self.talk.refused(self.refused) if self.refused else answered

    async def _context(self) -> Context:
        at = self.at
        person = at.actor.user_id
        opened = await dialogues.kinds_open(at.chat, person, at.now) if person is not None else set()
        card = await dialogues.waiting_card(at.chat, person, at.now) if person is not None else None
        mentions = at.heard.what.mentions if isinstance(at.heard.what, heard.Said) else ()
        return Context(
            private=at.heard.group is None,
            recent="command" in opened,
            waiting=not opened.isdisjoint(("list", *dialogue.AWAITED))
            or card is not None
            or self.talk.waiting
            or "list" in (at.quoted or {}),
            quoted=at.quoted is not None,
            this=quotes.noun(at.quoted),
            prefix_required=choices.prefix_required(at.config.chosen),
            mentions=mentions,
        )

    async def _means(self, means: dialogue.Means) -> cards.Say | None:
        if means.answer is not None:
            return cards.Say(means.answer)
        if means.card is not None:
            return await confirming.wrong(self.at, means.card) or await self._confirmed(means.card, means.choice)
        return await self._answered(read(f"/{means.command}", Context()), means.command or "")

    async def _answered(self, reading: Reading, text: str) -> cards.Say | None:
        match reading:
            case Menu():
                return await help.menu(self.at, self.nouns) if self._admitted() else self._stranger()
            case Batch():
                return await self._batch(reading, text)
            case Paste():
                return await self._paste(reading, text)
            case Unfinished(text=part):
                return await self._keep_block(part)
            case Continued(text=part):
                return await self._continue_block(part)
        return None

    # ---- commands ----

    async def _batch(self, batch: Batch, text: str) -> cards.Say | None:
        if self._is_for_strangers(batch):
            return await self._carry_out(batch.commands, (), text, prefixed=True)
        missing = [one for one in batch.commands if self.named.get(one.noun) is None]
        if not batch.prefixed and any(not _says_verb(one) or one.args for one in missing):
            return None  # 予約 入れる 田中様: of what is not there yet nothing can be meant
        if not self._admitted():
            meant = batch.prefixed or (not batch.faults and all(map(_is_complete, batch.commands)))
            return self._stranger() if meant else None
        if batch.faults:
            return misread.faulty(batch.faults, batch.suggestions, text)
        if missing:
            return misread.not_yet(missing[0])
        if self.at.quoted is not None:
            return await self._of_quoted(batch, text, self.at.quoted)
        meant = batch.prefixed or len(batch.commands) > 1  # several lines of commands are no conversation
        return await self._carry_out(batch.commands, (), text, prefixed=meant)

    async def _of_quoted(self, batch: Batch, text: str, about: quotable.About) -> cards.Say | None:
        """Commands under a quote, with what is quoted where it belongs; kept in full, for the quote is not kept."""
        known = [
            (one, noun.command(one.verb) if (noun := self.named.get(one.noun)) else None) for one in batch.commands
        ]
        if not batch.prefixed and not all(quotes.is_meant(one, declared, about) for one, declared in known):
            return None
        try:
            meant = [quotes.completed(one, declared, about) if declared else one for one, declared in known]
        except errors.Refused as refused:
            return self._refusal(refused, prefixed=True)
        if meant != list(batch.commands):
            text = quotes.as_typed(meant)
        self.sure = batch.prefixed or all(quotes.is_sure(one, declared, about) for one, declared in known)
        return await self._carry_out(meant, (), text, prefixed=self.sure)

    def _is_for_strangers(self, batch: Batch) -> bool:
        """What somebody without rights may say: a code, and the wish to be let in."""
        open_to_all = [("claim", "run"), ("staff", "request")]
        return len(batch.commands) == 1 and (batch.commands[0].noun, batch.commands[0].verb) in open_to_all

    def _admitted(self) -> bool:
        """Staff, and the nameless in a claimed group, who can read but never act."""
        return self.at.actor.staff_id is not None or (self.at.actor.user_id is None and self.at.heard.group is not None)

    def _stranger(self) -> cards.Say | None:
        if self.at.actor.suspended:
            return cards.Say("🔒 あなたの権限は停止中です。戻せるのは管理者の方です。")
        return cards.Say(
            "🔒 あなたにはまだ権限がありません。「スタッフ 申請」と送ると、オーナーの方に承認をお願いできます。",
            (cards.Tap("スタッフ 申請", "スタッフ 申請"),),
        )

    async def _carry_out(
        self,
        commands: Sequence[Said],
        definitions: Sequence[Definition],
        text: str,
        *,
        prefixed: bool,
        held: Mapping[str, Mapping[str, Any]] | None = None,
        token: str | None = None,
    ) -> cards.Say | None:
        """All or nothing: everything in one savepoint with one audit entry, or a sentence and no change."""
        at = self.at
        at.held = held or {}
        try:
            async with database.transaction():
                says = await carrying_out.run(at, self.named, self.talk, commands, definitions)
                if token is not None:
                    await dialogues.use(token, at.actor.user_id or "", at.now)
                if at.asked is not None:
                    await requests.granted(at, at.asked, text)
                await self.talk.done(text)
        except desk.Unconfirmed as shown:
            at.forget()
            return await self._spoken(await confirming.card(at, shown, text))
        except objects.Ambiguous as which:
            at.forget()
            return await self._spoken(await lists.ask(at, which.question, which.rows))
        except desk.Forbidden as refused:
            at.forget()
            return await self._spoken(await requests.offer(at, refused, text))
        except errors.Refused as refused:
            at.forget()
            self.refused = refused.message
            meant = self.soon and all(map(_is_meant, commands))
            return await self._spoken(self._refusal(refused, prefixed=prefixed or meant))
        if at.actor.user_id is not None and at.actor.staff_id is not None:
            await dialogues.keep(at.chat, at.actor.user_id, "command", {}, at.now)
            await staff.gave_command(at.actor.staff_id, at.now)
            if at.room is not None:
                await staff.is_here(at.room.id, at.actor.user_id, at.heard.at)
        if at.deeds:
            # seen and pressed by all: it takes back this very deed, not the last one of whoever presses it
            says = [cards.retyped(one, "取消", f"取消 #Z{await at.entry_id()}") for one in says]
        return _joined([*says, *await self._then()])

    async def _spoken(self, answer: cards.Say | None) -> cards.Say | None:
        """Whoever was answered is giving commands, done or not: what they say next is read with that in mind."""
        at = self.at
        if answer is not None and at.actor.user_id is not None and at.actor.staff_id is not None:
            await dialogues.keep(at.chat, at.actor.user_id, "command", {}, at.now)
        return answer

    async def _then(self) -> list[cards.Say]:
        """What a command leaves to be done in a turn of its own, with its own confirmation and entry."""
        at = self.at
        if not at.then:
            return []
        text, at.then, at.asked = at.then, "", None
        at.deeds, at.entry = [], None
        shown = await self._answered(read(text), text)
        return [shown] if shown is not None else []

    def _refusal(self, refused: errors.Refused, *, prefixed: bool) -> cards.Say | None:
        if isinstance(refused, desk.Unknown):
            likely = prefixed or (self.at.found_something and self.sure) or refused.likeness >= LIKELY
            if not likely:
                return None
        taps = refused.taps if isinstance(refused, desk.Declined) else ()
        sign = "" if refused.message.startswith("🔒") else "❌ "
        return cards.Say(sign + refused.message, taps)

    # ---- what is pressed ----

    async def pressed(self, token: str, params: Mapping[str, str]) -> cards.Say | None:
        """A button of ours: a token, or a command that lacks the day which was chosen (`params`)."""
        at = self.at
        if at.actor.staff_id is None or at.actor.user_id is None:
            return cards.Say("🔒 このボタンは、権限のあるスタッフ用です。")
        if token.startswith(cards.PICKS):
            return await self._picked(token.removeprefix(cards.PICKS), params)
        refused = token.endswith(cards.REFUSED)
        press = token.removesuffix(cards.REFUSED)
        token, _, choice = press.partition(cards.CHOSEN)
        if "&" in token:
            return await self._pressed_for_wizard(press, _chosen(params))
        card = await dialogues.lock_card(token) if token.isalnum() else None
        if card is None or not (card.chat == at.chat or requests.is_one(card)):
            return cards.Say(EXPIRED)
        wrong = await confirming.wrong(at, card)
        if wrong is not None:
            return wrong
        if refused:
            return await requests.refuse(at, card)
        return await self._confirmed(card, choice)

    async def _picked(self, command: str, params: Mapping[str, str]) -> cards.Say | None:
        """The command with the day that was chosen, done as if whoever chose it had typed it."""
        picked = _chosen(params)
        if not picked:
            return cards.Say(EXPIRED)
        text = command.replace(cards.DAY, picked, 1)
        return await self._answered(read(f"/{text}", Context()), text)

    async def _pressed_for_wizard(self, press: str, picked: str) -> cards.Say | None:
        at = self.at
        await self.talk.look()
        told = await self.talk.pressed(press, picked)
        if told is not None:
            return await self._told(told)
        asker = await dialogues.whose(at.chat, "wizard", {"drafts": [{"token": talk.token_of(press)}]})
        if asker is None or asker == at.actor.user_id:
            return cards.Say(EXPIRED)
        members = {one.line_user_id: one.name for one in await staff.all_members()}
        return cards.Say(f"このボタンは{members.get(asker, 'ほかの方')}さん用です。")

    async def _confirmed(self, card: dialogues.Card, choice: str = "") -> cards.Say | None:
        at = self.at
        if not self._admitted():
            return self._stranger()
        at.mentioned = tuple(heard.Mention(**one) for one in card.arguments.get("mentions", ()))
        if "asks" in card.arguments:
            return await requests.post(at, card)
        at.asked = requests.asked(card)
        if at.asked is not None and not requests.is_one(card):
            over = await requests.lock(at, at.asked)
            if over is not None:
                return over
        await self.talk.look()
        reading = read(card.command, Context(mentions=at.mentioned))
        if not isinstance(reading, Batch | Paste):
            reading = read(f"/{card.command}", Context(mentions=at.mentioned))
        held = card.arguments["held"]
        if "choices" in card.arguments:
            key = card.arguments["key"]
            held = {**held, key: {**held[key], "choice": choice}}
        commands = reading.commands if isinstance(reading, Batch) else ()
        definitions = reading.definitions if isinstance(reading, Paste) else ()
        return await self._carry_out(commands, definitions, card.command, prefixed=True, held=held, token=card.token)

    # ---- blocks ----

    async def _paste(self, paste: Paste, text: str) -> cards.Say | None:
        if not self._admitted():
            return self._stranger()
        unusable = next((one for one in paste.definitions if isinstance(one, Outline)), None)
        if unusable is not None:
            return cards.Say(f"❌ {later.unusable(unusable)}", (cards.Tap("ヘルプ", "ヘルプ"),))
        if paste.faults:
            return misread.unread(paste.faults, text)
        return await self._carry_out((), paste.definitions, text, prefixed=True)

    async def _keep_block(self, part: str, before: str = "") -> cards.Say | None:
        at = self.at
        if at.actor.staff_id is None or at.actor.user_id is None:
            return self._stranger()
        whole = f"{before}\n{part}" if before else part
        if len(whole) > MOST_KEPT:
            return cards.Say("❌ 長すぎて覚えきれません。ブロックを分けてください。")
        await dialogues.keep(at.chat, at.actor.user_id, "block", {"text": whole}, at.now)
        return cards.Say("📝 続きを待っています。「■続き」で始めて送ってください（10分以内）。")

    async def _continue_block(self, part: str) -> cards.Say | None:
        at = self.at
        if at.actor.staff_id is None or at.actor.user_id is None:
            return self._stranger()
        kept = await dialogues.open(at.chat, at.actor.user_id, "block", at.now)
        if kept is None:
            return cards.Say("❌ 続きを待っているブロックがありません。はじめから貼り付けてください。")
        whole = f"{kept['text']}\n{part}"
        reading = read(whole, Context())
        if isinstance(reading, Unfinished):
            return await self._keep_block(reading.text)
        if not isinstance(reading, Paste):
            return None
        if not reading.faults:
            await dialogues.close(at.chat, at.actor.user_id, "block")
        return await self._paste(reading, whole)


def _chosen(params: Mapping[str, str]) -> str:
    """The day or moment that was chosen on a calendar, as a command has it; "" when it is none."""
    picked = params.get("date") or params.get("datetime", "").replace("T", " ")
    return picked if PICKED.fullmatch(picked) else ""


def _prefixed(reading: Reading) -> bool:
    return isinstance(reading, Batch) and reading.prefixed


def _is_complete(said: Said) -> bool:
    """A noun and a verb that were both written, or a noun that always answers by itself."""
    return _says_verb(said) or said.noun == "help" or (said.verb is None and said.noun in lexicon.ANSWER_ALONE)


def _with_line(said: cards.Say, line: str) -> cards.Say:
    """The same answer with one line behind its words."""
    if said.whole:
        return replace(said, before=(*said.before, cards.text(line)))
    return replace(said, text=f"{said.text}\n{line}".strip())


def _is_meant(said: Said) -> bool:
    """Whether a line of somebody who is giving commands can only be one more: `友だち たなか`, but not お客様 2名."""
    noun = lexicon.NOUN[said.noun]
    if noun.key == "staff":
        return False  # スタッフ 追加 募集
    return _says_verb(said) or (len(said.args) == 1 and noun.default is not None and said.raw.startswith(noun.words[0]))


def _says_verb(said: Said) -> bool:
    """Whether a verb was written, so that the line can hardly be a remark."""
    return said.verb is not None and not said.verbless


def _joined(says: Sequence[cards.Say]) -> cards.Say | None:
    """The answers of a batch as one; the last taps among them stay."""
    if len(says) < 2:
        return says[0] if says else None
    shown = [one.card for one in says if one.card is not None]
    return cards.Say(
        "\n".join(one.text for one in says if one.text),
        next((one.taps for one in reversed(says) if one.taps), ()),
        before=(*(message for one in says for message in one.before), *shown[:-1]),
        card=shown[-1] if shown else None,
        whole=any(one.whole for one in says),
    )
