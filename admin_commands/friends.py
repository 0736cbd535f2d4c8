"""友だち: found by name, number or tag, and looked at."""

from dataclasses import replace

from admin_commands import cards, choices, command, desk, friend_marks, lists, objects, segments
from admin_commands.command import Argument, Command
from admin_commands.fields import looks as fields
from admin_commands.grammar import normalise, words
from admin_commands.grammar import segments as conditions
from admin_commands.grammar.commands import Command as Said
from admin_commands.grammar.segments import printing
from admin_commands.grammar.segments.kinds import saved as kept
from storage import delayed, friends, scenarios
from storage import segments as stored
from storage.forms import results as answers

# What `友だち 検索 …` takes for a list and not for a part of a name.
LISTS: dict[str, friends.Listed] = {
    **dict.fromkeys(("ブロック", "ブロック中", "blocked"), "blocked"),
    **dict.fromkeys(("非表示", "hidden"), "hidden"),
    **dict.fromkeys(("テスト友だち", "テスト", "test"), "test"),
}
MOST_FORMS = 3
MOST_NOTED = 12  # fields on a card
NOBODY = "まだ友だちがいません。アカウントを追加した方や、話しかけた方がここに並びます。"
ORDERS: dict[str, stored.Order] = {"最終反応": "active", "友だち追加": "followed", "名前": "name"}

OPTED_OUT = "🔕 配信停止（ご案内は届きません。ご予約などのお知らせは届きます）"


async def show_list(at: desk.Desk, said: Said) -> cards.Say:
    page = objects.page_of(said)
    found = await friends.page(lists.ROWS, lists.offset(page), at.sight)
    visible, blocked, hidden = await friends.count(at.sight)
    rows = [_row(at, one) for one in found]
    others = [f"{told} {count:,}人" for told, count in (("ブロック中", blocked), ("非表示", hidden)) if count]
    title = "👥 友だち・最近の順" + (f"（ほかに{'・'.join(others)}）" if others else "")
    return await lists.say(
        at,
        title,
        rows,
        visible,
        page,
        "友だち 一覧",
        empty=NOBODY if at.scope is None else "担当の友だちはまだいません。",
    )


async def find(at: desk.Desk, said: Said) -> cards.Say:
    page = objects.page_of(said)
    if said.target is not None:
        return await _fitting(at, said, page)
    wanted = objects.text_of(said, 0)
    if not wanted:
        raise desk.Declined("探す言葉を書いてください。例: 友だち 検索 田中、友だち 検索 タグ:VIP")
    if await _is_segment(at, said):
        tree = kept.Saved(words.Name(wanted.removeprefix("@")))
        return await _fitting(at, replace(said, args=(), target=conditions.Segment("", tree)), page)
    listed = next((kind for word, kind in LISTS.items() if normalise.fold(word) == normalise.fold(wanted)), None)
    offset = lists.offset(page)
    if listed is not None:
        found = await friends.page(lists.ROWS, offset, at.sight, listed)
        total = await friends.on_list(listed, at.sight)
    else:
        found, total = await friends.search(wanted, lists.ROWS, at.sight, offset)
    listing = f"友だち 検索 {words.show(words.Name(wanted))}"
    return await lists.say(
        at,
        f"👥 「{wanted}」",
        [_row(at, one) for one in found],
        total,
        page,
        listing,
        empty="当てはまる友だちはいません。",
    )


async def _is_segment(at: desk.Desk, said: Said) -> bool:
    """Whether a lone @休眠VIP, which might be a person, is a saved segment."""
    given = objects.text_of(said, 0)
    name = words.Name(given.removeprefix("@"))
    found = given.startswith("@") and (await objects.lookup("segments", [name]))[0] is not None
    at.found_something |= found
    return found


async def _fitting(at: desk.Desk, said: Said, page: int) -> cards.Say:
    """Who fits a condition; on the first page with what was understood, line by line."""
    order = _order(said)
    linked = await segments.of(at, said)
    echo = await segments.echo(at, linked)
    ids = await stored.page(linked.stored, echo.found, at.sight, lists.ROWS, lists.offset(page), order)
    rows = [_row(at, one) for one in await friends.seen(ids, at.sight)]
    sorted_by = f" 並び={said.option('並び')}" if said.option("並び") else ""
    return await lists.say(
        at,
        "👥 対象",
        rows,
        echo.total,
        page,
        f"友だち 検索 対象: {printing.show(linked.tree)}{sorted_by}",
        notes=echo.lines if page == 1 else (),
        empty="当てはまる友だちはいません。",
    )


