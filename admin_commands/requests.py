"""Asking for what one may not do oneself: the offer under a refusal, the card for those who may, and its answer."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from admin_commands import cards, desk
from admin_commands.grammar import Context, canonical, read
from admin_commands.grammar.readings import Batch, Paste
from storage import audit, dialogues, outbox, staff

WAITING_LIFE = timedelta(hours=24)  # of a card that waits for the next word in another group
MOST_SHOWN = 400  # characters of the command on the card


def is_one(card: dialogues.Card) -> bool:
    """Whether a card is a request: whoever may grant it presses it, wherever they meet it."""
    return card.policy == "manager_not_asker"


def asked(card: dialogues.Card) -> desk.Asked | None:
    """On whose wish the command of this card would be carried out."""
    found = card.arguments.get("asked")
    if found is None:
        return None
    return desk.Asked(**found | {"token": card.token}) if is_one(card) else desk.Asked(**found)


async def offer(at: desk.Desk, refused: desk.Forbidden, text: str) -> cards.Say:
    """The refusal, with a button that asks those who may; nobody without a name can ask, and no request asks again."""
    actor = at.actor
    if actor.staff_id is None or actor.user_id is None or at.asked is not None:
        return cards.Say(refused.message)
    needs: staff.Role = "owner" if refused.needs == "owner" else "manager"
    token = await dialogues.ask(
        at.chat,
        actor.user_id,
        "asker",
        text,
        {"asks": needs, "mentions": at.mentions(text)},
        at.now,
        at.now + desk.PRESSED_LIFE,
    )
    slash = "/" if at.heard.group is None else ""
    label = f"{desk.ROLES[needs]}に依頼"
    hint = f"「{slash}はい」と送るか、下のボタンで依頼できます。"
    button = cards.Tap(label, token=token)
    return cards.Say(
        "", card=cards.panel("🔒 権限が足りません", [refused.message.lstrip("🔒 "), hint], buttons=[button])
    )


async def post(at: desk.Desk, offered: dialogues.Card) -> cards.Say:
    """What was refused becomes a card for those who may."""
    actor = at.actor
    user, command = actor.user_id or "", offered.command
    wish = {"staff_id": actor.staff_id, "needs": offered.arguments["asks"], "mentions": offered.arguments["mentions"]}
    await dialogues.use(offered.token, user, at.now)
    return await put(at, f"🙋 {actor.name}さんからの依頼", _lines(command), command, user, wish)


def _lines(command: str) -> list[str]:
    """What is asked for, to the last command: nobody grants what stands below the end of a card."""
    reading = read(f"/{command.lstrip('/／ ')}", Context())
    pieces = [canonical(one) for one in reading.commands] if isinstance(reading, Batch) else []
    pieces = [one.source for one in reading.definitions] if isinstance(reading, Paste) else pieces
    if len(pieces) < 2:
        return [cards.shortened(command, MOST_SHOWN)]
    return [cards.shortened(one, MOST_SHOWN // min(len(pieces), 5)) for one in pieces]


async def put(
    at: desk.Desk,
    title: str,
    lines: list[str],
    command: str,
    user: str,
    wish: Mapping[str, Any],
    held: Mapping[str, Mapping[str, Any]] | None = None,
) -> cards.Say:
    """Show the card here if those who may grant it can press it here; else it waits for the next word in their groups.

    `wish`: `staff_id`, `needs`, `mentions`, and `name` where it is not the actor's.
    """
    already = await dialogues.request_open(user, command, at.now)
    if already is not None:
        return cards.Say(f"もう依頼してあります（{at.moment(already)}まで有効）。お返事をお待ちください。")
    needs: staff.Role = wish["needs"]
    here = at.room is not None and manages(at.room, needs)
    rooms = [] if here else [room for room in await staff.rooms() if manages(room, needs)]
    if not here and not rooms:
        raise desk.Declined("依頼できる管理グループがありません。オーナーの方に直接お伝えください。")
    until = at.now + (desk.PRESSED_LIFE if here else WAITING_LIFE)
    asker = {
        "token": "",
        "staff_id": wish["staff_id"],
        "user_id": user,
        "name": wish.get("name", at.actor.name),
        "chat": at.chat,
        "needs": needs,
    }
    kept = {"held": held or {}, "mentions": wish.get("mentions", []), "asked": asker}
    token = await dialogues.ask(at.chat, user, "manager_not_asker", command, kept, at.now, until)
    shown = at.clock(until) if here else at.moment(until)
    made = cards.card(
        title,
        lines,
        token=token,
        label="承認する",
        refusal="却下",
        notes=[f"{desk.who(needs)}の方が押せます・{shown}まで有効"],
    )
    if here:
        return cards.Say("", card=made)
    await outbox.leave([room.line_group_id for room in rooms], _reason(token), [made])
    return cards.Say(
        f"🙋 管理グループに依頼を出しました。そこで次にどなたかが発言したときに表示されます（{shown}まで有効）。"
    )


def manages(room: staff.Room, needs: staff.Role) -> bool:
    """Whether those who have this role can use it in this group."""
    return room.state == "claimed" and room.scope is None and desk.RANK[room.role] >= desk.RANK[needs]


async def wrong(at: desk.Desk, card: dialogues.Card) -> cards.Say | None:
    """Why this person's press of a request counts for nothing; the request stays open for whoever it is meant for."""
    wish = asked(card)
    if wish is None:
        return cards.Say("このボタンはもう使えません。")
    if not at.may(wish.needs):
        return cards.Say(f"🔒 このボタンは{desk.who(wish.needs)}の方用です（あなた: {desk.ROLES[at.actor.role]}）。")
    if card.asker == at.actor.user_id:
        return cards.Say(f"ご自分の依頼には、ほかの{desk.who(wish.needs)}の方が答えます。")
    return await _over(at, card, wish)


