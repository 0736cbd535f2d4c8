"""A shop's evening of moving: the whole configuration fetched as a file, and given to an Ayumi that is empty."""

import re

import aiohttp

from bot import server, wiring, work
from storage import database
from tests.simulator import control
from tests.stories.test_first_evening import GREETING, SCENARIO, claimed_group

LINK = re.compile(r"http://127\.0\.0\.1:\d+/d/[\w-]+")


def is_flex(bubble: control.Seen, words: str) -> bool:
    return words in bubble.message.get("altText", "")


async def fetched(group: control.Group, number: int) -> bytes:
    """The file behind the link of this 控え, as LINE's robot and then a person come by."""
    shown = await group.sees(lambda one: is_flex(one, f"控え{number}") and bool(LINK.search(str(one.message))))
    [address] = set(LINK.findall(str(shown.message)))
    async with aiohttp.ClientSession() as web:
        async with web.get(address) as answer:
            assert answer.status == 200
            assert "ファイルを受け取る" in await answer.text()
        async with web.post(address) as answer:
            assert answer.status == 200
            return await answer.read()


async def test_it_moves_a_shop_to_an_empty_one(bot: wiring.House, channel: control.Channel) -> None:
    yamada, group = await claimed_group(channel)
    await yamada.says(GREETING, in_group=group)
    await group.sees(lambda one: is_flex(one, "あいさつ（新規）を反映します"))
    await yamada.presses("反映する", in_group=group)
    await yamada.says(SCENARIO, in_group=group)
    await group.sees("下書き")
    await yamada.presses("公開する", in_group=group)
    await group.sees("公開しました")
    await yamada.says("/控え", in_group=group)
    file = await fetched(group, 1)
    text = file.decode("utf-8-sig")
    assert "■シナリオ ようこそ\n状態: 公開" in text
    assert "■あいさつ 友だち追加\n▼新規" in text
    for table in ("scenarios", "greetings", "tags", "backups"):
        await database.run(f"TRUNCATE {table} CASCADE")
    await database.run("UPDATE account SET config_version = config_version + 1")
    await yamada.says("/控え 取込", in_group=group)
    await group.sees("5分以内に")
    await yamada.sends("file", content=file, in_group=group, fileName="ayumi.txt")
    await group.sees(lambda one: is_flex(one, "控えを取り込みます"))
    await yamada.presses("取り込む", in_group=group)
    await group.sees("✅ 控えを取り込みました")
    await yamada.says("/控え", in_group=group)
    await group.sees(lambda one: is_flex(one, "控え2を作りました"))
    [again] = [row["text"] for row in await database.rows("SELECT text FROM backups")]
    assert text.endswith(again)
    tanaka = await channel.user("田中")
    await tanaka.follow()
    await tanaka.sees("はじめまして、美容室あゆみです。")
    await tanaka.sees("田中さん、友だち追加ありがとうございます。")


async def test_it_answers_once_a_file_has_been_copied(house: wiring.House, channel: control.Channel) -> None:
    async with server.serving(house) as served:
        await channel.change(webhook_url=f"http://127.0.0.1:{served.port}/line/webhook")
        yamada, group = await claimed_group(channel)
        await yamada.sends("file", content="タグ 作成 VIP".encode(), in_group=group, fileName="ayumi.txt")
        await yamada.says("/控え 取込", in_group=group)
        for _ in range(100):
            if await database.value("SELECT wish FROM received") is not None:
                break
            await database.run("SELECT pg_sleep(0.05)")
        async with work.working(house):
            await group.sees(lambda one: is_flex(one, "控えを取り込みます"))
            await yamada.presses("取り込む", in_group=group)
            await group.sees("✅ 控えを取り込みました")
    assert await database.value("SELECT name FROM tags") == "VIP"