def _order(said: Said) -> stored.Order:
    given = said.option("並び")
    if given is None:
        return "active"
    order = next((key for word, key in ORDERS.items() if _folded(word) == _folded(given)), None)
    if order is None:
        raise desk.Declined(f"「並び={given}」は使えません。使えるのは: {'・'.join(ORDERS)}")
    return order


def _folded(text: str) -> str:
    return normalise.fold(normalise.lookup(text).text)


def _row(at: desk.Desk, one: friends.Seen) -> cards.Row:
    last = f" 追加 {at.day(one.followed_at)}" if one.followed_at else ""
    if one.last_reaction_at:
        last = f" 最終反応 {at.day(one.last_reaction_at)}"
    return cards.Row(f"{objects.friend_line(at, one)}{last}", f"友だち 表示 #F{one.id}", f"#F{one.id}")


async def show(at: desk.Desk, said: Said) -> cards.Say:
    full = await objects.friend_in_full(at, said, 0)
    one = objects.discreet(at, full)
    hidden = one != full and at.may(choices.reveals(at.config.chosen))
    lines = await fields.of_friend(at, one.id)
    hidden = hidden or (
        at.may(choices.reveals(at.config.chosen)) and lines != await fields.of_friend(at, one.id, full=True)
    )
    return await _card(at, one, lines, [cards.Tap("全表示（1対1へ）", f"友だち 全表示 #F{one.id}")] if hidden else [])


async def reveal(at: desk.Desk, said: Said) -> cards.Say:
    """All of it, alone with the bot and for those who may see it; in a group only how to get there."""
    one = await objects.friend_in_full(at, said, 0)
    role = choices.reveals(at.config.chosen)
    if desk.RANK[at.actor.own] < desk.RANK[role]:
        raise desk.Declined(
            f"🔒 伏せた内容を見られるのは{desk.who(role)}の方です（あなた: {desk.ROLES[at.actor.own]}）。"
        )
    if at.heard.group is None:
        return await _card(at, one, await fields.of_friend(at, one.id, full=True), [])
    says = f"/友だち 全表示 #F{one.id}"
    told = [
        "グループでは、みなさんに見えるため全表示しません。",
        "ボットとの1対1のトークに、次の言葉を送ってください（0通）。",
        says,
    ]
    return cards.Say("", card=cards.panel("🔒 全表示は1対1で", told, buttons=[cards.Copy("言葉をコピー", says)]))


async def _card(at: desk.Desk, one: friends.Seen, noted: list[str], more: list[cards.Tap]) -> cards.Say:
    name = one.name or "名前なし"
    lines = [_state(at, one)]
    marks = (("🙈 非表示", one.hidden), (OPTED_OUT, one.opted_out), ("🧪 テスト友だち", one.is_test))
    lines += [told for told, so in marks if so]
    worn = await friends.tags_of(one.id)
    lines.append(f"タグ: {'・'.join(worn) or 'なし'}")
    lines += await _walks(at, one.id)
    lines += await _to_come(at, one.id)
    lines += await _answered(at, one.id)
    if one.last_reaction_at:
        lines.append(f"最終反応: {at.moment(one.last_reaction_at)}")
    lines += noted[:MOST_NOTED]
    if len(noted) > MOST_NOTED:
        lines.append(f"ほかの項目: {len(noted) - MOST_NOTED}（「項目 #F{one.id}」で見られます）")
    note = f"次からは「友だち #F{one.id}」でも開けます。引用して「付ける VIP」のようにも送れます。"
    buttons = [
        cards.Tap("タグを付ける", f"タグ 付ける #F{one.id}"),
        cards.Tap("シナリオに入れる", f"シナリオ 付ける #F{one.id}"),
        *more,
    ]
    return cards.Say("", card=cards.panel(f"👤 {name} #F{one.id}", lines, notes=[note], buttons=buttons))


def _state(at: desk.Desk, one: friends.Seen) -> str:
    if one.blocked_by_us:
        return "🚫 こちらでブロック中（送りません）"
    if one.blocked_us:
        return "🚫 ブロック中（届きません）"
    if one.followed_at:
        return f"友だち追加: {at.day(one.followed_at)}"
    return f"友だち未追加（はじめて見た日: {at.day(one.created_at)}）"


