"""The recorder: bytes pass unchanged, the tape says nothing private, and a comparison finds what it is for."""

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from bot import settings, wiring
from storage import clock, staff
from tests.recorder import __main__ as recorder
from tests.recorder import comparison, tape
from tests.recorder.door import WEBHOOK, Door
from tests.recorder.masks import Masks
from tests.simulator import control
from tests.simulator_checks.contract.calls import Contract

SCENARIO = """\
■シナリオ ご案内
配信可能: いつでも
▼すぐ
{名前}さん、ご来店ありがとうございます。
＋ボタン 見てみる → タグ付ける 関心高"""


@pytest.fixture(scope="module")
def contract() -> Contract:
    return Contract()


@pytest.fixture
def tape_path(tmp_path: Path) -> Path:
    """Somewhere new, or where whoever renews reference.jsonl wants it."""
    return Path(os.environ.get("AYUMI_TAPE") or tmp_path / "tape.jsonl")


@pytest.fixture
async def door(channel: control.Channel, tape_path: Path) -> AsyncIterator[tuple[Door, str]]:
    """A recorder before the simulator, and its address."""
    with tape_path.open("wb") as out:
        door = Door("", channel.api_url, channel.data_url, out, Masks())
        runner = web.AppRunner(door.application(), access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield door, f"http://127.0.0.1:{runner.addresses[0][1]}"
        await runner.cleanup()


@pytest.fixture
def bot_settings(bot_settings: settings.Settings, door: tuple[Door, str]) -> settings.Settings:
    """The bot speaks to LINE through the recorder."""
    _, here = door
    return bot_settings.model_copy(update={"line_api_url": f"{here}/api", "line_data_api_url": f"{here}/data"})


@pytest.fixture
async def recorded(bot: wiring.House, channel: control.Channel, door: tuple[Door, str]) -> wiring.House:
    """The whole bot, with LINE's webhooks coming through the recorder too."""
    behind, here = door
    told = await channel.overview()
    behind.bot = str(told["webhook_url"]).removesuffix(WEBHOOK)
    await channel.change(webhook_url=here + WEBHOOK)
    return bot


async def walk(channel: control.Channel) -> list[str]:
    """The walk of docs/live-checklist.md; what must not be found on the tape."""
    assert (await channel.send_events([])).status == 200  # the console's Verify
    hanako = await channel.user("田中 花子")
    await hanako.follow()
    await hanako.says("こんにちは、予約できますか")
    taro = await channel.user("山田 太郎")
    group = await channel.group("管理グループ", [taro])
    await group.invite_bot()
    await group.sees("登録コード")
    code = await staff.new_code("owner", await clock.now())
    await taro.says(f"登録 {code}", in_group=group)
    await group.sees("登録しました")
    await taro.says(SCENARIO, in_group=group)
    await group.sees("下書き")
    await taro.says("シナリオ 公開 ご案内", in_group=group)
    await taro.presses("公開する", in_group=group)
    await group.sees("公開しました")
    await taro.says("シナリオ 付ける ご案内 「田中 花子」", in_group=group)
    await hanako.sees("ご来店ありがとうございます")
    await hanako.presses("見てみる")
    await taro.says("@Ayumi 設定", in_group=group, mentions=["Ayumi"])
    await group.sees("静音")
    await hanako.block()
    await hanako.unblock()
    await group.remove_bot()
    return [
        channel.secret,
        channel.token,
        channel.bot_user_id,
        hanako.id,
        taro.id,
        group.id,
        "花子",
        "太郎",
        "こんにちは",
        "ご来店",
        "管理グループ",
        code,
    ]


async def test_it_passes_everything_on_and_writes_down_nothing_private(
    recorded: wiring.House, channel: control.Channel, tape_path: Path, contract: Contract
) -> None:
    private = await walk(channel)
    await recorded.lanes.settle()
    await recorded.sender.settle()
    told = list(tape.read(tape_path))
    text = b"".join(tape.line(one) for one in told).decode()
    assert [word for word in private if word in text] == []
    assert comparison.problems(told, contract) == []
    seen = comparison.shapes(told, contract)
    assert {"POST /v2/bot/message/reply (200)", "POST /v2/bot/message/push (200)", "webhook follow in a user"} <= set(
        seen
    )
    reference = comparison.shapes(tape.read(recorder.REFERENCE), contract)
    assert comparison.differences(seen, reference) == []  # else renew it: docs/live-checklist.md


async def test_it_tells_the_bot_that_line_was_out_of_reach(door: tuple[Door, str], tape_path: Path) -> None:
    behind, here = door
    behind.api = "http://127.0.0.1:9"
    async with aiohttp.ClientSession() as session, session.get(f"{here}/api/v2/bot/info") as answer:
        assert answer.status == 502
    [one] = tape.read(tape_path)
    assert (one.to, one.path, one.status) == ("line", "/v2/bot/info", None)


def exchange(**changed: Any) -> tape.Exchange:
    request_id = "11111111-2222-3333-4444-555555555555"
    quota = {"to": "line", "host": "api", "method": "GET", "path": "/v2/bot/message/quota", "query": {}, "headers": {}}
    answer = {"content-type": "application/json", "x-line-request-id": request_id}
    rest = {"body": None, "status": 200, "answer_headers": answer, "answer": {"type": "limited", "value": 200}}
    return tape.Exchange(**(quota | rest | changed))


def test_it_names_what_line_does_not_describe(contract: Contract) -> None:
    assert comparison.problems([exchange()], contract) == []
    told = comparison.problems([exchange(answer={"type": "limited", "value": "200"})], contract)
    assert len(told) == 1
    assert "value" in told[0]
    assert len(comparison.problems([exchange(answer={"type": "none", "left": 3})], contract)) == 1
    assert len(comparison.problems([exchange(path="/v2/bot/nothing")], contract)) == 1
    assert len(comparison.problems([exchange(status=None, answer=None)], contract)) == 1


def test_it_names_what_only_one_of_the_two_says(contract: Contract) -> None:
    simulator = comparison.shapes([exchange()], contract)
    live = comparison.shapes([exchange(answer={"type": "none"}), exchange(path="/v2/bot/info")], contract)
    assert comparison.differences(simulator, simulator) == []
    assert comparison.differences(live, simulator) == [
        "GET /v2/bot/info (200): the simulator's tape has nothing of the kind",
        "GET /v2/bot/message/quota (200): only the simulator says /value (number)",
    ]


def test_it_is_no_tape_without_exchanges(tmp_path: Path) -> None:
    (tmp_path / "diary.jsonl").write_text('{"dear": "diary"}\n')
    with pytest.raises(ValueError, match="line 1"):
        list(tape.read(tmp_path / "diary.jsonl"))


@given(st.text(min_size=1), st.sampled_from(["text", "displayName", "replyToken", "userId", "data", "uri", ""]))
def test_it_masks_a_word_as_something_as_long(text: str, key: str) -> None:
    masks = Masks()
    mask = masks.value({key: text})[key]
    assert masks.value({key: text})[key] == mask
    assert len(mask.encode("utf-16-le", "surrogatepass")) >= len(text.encode("utf-16-le", "surrogatepass"))
    if len(set(text) - set("$@{}xあ𠮷0123456789-:T ")) > 0 and not text.startswith("http"):
        assert mask != text


def test_it_keeps_what_line_says_when_it_refuses_but_for_who_it_was() -> None:
    user = "U" + "0a" * 16
    said = {"message": f"The user {user} is not here", "details": [{"message": "May not be empty", "property": "to"}]}
    masked = Masks().value(said, refused=True)
    assert masked["details"] == said["details"]
    assert user not in orjson.dumps(masked).decode()
    assert masked["message"].startswith("The user U")
