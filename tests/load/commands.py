"""`./ayumi bench commands`: staff's commands in a shop of 100,000 friends, from the word said to the answer seen."""

import argparse
import asyncio
import statistics
import sys
import time
from collections.abc import Sequence

from bot import memory, server, wiring
from storage import clock, database, staff
from tests.load import _ground as grounds
from tests.simulator import control

GOAL = 100.0  # ms, 95 of 100 answers
FAMILY = [
    "佐藤",
    "鈴木",
    "高橋",
    "田中",
    "伊藤",
    "渡辺",
    "山本",
    "中村",
    "小林",
    "加藤",
    "吉田",
    "山田",
    "佐々木",
    "山口",
    "松本",
    "井上",
    "木村",
    "林",
    "斎藤",
    "清水",
]
GIVEN = [
    "花子",
    "太郎",
    "ほのか",
    "陽菜",
    "さくら",
    "蓮",
    "湊",
    "結衣",
    "美咲",
    "翔太",
    "大輔",
    "健",
    "直樹",
    "彩",
    "恵",
    "由美",
    "真由美",
    "拓也",
    "優子",
    "誠",
]
TAGS = {
    "VIP": 4,
    "休眠": 30,
    "カラー": 35,
    "パーマ": 20,
    "常連": 15,
    "岐阜店": 50,
    "名古屋店": 50,
    "購入済": 25,
}  # percent
SCENARIO = "■シナリオ ようこそ\n開始: 友だち追加\n▼すぐ\nこんにちは\n▼1日後 12:00\nまた\n▼3日後 12:00\nまたまた"
COMMANDS = (
    "/ヘルプ",
    "/ヘルプ シナリオ",
    "/友だち 一覧",
    "/友だち 一覧 ページ=7",
    "/友だち 検索 田中",
    "/友だち 検索 ほのか",
    "/友だち 検索 居ない人",
    "/友だち #F218",
    "/友だち 検索 タグ:VIP",
    "/友だち 検索 タグ:岐阜店 ページ=100",
    "/友だち 検索 タグ:VIP かつ タグ:休眠 でない かつ 最終反応 30日以上前",
    "/友だち 検索 (タグ:カラー または タグ:パーマ) かつ 友だち追加 30日以内",
    "/友だち 検索 タグ:カラー,パーマ かつ 名前 含む 田",
    "/友だち 検索 最終反応 > 30日前",
    "/友だち 検索 シナリオ:ようこそ 配信中",
    "/友だち 検索 シナリオ:ようこそ 未経験 かつ 友だち追加 7日以内",
    "/友だち 検索 ランダム 10% かつ タグ:VIP",
    "/タグ 一覧",
    "/タグ 表示 VIP",
    "/タグ 使用先 VIP",
    "/タグ 付ける VIP #F218",
    "/タグ 外す VIP #F218",
    "/タグ 付ける 常連 対象: タグ:VIP かつ 最終反応 30日以上前",
    "/シナリオ 一覧",
    "/シナリオ 表示 ようこそ",
    "/シナリオ 付ける ようこそ 対象: タグ:VIP",
    "/履歴",
    "/使用量",
    "/シナリヲ ていし ようこそう",
)


