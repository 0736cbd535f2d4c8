"""Cards that wait for a press or a typed word: how they are put, and why a press on one counts for nothing."""

from admin_commands import cards, desk, requests
from storage import dialogues, staff


async def card(at: desk.Desk, shown: desk.Unconfirmed, text: str) -> cards.Say:
    """What would happen, to be confirmed by whoever asked; what was confirmed before it is kept."""
    held = {**at.held, shown.key: shown.holds}
    token, until = await at.ask(text, held, typed=shown.typed, key=shown.key, choices=shown.choices)
    who = f"{at.actor.name}さん・{until}まで有効"
    told = "この表示は古くなりました。最新の内容です。" if shown.stale else ""
    if shown.choices:
        await dialogues.close(at.chat, at.actor.user_id or "", "list")  # a number now means one of the ways
        ways = cards.choices(shown.title, shown.lines, shown.choices, token=token, notes=[who], warnings=shown.warnings)
        return cards.Say(told, before=tuple(shown.before), card=ways)
    if shown.typed:
        slash = "/" if at.heard.group is None else ""
        typed = cards.typed(
            shown.title,
            shown.lines,
            f"確認のため「{slash}{shown.typed}」と送ってください",
            notes=[who],
            warnings=shown.warnings,
            buttons=shown.taps,
        )
        return cards.Say(told, before=tuple(shown.before), card=typed)
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


async def wrong(at: desk.Desk, card: dialogues.Card) -> cards.Say | None:
    """Why this press counts for nothing; the card stays as it is for whoever it is meant for."""
    if requests.is_one(card):
        return await requests.wrong(at, card)
    again = _once_more(card)
    members = {one.line_user_id: one.name for one in await staff.all_members()}
    allowed = card.policy == "anyone_registered" or card.asker == at.actor.user_id
    if not allowed and not (card.policy == "asker_or_manager" and at.may("manager")):
        if not card.asker:
            return cards.Say(f"🔒 このボタンは管理者以上の方用です（あなた: {desk.ROLES[at.actor.role]}）。")
        asker = members.get(card.asker, "ほかの方")
        return cards.Say(f"このボタンは{asker}さん用です。同じ操作は、ご自分で送るとできます。", again)
    if card.used_at is not None:
        user = members.get(card.used_by or "", "ほかの方")
        return cards.Say(f"{user}さんが{at.moment(card.used_at)}に実行済みです。")
    if card.expires_at <= at.now:
        return cards.Say("期限切れです。もう一度送ってください。", again)
    return None


def _once_more(card: dialogues.Card) -> tuple[cards.Tap, ...]:
    return (cards.Tap("もう一度", card.command.lstrip("/／ ")),) if "\n" not in card.command else ()