async def lock(at: desk.Desk, wish: desk.Asked) -> cards.Say | None:
    """Hold the request behind a card that was shown to whoever grants it; why it can no longer be granted."""
    card = await dialogues.lock_card(wish.token)
    if card is None:
        return cards.Say("この依頼はもうありません。")
    return await wrong(at, card)


async def _over(at: desk.Desk, card: dialogues.Card, wish: desk.Asked) -> cards.Say | None:
    if card.used_at is not None:
        by = await staff.find(card.used_by or "")
        deed = "却下しました" if card.arguments.get("refused") else "承認済みです"
        return cards.Say(f"{by.name if by else 'ほかの方'}さんが{at.moment(card.used_at)}に{deed}。")
    if card.expires_at <= at.now:
        return cards.Say(f"期限切れです。{wish.name}さんに、もう一度送ってもらってください。")
    if wish.staff_id is not None:
        asker = await staff.find(wish.user_id)
        if asker is None or asker.state != "active":
            return cards.Say(f"{wish.name}さんの権限は今ないため、この依頼は承認できません。却下してください。")
    return None


async def refuse(at: desk.Desk, card: dialogues.Card) -> cards.Say:
    """Turn a request down."""
    wish = asked(card)
    if wish is None or not is_one(card):
        return cards.Say("このボタンはもう使えません。")
    what = cards.shortened(card.command.split("\n")[0], 60)
    await dialogues.use(card.token, at.actor.user_id or "", at.now, refused=True)
    await audit.write(
        await at.entry_id(),
        at.actor.staff_id,
        at.chat,
        at.now,
        "request.refuse",
        {"asked_by": wish.staff_id},
        f"{wish.name}さんの依頼「{what}」を却下した",
    )
    await _tell(at, wish, f"🙅 {at.actor.name}さんが、{wish.name}さんの依頼「{what}」を却下しました。")
    return cards.Say(f"{wish.name}さんの依頼「{what}」を却下しました。何も変えていません。")


async def granted(at: desk.Desk, wish: desk.Asked, command: str) -> None:
    """The request is used up in the transaction that carries it out, and whoever asked is told."""
    await dialogues.use(wish.token, at.actor.user_id or "", at.now)
    what = cards.shortened(command.split("\n")[0], 60)
    await _tell(at, wish, f"✅ {at.actor.name}さんが、{wish.name}さんの依頼「{what}」を承認し、実行しました。")


async def _tell(at: desk.Desk, wish: desk.Asked, sentence: str) -> None:
    """Where they have asked, with their next word there, unless all happens in the same talk."""
    await outbox.withdraw(_reason(wish.token))
    if wish.chat != at.chat:
        await outbox.leave([wish.chat], f"answer:{wish.token}", [cards.text(sentence)], wish.user_id)


def _reason(token: str) -> str:
    return f"request:{token}"