async def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="bench commands", description=__doc__)
    parser.add_argument("--friends", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--each", action="store_true", help="tell every command's time")
    given = parser.parse_args(arguments)
    memory.calm()  # as our processes do
    url = await grounds.fresh_database("ayumi_bench_commands")
    process = control.Process.start()
    try:
        async with control.Simulator(process.base_url) as simulator:
            channel = await simulator.new_channel(rate_scale=None)
            async with (
                wiring.house(grounds.sandbox(channel, url), intake=True) as house,
                server.serving(house) as served,
            ):
                await channel.change(webhook_url=f"http://127.0.0.1:{served.port}/line/webhook")
                yamada, group = await _claimed(channel)
                await _furnish(yamada, group, given.friends)
                await measure(yamada, group, given.friends, given.rounds, given.each)
    finally:
        process.stop()


async def measure(yamada: control.User, group: control.Group, friends: int, rounds: int, each: bool) -> None:
    taken: dict[str, list[float]] = {command: [] for command in COMMANDS}
    for number in range(rounds + 1):
        for command in COMMANDS:
            wait = await _answered(yamada, group, command)
            if number:  # the first round warms caches and plans
                taken[command].append(wait)
    if each:
        for command, waits in taken.items():
            print(f"  {statistics.median(waits):6.1f} ms (most {max(waits):6.1f})  {command}")
    every = sorted(wait for waits in taken.values() for wait in waits)
    slowest = max(taken, key=lambda command: statistics.median(taken[command]))
    print(
        f"commands, {friends:,} friends, said to seen: median {statistics.median(every):.1f} ms,"
        f" p95 {every[int(0.95 * len(every))]:.1f} ms (goal {GOAL:.0f} ms), most {every[-1]:.1f} ms;"
        f" slowest: {slowest} ({statistics.median(taken[slowest]):.1f} ms)"
    )


async def _answered(yamada: control.User, group: control.Group, command: str) -> float:
    """Milliseconds from the word said in the group to the answer on its phones, the simulator's share included."""
    at = max((entry["seq"] for entry in await group.talk()), default=0)
    began = time.perf_counter()
    await yamada.says(command, in_group=group, wait=False)
    while True:
        entries = await group.talk(at, 10)
        if any(entry["kind"] == "bot" for entry in entries):
            return 1e3 * (time.perf_counter() - began)
        if not entries:
            raise SystemExit(f"{command} was not answered in ten seconds: the measurement is void")
        at = max(entry["seq"] for entry in entries)


async def _claimed(channel: control.Channel) -> tuple[control.User, control.Group]:
    yamada = await channel.user("山田 太郎")
    group = await channel.group("管理グループ", [yamada])
    await group.invite_bot()
    await group.sees("登録コード")
    code = await staff.new_code("owner", await clock.now())
    await yamada.says(f"登録 {code}", in_group=group)
    await group.sees("登録しました")
    return yamada, group


async def _furnish(yamada: control.User, group: control.Group, friends: int) -> None:
    """A shop some years old: names, tags, reactions, blocks, and a scenario that most have gone through."""
    await yamada.says(f"/タグ 作成 {', '.join(TAGS)}", in_group=group)
    await group.sees("を作りました")
    await yamada.says(SCENARIO, in_group=group)
    await group.sees("下書き")
    await yamada.says("/シナリオ 公開 ようこそ", in_group=group)
    await yamada.presses("公開する", in_group=group)
    await group.sees("公開しました")
    await database.run(
        "INSERT INTO friends (line_user_id, line_name, following, blocked_us, followed_at, last_reaction_at,"
        " created_at) SELECT 'U' || lpad(to_hex(n), 32, '0'),"
        " ($2::text[])[n % 20 + 1] || ' ' || ($3::text[])[n / 20 % 20 + 1],"
        " true, n % 100 < 8, came, least(came + (n % 397) * interval '1 day', now()), came FROM"
        " (SELECT n, now() - (n * 7919::bigint % 1000) * interval '1 day' AS came"
        " FROM generate_series(1, $1::int) AS n) x",
        friends,
        FAMILY,
        GIVEN,
    )
    for name, percent in TAGS.items():
        await database.run(
            "INSERT INTO friend_tags (friend_id, tag_id, at) SELECT f.id, t.id, now() FROM friends f, tags t"
            " WHERE t.name = $1 AND hashint8(f.id * 31 + t.id) & 1023 < $2::int * 1024 / 100",
            name,
            percent,
        )
    await database.run(
        "INSERT INTO subscriptions (friend_id, scenario_id, version_id, state, position, due_at, started_at, ended_at)"
        " SELECT f.id, s.id, s.live_version_id, CASE WHEN f.id % 10 = 0 THEN 'active' ELSE 'finished' END,"
        " CASE WHEN f.id % 10 = 0 THEN 1 ELSE 3 END, CASE WHEN f.id % 10 = 0 THEN now() + interval '1 day' END,"
        " f.followed_at, CASE WHEN f.id % 10 <> 0 THEN now() END FROM friends f, scenarios s WHERE f.id % 10 < 8"
    )
    await database.run("ANALYZE")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
