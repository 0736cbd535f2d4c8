"""What staff change about a friend: hidden from the lists, blocked, a test friend, erased for good."""

from admin_commands import cards, desk, masking, objects, places
from admin_commands.grammar import normalise, words
from admin_commands.grammar.commands import Command as Said
from storage import blocking, changes, erasure, friends, opting_out

ADD, RELEASE = ("追加", "add", "on"), ("解除", "やめる", "外す", "off")


async def hide(at: desk.Desk, said: Said) -> cards.Say:
    one = await objects.friend(at, said, 0)
    name = f"{one.name or '名前なし'}さん"
    if not await _marked(at, one, "hidden", on=_on(said, "友だち 非表示 田中 解除")):
        return cards.Say(f"変更なし（{name}は{'非表示です' if one.hidden else '一覧に出ています'}）。")
    if one.hidden:
        at.record("friend.hide", {"friend": one.id}, f"{name}を一覧に戻した", [changes.mark([one.id], "hidden", True)])
        return cards.Say(f"✅ {name}を一覧に戻しました。", places.undo_tap())
    at.record("friend.hide", {"friend": one.id}, f"{name}を非表示にした", [changes.mark([one.id], "hidden", False)])
    return cards.Say(
        f"✅ {name}を一覧と条件から隠しました。途中のシナリオはそのまま届きます。",
        (*places.undo_tap(), cards.Tap("非表示の一覧", "友だち 検索 非表示")),
    )


async def block(at: desk.Desk, said: Said) -> cards.Say:
    """Nothing more is sent to this friend; what is known stays, and what they write still comes in."""
    one = await objects.friend(at, said, 0)
    name = f"{one.name or '名前なし'}さん"
    await friends.lock([one.id])
    blocked, waiting = await blocking.block([one.id])
    at.found_something = True
    if not blocked:
        return cards.Say(f"変更なし（{name}はブロックしています）。")
    at.record("friend.block", {"friend": one.id}, f"{name}をブロックした", [changes.unblock([one.id], waiting)])
    told = f"🚫 {name}をブロックしました。こちらからは何も送りません（記録は残り、届いた言葉も受け取ります）。"
    if waiting:
        told += f"\n予定の動作{len(waiting)}件は取りやめました。"
    return cards.Say(told, (*places.undo_tap(), cards.Tap("ブロック解除", f"友だち ブロック解除 #F{one.id}")))


async def unblock(at: desk.Desk, said: Said) -> cards.Say:
    one = await objects.friend(at, said, 0)
    name = f"{one.name or '名前なし'}さん"
    await friends.lock([one.id])
    at.found_something = True
    if not await blocking.release([one.id], at.now):
        return cards.Say(f"変更なし（{name}をこちらではブロックしていません）。")
    at.record("friend.unblock", {"friend": one.id}, f"{name}のブロックを解除した", [changes.block([one.id])])
    told = f"✅ {name}のブロックを解除しました。"
    if one.blocked_us:
        told += f"{name}がこのアカウントをブロックしているため、まだ届きません。"
    else:
        told += "途中だったシナリオは、続きから届きます。"
    return cards.Say(told, (*places.undo_tap(), cards.Tap("友だちを見る", f"友だち 表示 #F{one.id}")))


