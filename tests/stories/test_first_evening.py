"""A shop's first evening, told through LINE: claim the group, write a scenario, greet a friend, walk, block."""

import pytest

from storage import clock, staff
from tests.simulator import control

pytestmark = pytest.mark.usefixtures("bot")

SCENARIO = """\
■シナリオ ようこそ
開始: 友だち追加
▼すぐ
{名前}さん、友だち追加ありがとうございます。
▼1日後 12:00
カットの人気スタイルをご紹介します。
＋ボタン 見てみる → タグ付ける 関心高
▼3日後 19:00
今週の空き枠はこちらです。"""

GREETING = """\
■あいさつ 友だち追加
▼新規
はじめまして、美容室あゆみです。"""


async def claimed_group(channel: control.Channel) -> tuple[control.User, control.Group]:
    """The owner 山田 in a group that is the staff's."""
    yamada = await channel.user("山田 太郎")
    group = await channel.group("管理グループ", [yamada])
    await group.invite_bot()
    await group.sees("登録コード")
    code = await staff.new_code("owner", await clock.now())
    await yamada.says(f"登録 {code}", in_group=group)
    await group.sees("登録しました")
    return yamada, group


async def test_it_walks_a_new_friend_through_the_scenario_in_time(channel: control.Channel) -> None:
    yamada, group = await claimed_group(channel)
    await yamada.says(GREETING, in_group=group)
    await group.sees(lambda bubble: "あいさつ（新規）を反映します" in bubble.message.get("altText", ""))
    await yamada.presses("反映する", in_group=group)
    await yamada.says(SCENARIO, in_group=group)
    await group.sees("下書き")
    await yamada.says("シナリオ 公開 ようこそ", in_group=group)
    await yamada.presses("公開する", in_group=group)
    await group.sees("公開しました")

    tanaka = await channel.user("田中 花子")
    await tanaka.follow()
    greeting, first = await tanaka.sees_count(2)
    assert greeting.message["text"] == "はじめまして、美容室あゆみです。"
    assert first.message["text"] == "田中 花子さん、友だち追加ありがとうございます。"
    assert {greeting.how, first.how} == {"reply"}

    await channel.advance(days=1, hours=12)
    await tanaka.sees("人気スタイル")
    await tanaka.presses("見てみる")
    await channel.advance(days=3)
    await tanaka.sees("空き枠")
    assert len(await tanaka.seen()) == 4

    suzuki = await channel.user("鈴木 一郎")
    await suzuki.follow()
    await suzuki.sees_count(2)
    await suzuki.block()
    await channel.advance(days=4)
    assert len(await suzuki.seen()) == 2


async def test_it_knows_which_of_its_answers_is_quoted(channel: control.Channel) -> None:
    yamada, group = await claimed_group(channel)
    await yamada.says("タグ 作成 VIP", in_group=group)
    made = await group.sees("「VIP」#T1")
    await yamada.says("タグ 作成 常連", in_group=group)
    await group.sees("「常連」#T2")
    await yamada.says("表示", in_group=group, quotes=made.id)
    await group.sees("🏷 タグ「VIP」#T1")
    await yamada.says("これはVIPさん用ですよ", in_group=group, quotes=made.id)
    await yamada.says("改名 → お得意様", in_group=group, quotes=made.id)
    await group.sees("「VIP」を「お得意様」に改名")
    assert len(await group.seen()) == 6
