"""Two of the staff in one group: one answers questions, the other pastes; a restart and a week come between."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot import server, settings, wiring, work
from storage import clock, database, staff
from tests.simulator import control

TEMPLATE = """\
■テンプレ 道案内
▼本文
駅の北口を出て、まっすぐ5分です。"""


@asynccontextmanager
async def running(given: settings.Settings, channel: control.Channel) -> AsyncIterator[None]:
    """The whole bot from its start to its stop: server, worker, pools, everything in memory."""
    async with wiring.house(given, intake=True) as house, server.serving(house) as served, work.working(house):
        await channel.change(webhook_url=f"http://127.0.0.1:{served.port}/line/webhook", drive_bot=True)
        yield


async def claimed_group(channel: control.Channel) -> tuple[control.User, control.User, control.Group]:
    """The owner 山田 and the operator 佐藤 in the staff's group."""
    yamada, sato = await channel.user("山田 太郎"), await channel.user("佐藤 花")
    group = await channel.group("管理グループ", [yamada, sato])
    await group.invite_bot()
    await group.sees("登録コード")
    code = await staff.new_code("owner", await clock.now())
    await yamada.says(f"登録 {code}", in_group=group)
    await group.sees("登録しました")
    await staff.appoint(sato.id, "佐藤 花", "operator", await clock.now())
    return yamada, sato, group


async def test_it_keeps_one_persons_questions_through_anothers_blocks_a_restart_and_a_week(
    emptied: str, bot_settings: settings.Settings, channel: control.Channel
) -> None:
    async with running(bot_settings, channel):
        yamada, sato, group = await claimed_group(channel)
        await yamada.says("シナリオ 作成", in_group=group)
        asked = await group.sees("シナリオの作成 1/6")
        assert asked.message["text"].startswith("@山田 太郎 ")
        await yamada.says("冬の便り", in_group=group)
        await group.sees("2/6")
        await sato.presses("友だち追加されたら", in_group=group)
        await group.sees("山田 太郎さん用です")
        await sato.says(TEMPLATE, in_group=group)
        await group.sees("「道案内」")
        await sato.says("友だち追加", in_group=group)
        await yamada.says("1", in_group=group)
        await group.sees("3/6")

    async with running(bot_settings, channel):
        await yamada.presses("1日後 12:00", in_group=group)
        await group.sees("4/6")
        await channel.advance(days=7)
        before = len(await group.seen())
        await yamada.says("お昼に行ってきます", in_group=group)
        await yamada.says("続ける", in_group=group)
        await group.sees_count(before + 1)
        assert "1通目の本文" in (await group.seen())[-1].text
        await yamada.says("寒くなりましたね⛄\n\nあたたかくしてお過ごしください。", in_group=group)
        await group.sees("5/6")
        await yamada.presses("とばす", in_group=group)
        await group.sees("6/6")
        await yamada.presses("これで完成", in_group=group)
        await group.sees("下書き（版1）")
        await yamada.presses("公開する", in_group=group)
        await group.sees("公開しました")
        tanaka = await channel.user("田中 花子")
        await tanaka.follow()
        await channel.advance(days=1, hours=12)
        got = await tanaka.sees("寒くなりましたね")
        assert got.message["text"] == "寒くなりましたね⛄\n\nあたたかくしてお過ごしください。"
        assert len(await tanaka.seen()) == 1
        assert await database.value("SELECT count(*) FROM templates WHERE deleted_at IS NULL") == 1