async def opt_out(at: desk.Desk, said: Said) -> cards.Say:
    """No promotions any more; what has not left is called off. What friends have said themselves is not lightly
    turned round."""
    one = await objects.friend(at, said, 0)
    name = f"{one.name or '名前なし'}さん"
    on = _on(said, "友だち 配信停止 田中 解除")
    await friends.lock([one.id])
    if one.opted_out and not on and await opting_out.wished([one.id]):
        at.confirm(
            f"{name}に、また配信を送れるようにします",
            ["配信停止は、ご本人が希望されたものです。"],
            holds={"friend": one.id},
            label="送れるようにする",
            warnings=["ご本人から「また受け取りたい」と伺っている時だけ、進めてください。"],
        )
    at.found_something = True
    if not await opting_out.choose([one.id], out=on):
        return cards.Say(f"変更なし（{name}は{'配信停止です' if one.opted_out else '配信を受け取る方です'}）。")
    verb = "配信停止にした" if on else "配信停止を解除した"
    at.record(
        "friend.opt_out",
        {"friend": one.id},
        f"{name}{'を' if on else 'の'}{verb}",
        [changes.mark([one.id], "opted_out", not on)],
    )
    if on:
        return cards.Say(
            f"🔕 {name}を配信停止にしました。配信とシナリオは、まだ出ていない分も送りません。"
            "話しかけられた時の返事は、これまでどおり届きます。",
            (*places.undo_tap(), cards.Tap("配信停止の一覧", "友だち 検索 配信停止")),
        )
    return cards.Say(f"✅ {name}の配信停止を解除しました。次の配信から届きます。", places.undo_tap())


async def test_friend(at: desk.Desk, said: Said) -> cards.Say:
    one = await objects.friend(at, said, 0)
    name = f"{one.name or '名前なし'}さん"
    if not await _marked(at, one, "is_test", on=_on(said, "友だち テスト 自分 解除")):
        return cards.Say(f"変更なし（{name}はテスト友だちで{'す' if one.is_test else 'はありません'}）。")
    verb = "から外した" if one.is_test else "にした"
    back = changes.mark([one.id], "is_test", one.is_test)
    at.record("friend.test", {"friend": one.id}, f"{name}をテスト友だち{verb}", [back])
    if one.is_test:
        return cards.Say(f"✅ {name}をテスト友だちから外しました。条件の対象に戻ります。", places.undo_tap())
    return cards.Say(
        f"✅ {name}をテスト友だちにしました。条件で選ぶ対象からは外れ、「試す」でアクションまで試せます。",
        (cards.Tap("シナリオを試す", "ヘルプ シナリオ"), *places.undo_tap()),
    )


async def _marked(at: desk.Desk, one: friends.Seen, flag: friends.Flag, *, on: bool) -> bool:
    await friends.lock([one.id])
    at.found_something = True
    return bool(await friends.flag([one.id], flag, on))


def _on(said: Said, example: str) -> bool:
    """追加 or 解除 behind the friend; nothing means 追加."""
    word = normalise.fold(objects.text_of(said, 1))
    if word in map(normalise.fold, RELEASE):
        return False
    if not word or word in map(normalise.fold, ADD):
        return True
    raise desk.Declined(f"「{objects.text_of(said, 1)}」の意味が分かりません。例: {example}")


async def erase(at: desk.Desk, said: Said) -> cards.Say:
    """Forget a person who asks for it; nothing of it comes back."""
    one = await objects.friend(at, said, 0)
    name = f"{one.name or '名前なし'}さん"
    typable = one.name and masking.STARS not in one.name
    at.confirm(
        f"🗑 {name} #F{one.id} の記録をすべて消します",
        [
            "名前・タグ・シナリオの進み・届いた言葉と送った言葉・操作の記録に残る名前を消します。",
            "元に戻せません。LINEの友だち関係とトークは、そのまま残ります。",
        ],
        holds={"friend": one.id},
        typed=words.show(words.Name(one.name)) if one.name and typable else f"#F{one.id}",
    )
    known = await friends.lock([one.id])
    if one.id not in known:
        raise desk.Declined(f"{name}は、もう消去されています。")
    whole = known[one.id].name or ""
    await erasure.erase(one.id, known[one.id].line_user_id, {whole, masking.masked(whole), one.name or ""})
    at.record("friend.erase", {"friend": one.id}, f"友だち #F{one.id} の記録を消去した（元に戻せません）")
    return cards.Say(
        f"🗑 #F{one.id} の記録を消去しました。この方がまた話しかけると、新しい友だちとして登録されます。",
        (cards.Tap("友だち 一覧", "友だち 一覧"),),
    )
