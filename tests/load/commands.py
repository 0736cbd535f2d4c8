"""`./ayumi bench commands`: how long we need to answer staff in a shop of 100,000 friends.

Our own time: from the webhook's body to the answer handed to the LINE client, everything between them in it (the event
stored, the lane's transaction, the answer committed and claimed), less the time LINE takes to tell the speaker's name.
The CPU is that of our process and of its sessions in PostgreSQL during that time; it tells more on a busy machine.
"""

import argparse
import asyncio
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot import memory, server, webhook, wiring
from bot.line import Client
from jobs import ports
from storage import database
from tests.load import _ground as grounds
from tests.load import _shop
from tests.simulator import control

GOAL = 100.0  # ms, 95 of 100 answers
# Every noun's reading commands, conditions of every kind, changes; each is said as often as the others.
COMMANDS = (
    "/ヘルプ",
    "/ヘルプ シナリオ",
    "/友だち 一覧",
    "/友だち 一覧 ページ=7",
    "/友だち 検索 田中",
    "/友だち 検索 ほのか",
    "/友だち 検索 居ない人",
    "/友だち 検索 ブロック",
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
    "/友だち 検索 タグ:名古屋店 でない 並び=名前",
    "/友だち 非表示 #F218",
    "/友だち 非表示 #F218 解除",
    "/タグ 一覧",
    "/タグ 検索 店",
    "/タグ 表示 VIP",
    "/タグ 使用先 VIP",
    "/タグ 付ける VIP #F218",
    "/タグ 外す VIP #F218",
    "/タグ 付ける 常連 対象: タグ:VIP かつ 最終反応 30日以上前",
    "/タグ 統合 岐阜店 → 名古屋店",
    "/タグ 複製 岐阜店 → 岐阜",
    "/タグ 削除 岐阜店",
    "/シナリオ 一覧",
    "/シナリオ 表示 ようこそ",
    "/シナリオ 確認 ようこそ",
    "/シナリオ 結果 ようこそ",
    "/シナリオ 使用先 ようこそ",
    "/シナリオ 書出 ようこそ",
    "/シナリオ 版 ようこそ",
    "/シナリオ 付ける ようこそ 対象: タグ:VIP",
    "/シナリオ 外す ようこそ 対象: タグ:VIP",
    "/シナリオ 変更 ようこそ 2通目 時刻 13:00",
    "/シナリオ 削除 ようこそ",
    "/あいさつ 表示",
    "/テンプレ 一覧",
    "/テンプレ 表示 料金表",
    "/メディア 一覧",
    "/スタッフ 一覧",
    "/グループ 一覧",
    "/使用量",
    "/下書き 一覧",
    "/下書き ごみ箱",
    "/履歴",
    "/履歴 シナリオ=ようこそ",
    "/取消",
    "/控え 作成",
    "/控え 一覧",
    "/設定 一覧",
    "/設定 緊急停止 解除",
    "/エラー 一覧",
    "/はじめる",
    "/シナリヲ ていし ようこそう",
    _shop.TEMPLATE,
)


@dataclass(frozen=True, slots=True)
class Taken:
    """Milliseconds that one answer took."""

    own: float
    cpu: float


class Watch:
    """When our part of one answer began and ended, and what LINE took of it (seconds)."""

    def __init__(self, line: Client) -> None:
        self._sessions: list[int] = []  # their processes in PostgreSQL
        self._look_at(line)
        self.begin()

    def begin(self) -> None:
        self._began = self._ended = self._asking = self._cpu_before = self._cpu_after = 0.0

    @property
    def taken(self) -> Taken:
        return Taken(1e3 * (self._ended - self._began - self._asking), self._cpu_after - self._cpu_before)

    async def find_sessions(self) -> None:
        found = await database.rows("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        self._sessions = [row["pid"] for row in found] if sys.platform == "linux" else []

    def _cpu(self) -> float:
        """Milliseconds used so far by us and by our sessions; helpers that PostgreSQL starts are not counted."""
        theirs = [Path(f"/proc/{pid}/schedstat").read_text().split()[0] for pid in self._sessions]
        return 1e3 * time.process_time() + sum(map(int, theirs)) / 1e6

    def _look_at(self, line: Client) -> None:
        """Note the first body that the webhook reads, the questions to LINE and the replies."""
        signed, member, reply = webhook.signed, line.member, line.reply

        def noted(body: bytes, signature: str, keys: Sequence[bytes]) -> bool:
            if not self._began:
                self._cpu_before = self._cpu()
                self._began = time.perf_counter()
            return signed(body, signature, keys)

        async def asked(group: str, user: str) -> ports.Profile:
            began = time.perf_counter()
            try:
                return await member(group, user)
            finally:
                self._asking += time.perf_counter() - began

        async def answered(token: str, messages: bytes) -> ports.Outcome:
            self._ended = time.perf_counter()
            self._cpu_after = self._cpu()
            return await reply(token, messages)

        webhook.signed = noted
        line.member = asked  # type: ignore[method-assign, assignment] # LINE's time is none of ours
        line.reply = answered  # type: ignore[method-assign] # so that its call is timed


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
                yamada, group = await _shop.claimed(channel)
                await _shop.furnish(yamada, group, given.friends)
                await measure(house, yamada, group, given)
    finally:
        process.stop()


async def measure(house: wiring.House, yamada: control.User, group: control.Group, given: argparse.Namespace) -> None:
    watch = Watch(house.line)
    taken: dict[str, list[Taken]] = {command: [] for command in COMMANDS}
    for number in range(given.rounds + 1):
        await watch.find_sessions()
        for command in COMMANDS:
            watch.begin()
            await _answered(yamada, group, command)
            await house.sender.settle()
            if number:  # the first round warms caches and plans
                taken[command].append(watch.taken)
    if given.each:
        for command, times in taken.items():
            own = [one.own for one in times]
            cpu = statistics.median(one.cpu for one in times)
            print(
                f"  {statistics.median(own):6.1f} ms (most {max(own):6.1f}, CPU {cpu:5.1f})  {command.splitlines()[0]}"
            )
    told = [_spread(what, [getattr(one, what) for times in taken.values() for one in times]) for what in ("own", "cpu")]
    print(f"{len(COMMANDS)} commands, {given.friends:,} friends, goal p95 {GOAL:.0f} ms:", *told, sep="\n  ")


def _spread(what: str, times: Sequence[float]) -> str:
    ordered = sorted(times)
    p95 = ordered[int(0.95 * len(ordered))]
    return f"{what}: median {statistics.median(ordered):.1f} ms, p95 {p95:.1f} ms, most {ordered[-1]:.1f} ms"


async def _answered(yamada: control.User, group: control.Group, command: str) -> None:
    """Say it in the group, and wait for the answer on its phones."""
    at = max((entry["seq"] for entry in await group.talk()), default=0)
    await yamada.says(command, in_group=group, wait=False)
    while True:
        entries = await group.talk(at, 10)
        if any(entry["kind"] == "bot" for entry in entries):
            return
        if not entries:
            raise SystemExit(f"{command} was not answered in ten seconds: the measurement is void")
        at = max(entry["seq"] for entry in entries)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