async def _answered(at: desk.Desk, friend: int) -> list[str]:
    """The forms answered last."""
    found = await answers.of_friend(friend, MOST_FORMS)
    told = "・".join(f"「{one.name}」{at.day(one.at)}" for one in found)
    return [f"フォームの回答: {told}"] if found else []


async def _walks(at: desk.Desk, friend: int) -> list[str]:
    told = []
    for where in await scenarios.whereabouts(friend):
        held = {"paused": "・一時停止", "parked": "・停止（エラー）"}.get(where.state, "")
        next_at = f"（次 {at.moment(where.due_at)}）" if where.due_at and not held else ""
        told.append(f"シナリオ: {where.name} {where.position}/{where.steps}通目{held}{next_at}")
    return told


async def _to_come(at: desk.Desk, friend: int) -> list[str]:
    """What actions with a delay still have in store."""
    due = await delayed.waiting(friend)
    more = f" ほか{len(due) - 1}件" if len(due) > 1 else ""
    return [f"予定の動作: {at.moment(due[0])}{more}"] if due else []


NOUN = command.Noun(
    "friend",
    "アカウントの友だちを探して見ます。",
    (
        Command(
            "friend",
            "show",
            "名前か番号で1人を見る",
            ("友だち {friend}", "友だち 表示 {friend}"),
            "viewer",
            0,
            show,
            (Argument("名前か#F番号", takes="friend"),),
        ),
        Command(
            "friend",
            "reveal",
            "伏せた電話番号なども見る（ボットとの1対1で）",
            ("友だち 全表示 {friend}",),
            "manager",
            0,
            reveal,
            (Argument("名前か#F番号", takes="friend"),),
        ),
        Command(
            "friend",
            "find",
            "名前の一部や条件で探す",
            (
                "友だち 検索 {friend}",
                "友だち 検索 タグ:{tag} かつ タグ:休眠 でない",
                "友だち 検索 タグ:{tag} かつ 最終反応 30日以上前 並び=友だち追加",
                "友だち 検索 ブロック",
            ),
            "viewer",
            0,
            find,
            (Argument("語か条件", crowd=True),),
            options=("ページ", "並び"),
        ),
        Command(
            "friend",
            "hide",
            "一覧と条件から隠す（解除で戻す）",
            ("友だち 非表示 {friend}", "友だち 非表示 {friend} 解除"),
            "operator",
            1,
            friend_marks.hide,
            (Argument("名前か#F番号", takes="friend"), Argument("解除", optional=True)),
        ),
        Command(
            "friend",
            "block",
            "こちらから何も送らないようにする（記録は残します）",
            ("友だち ブロック {friend}",),
            "operator",
            1,
            friend_marks.block,
            (Argument("名前か#F番号", takes="friend"),),
        ),
        Command(
            "friend",
            "unblock",
            "こちらのブロックをやめる",
            ("友だち ブロック解除 {friend}",),
            "operator",
            1,
            friend_marks.unblock,
            (Argument("名前か#F番号", takes="friend"),),
        ),
        Command(
            "friend",
            "opt_out",
            "配信とシナリオを送らない人にする（解除で戻す）。話しかけられた時の返事は届きます",
            ("友だち 配信停止 {friend}", "友だち 配信停止 {friend} 解除"),
            "operator",
            1,
            friend_marks.opt_out,
            (Argument("名前か#F番号", takes="friend"), Argument("解除", optional=True)),
            most=2,
        ),
        Command(
            "friend",
            "test_friend",
            "試すための友だちにする（解除で外す）",
            ("友だち テスト 自分 追加", "友だち テスト {friend} 解除"),
            "operator",
            1,
            friend_marks.test_friend,
            (Argument("名前か#F番号か自分", takes="friend"), Argument("追加か解除", optional=True)),
        ),
        Command(
            "friend",
            "delete",
            "1人の記録をすべて消去する（元に戻せません）",
            ("友だち 削除 {friend}",),
            "manager",
            3,
            friend_marks.erase,
            (Argument("名前か#F番号", takes="friend"),),
        ),
        Command("friend", "list", "最近の友だち", ("友だち 一覧",), "viewer", 0, show_list, options=("ページ",)),
    ),
    bare="list",
)
