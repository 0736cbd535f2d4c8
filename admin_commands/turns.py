"""One person's turn: what they said or pressed is read, permitted, carried out all or nothing, and answered."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from admin_commands import (
    cards,
    choices,
    command,
    desk,
    dialogue,
    help,
    later,
    lists,
    objects,
    pasting,
    quotes,
    requests,
)
from admin_commands.command import Noun
from admin_commands.grammar import Context, explain, lexicon, read
from admin_commands.grammar.commands import Command as Said
from admin_commands.grammar.definitions import Definition, Outline
from admin_commands.grammar.faults import Fault
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
from admin_commands.wizards.questions import Wizard
from jobs import heard
from storage import audit, changes, database, dialogues, errors, quotable, staff

LIKELY = 0.5  # a name this near to a known one shows that an unprefixed line was meant for us (COMMANDS 2.1)
MOST_KEPT = 20_000  # characters of a block in several messages


class Turn:
    """One message or press of one person."""

    def __init__(self, at: desk.Desk, nouns: Sequence[Noun]) -> None:
        self.at = at
        self.nouns = nouns
        self.refused = ""  # why nothing was done
        self.talk = talk.Talk(at, {noun.key: noun.wizard for noun in nouns if noun.wizard is not None})

    # ---- what is said ----

    async def said(self, text: str) -> cards.Say | None:
        at = self.at
        person = at.actor.user_id
        await self.talk.look()
        if person is not None and self.talk.awake is None:
            typed = await dialogue.typed(at.chat, person, text, at.now)
            if typed is not None:
                return await self._means(typed)
        reading = read(text, await self._context())
        if isinstance(reading, Conversation):
            begun = await dialogue.completed(at.chat, person, text, at.now)
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
            return cards.Say("今、番号や「はい」で答えるものは開いていません。", (cards.Tap("ヘルプ", "ヘルプ"),))
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
            waiting=not opened.isdisjoint(("list", "text"))
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
            return await self._wrong_press(means.card) or await self._confirmed(means.card, means.choice)
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
        if not self._admitted():
            return self._stranger() if batch.prefixed or not batch.faults else None
        if batch.faults:
            return _faulty(batch.faults, batch.suggestions)
        missing = [one for one in batch.commands if self._noun(one.noun) is None]
        if missing:
            return _not_yet(missing[0]) if batch.prefixed or _says_verb(missing[0]) else None
        if self.at.quoted is not None:
            return await self._of_quoted(batch, text, self.at.quoted)
        return await self._carry_out(batch.commands, (), text, prefixed=batch.prefixed)

    async def _of_quoted(self, batch: Batch, text: str, about: quotable.About) -> cards.Say | None:
        """Commands under a quote, with what is quoted where it belongs; kept in full, for the quote is not kept."""
        known = [(one, noun.command(one.verb) if (noun := self._noun(one.noun)) else None) for one in batch.commands]
        if not batch.prefixed and not all(quotes.is_meant(one, declared, about) for one, declared in known):
            return None
        try:
            meant = [quotes.completed(one, declared, about) if declared else one for one, declared in known]
        except errors.Refused as refused:
            return self._refusal(refused, prefixed=True)
        if meant != list(batch.commands):
            text = quotes.as_typed(meant)
        return await self._carry_out(meant, (), text, prefixed=True)

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
                says = await self._run(commands, definitions)
                await self._write_down()
                if token is not None:
                    await dialogues.use(token, at.actor.user_id or "", at.now)
                if at.asked is not None:
                    await requests.granted(at, at.asked, text)
                await self.talk.done(text)
        except desk.Unconfirmed as shown:
            at.forget()
            return await self._card(shown, text)
        except objects.Ambiguous as which:
            at.forget()
            return await lists.ask(at, which.question, which.rows)
        except desk.Forbidden as refused:
            at.forget()
            return await requests.offer(at, refused, text)
        except errors.Refused as refused:
            at.forget()
            self.refused = refused.message
            return self._refusal(refused, prefixed=prefixed)
        if at.actor.user_id is not None and at.actor.staff_id is not None:
            await dialogues.keep(at.chat, at.actor.user_id, "command", {}, at.now)
            await staff.gave_command(at.actor.staff_id, at.now)
            if at.room is not None:
                await staff.is_here(at.room.id, at.actor.user_id, at.heard.at)
        return _joined([*says, *await self._then()])

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
            likely = prefixed or self.at.found_something or refused.likeness >= LIKELY
            return cards.Say(f"❌ {refused.message}", refused.taps) if likely else None
        taps = refused.taps if isinstance(refused, desk.Declined) else ()
        sign = "" if refused.message.startswith("🔒") else "❌ "
        return cards.Say(sign + refused.message, taps)

    async def _run(self, commands: Sequence[Said], definitions: Sequence[Definition]) -> list[cards.Say]:
        says = []
        for place, said in enumerate(commands):
            self.at.place = place
            noun = self._noun(said.noun)
            if noun is not None and noun.wizard is not None and noun.begins_wizard(said):
                says.append(await self._ask(noun.wizard))
                continue
            declared = self._declared(said)
            says.append(await declared.run(self.at, said))
        if definitions:
            for one in definitions:
                block = pasting.block(one)
                self._permit(block.role, True, f"■{lexicon.NOUN[block.noun].words[0]}")
            says += await pasting.define(self.at, definitions)
        return says

    async def _ask(self, wizard: Wizard) -> cards.Say:
        """A wizard's first question; nobody is asked in another's stead."""
        try:
            self._permit(wizard.role, True, wizard.begins[0])
        except desk.Forbidden as forbidden:
            raise desk.Declined(forbidden.message) from None
        return await self.talk.begin(wizard)

    def _declared(self, said: Said) -> command.Command:
        noun = self._noun(said.noun)
        declared = noun.command(said.verb) if noun else None
        if noun is None or declared is None:
            raise _no_such_verb(noun, said)
        if not (declared.invites and "offer" in self.at.held):
            self._permit(declared.role, declared.risk > 0, declared.words)
        wrong = command.misfit(declared, said)
        if wrong is not None:
            example = command.filled(declared.examples[-1], {})
            raise desk.Declined(f"{wrong}。\n書き方: {declared.usage}\n例: {example}")
        return declared

    def _noun(self, key: str) -> Noun | None:
        return next((noun for noun in self.nouns if noun.key == key), None)

    def _permit(self, role: staff.Role, acts: bool, what: str) -> None:
        actor = self.at.actor
        if actor.user_id is None and acts:
            raise desk.Declined("🔒 どなたか分からないため、見ることだけできます。LINEを最新版にしてください。")
        self.at.permit(role, what)

    async def _write_down(self) -> None:
        """One audit entry for everything the message has changed."""
        at = self.at
        if not at.deeds:
            return
        verb = at.deeds[0].verb if len(at.deeds) == 1 else "batch"
        arguments = at.deeds[0].arguments if len(at.deeds) == 1 else {"deeds": [one.arguments for one in at.deeds]}
        sentence = "、".join(one.sentence for one in at.deeds)
        if at.asked is not None and at.asked.staff_id is not None:
            arguments = arguments | {"asked_by": at.asked.staff_id}
            sentence += f"（{at.asked.name}さんの依頼）"
        await audit.write(
            await at.entry_id(),
            at.actor.staff_id,
            at.chat,
            at.now,
            verb,
            arguments,
            sentence,
            changes.collapsed([change for one in at.deeds for change in one.inverse]),
            at.undoes,
        )

    # ---- cards ----

    async def _card(self, shown: desk.Unconfirmed, text: str) -> cards.Say:
        """What would happen, to be confirmed by whoever asked; what was confirmed before it is kept."""
        at = self.at
        held = {**at.held, shown.key: shown.holds}
        token, until = await at.ask(text, held, typed=shown.typed, key=shown.key, choices=shown.choices)
        who = f"{at.actor.name}さん・{until}まで有効"
        told = "この表示は古くなりました。最新の内容です。" if shown.stale else ""
        if shown.choices:
            await dialogues.close(at.chat, at.actor.user_id or "", "list")  # a number now means one of the ways
            ways = cards.choices(
                shown.title, shown.lines, shown.choices, token=token, notes=[who], warnings=shown.warnings
            )
            return cards.Say(told, before=tuple(shown.before), card=ways)
        if shown.typed:
            lines = [*map(str, shown.lines), *(f"⚠ {one}" for one in shown.warnings)]
            slash = "/" if at.heard.group is None else ""
            ask = f"確認のため「{slash}{shown.typed}」と送ってください（{who}）"
            return cards.Say(
                "\n".join(filter(None, [told, shown.title, *lines, ask])),
                (*shown.taps, cards.Tap("やめる", "やめる")),
                before=tuple(shown.before),
            )
        made = cards.card(
            shown.title,
            shown.lines,
            token=token,
            label=shown.label,
            notes=[who],
            warnings=shown.warnings,
            taps=shown.taps,
        )
        return cards.Say(told, before=tuple(shown.before), card=made)

    async def pressed(self, token: str) -> cards.Say | None:
        at = self.at
        if at.actor.staff_id is None or at.actor.user_id is None:
            return cards.Say("🔒 このボタンは、権限のあるスタッフ用です。")
        refused = token.endswith(cards.REFUSED)
        press = token.removesuffix(cards.REFUSED)
        token, _, choice = press.partition(cards.CHOSEN)
        if "&" in token:
            return await self._pressed_for_wizard(press)
        card = await dialogues.lock_card(token) if token.isalnum() else None
        if card is None or not (card.chat == at.chat or requests.is_one(card)):
            return cards.Say("このボタンはもう使えません。もう一度コマンドを送ってください。")
        wrong = await self._wrong_press(card)
        if wrong is not None:
            return wrong
        if refused:
            return await requests.refuse(at, card)
        return await self._confirmed(card, choice)

    async def _pressed_for_wizard(self, press: str) -> cards.Say | None:
        at = self.at
        await self.talk.look()
        told = await self.talk.pressed(press)
        if told is not None:
            return await self._told(told)
        asker = await dialogues.whose(at.chat, "wizard", {"drafts": [{"token": talk.token_of(press)}]})
        if asker is None or asker == at.actor.user_id:
            return cards.Say("このボタンはもう使えません。もう一度コマンドを送ってください。")
        members = {one.line_user_id: one.name for one in await staff.all_members()}
        return cards.Say(f"このボタンは{members.get(asker, 'ほかの方')}さん用です。")

    async def _wrong_press(self, card: dialogues.Card) -> cards.Say | None:
        """Why this press counts for nothing; the card stays as it is for whoever it is meant for."""
        at = self.at
        if requests.is_one(card):
            return await requests.wrong(at, card)
        again = _once_more(card)
        members = {one.line_user_id: one.name for one in await staff.all_members()}
        allowed = card.policy == "anyone_registered" or card.asker == at.actor.user_id
        if not allowed and not (card.policy == "asker_or_manager" and at.may("manager")):
            if not card.asker:
                return cards.Say(f"🔒 このボタンは管理者以上の方用です（あなた: {desk.ROLES[at.actor.role]}）。")
            asker = members.get(card.asker, "ほかの方")
            return cards.Say(f"このボタンは{asker}さん用です。同じ操作は、コマンドを送るとできます。", again)
        if card.used_at is not None:
            user = members.get(card.used_by or "", "ほかの方")
            return cards.Say(f"{user}さんが{at.moment(card.used_at)}に実行済みです。")
        if card.expires_at <= at.now:
            return cards.Say("期限切れです。もう一度送ってください。", again)
        return None

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
            return _unread(paste.faults, text)
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


def _prefixed(reading: Reading) -> bool:
    return isinstance(reading, Batch) and reading.prefixed


def _is_complete(said: Said) -> bool:
    """A noun and a verb that were both written, or a noun that always answers by itself."""
    return _says_verb(said) or (said.verb is None and said.noun in lexicon.ANSWER_ALONE)


def _with_line(said: cards.Say, line: str) -> cards.Say:
    """The same answer with one line behind its words."""
    if said.whole:
        return replace(said, before=(*said.before, cards.text(line)))
    return replace(said, text=f"{said.text}\n{line}".strip())


def _says_verb(said: Said) -> bool:
    """Whether a verb was written, so that the line can hardly be a remark."""
    return said.verb is not None and said.verb != lexicon.NOUN[said.noun].default


def _not_yet(said: Said) -> cards.Say | None:
    word = lexicon.NOUN[said.noun].words[0]
    return cards.Say(
        f"「{word}」はまだ使えません。今できることは「ヘルプ」でご覧ください。", (cards.Tap("ヘルプ", "ヘルプ"),)
    )


def _no_such_verb(noun: Noun | None, said: Said) -> desk.Declined:
    word = lexicon.NOUN[said.noun].words[0]
    verb = lexicon.verb_of(lexicon.NOUN[said.noun], said.verb or "")
    if noun is not None and noun.wizard is not None and said.verb in noun.wizard.verbs:
        begins = noun.wizard.begins[0]
        return desk.Declined(
            f"{word}は、質問に答えるか（「{begins}」だけを送る）、ブロックを貼り付けて作ります。",
            cards.Tap("質問に答えて作る", begins),
            cards.Tap(f"ヘルプ {word}", f"ヘルプ {word}"),
        )
    can = "・".join(one.words.removeprefix(word).strip() or word for one in (noun.commands if noun else ()))
    return desk.Declined(
        f"{word}の「{verb.words[0] if verb else said.verb}」はまだ使えません。\n使えるのは: {can}",
        cards.Tap(f"ヘルプ {word}", f"ヘルプ {word}"),
    )


def _faulty(faults: Sequence[Fault], suggestions: Sequence[str]) -> cards.Say:
    taps = [cards.Tap(one, one) for one in suggestions]
    return cards.Say(explain(faults), (*taps, cards.Tap("ヘルプ", "ヘルプ")))


def _unread(faults: Sequence[Fault], text: str) -> cards.Say:
    """All that cannot be read of a block, each with its line; mended, the block is one tap away."""
    where = len({fault.line for fault in faults})
    buttons: list[cards.Tap | cards.Copy] = []
    lines = text.split("\n")
    mended = {one.line: one.corrected for one in faults if one.corrected is not None and one.line <= len(lines)}
    if len(mended) == where:
        whole = "\n".join(mended.get(number, line) for number, line in enumerate(lines, 1))
        buttons.append(cards.Copy("直した全文をコピー", whole))
    else:
        buttons += [cards.Copy(f"{number}行目の直しをコピー", line) for number, line in mended.items()]
    buttons = buttons[: cards.MOST_BUTTONS - 1]
    buttons.append(cards.Tap("ヘルプ", "ヘルプ"))
    notes = ["まだ何も変えていません。直してもう一度、全文を送ってください。"]
    title = f"読めない所が{where}か所あります"
    return cards.Say("", card=cards.panel(title, explain(faults).split("\n"), notes=notes, buttons=buttons))


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


def _once_more(card: dialogues.Card) -> tuple[cards.Tap, ...]:
    return (cards.Tap("もう一度", card.command.lstrip("/／ ")),) if "\n" not in card.command else ()
