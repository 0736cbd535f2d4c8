"""The process itself: starts, keeps its state, ends; the sandbox's cast."""

import os
import signal
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import aiohttp
import orjson
import pytest

from tests.simulator import control
from tests.simulator_checks.bots import Bot, Line, text
from tests.simulator_checks.contract import process as watched

SANDBOX = ("--sandbox", "--secret", "s3cret", "--token", "t0ken", "--webhook", "http://127.0.0.1:9/line/webhook")


async def test_it_remembers_everything_over_a_restart(tmp_path: Path, bot: Bot) -> None:
    state = tmp_path / "deep" / "state.json"
    process = watched.start("--state", str(state))
    key = str(uuid4())
    async with control.Simulator(process.base_url) as simulator, aiohttp.ClientSession() as session:
        channel = await simulator.new_channel(webhook=bot.url, quota=10, channel_id="kept")
        line = Line(session, channel)
        tanaka = await channel.user("田中 花子")
        await tanaka.follow()
        token = bot.last()["replyToken"]
        group = await channel.group("管理グループ", [tanaka])
        await group.invite_bot()
        sent = await tanaka.sends("image", content=b"bytes", contentType="image/png")
        await line.push(tanaka.id, text("一"), key=key)
        suzuki = await channel.user("鈴木 一郎")
        await line.push(suzuki.id, text("届かない"))
        await channel.advance(seconds=30)
        before = [await tanaka.talk(), await group.talk(), await channel.deliveries(), await channel.undelivered()]
        calls = await channel.calls()
    assert process.stop() == 0
    assert oct(state.stat().st_mode & 0o777) == "0o600"

    process = watched.start("--state", str(state))
    async with control.Simulator(process.base_url) as simulator, aiohttp.ClientSession() as session:
        channel = await simulator.channel("kept")
        line = Line(session, channel)
        tanaka, group = await channel.user("田中 花子"), await channel.group("管理グループ")
        after = [await tanaka.talk(), await group.talk(), await channel.deliveries(), await channel.undelivered()]
        assert after == before
        assert await channel.calls() == calls
        assert (await channel.now()).timestamp() - time.time() > 29
        assert (await line.push(tanaka.id, text("一"), key=key)).status == 409
        assert (await line.reply(token, text("返事"))).status == 200
        assert (await line.get(f"/data/v2/bot/message/{sent.message_id}/content")).raw == b"bytes"
        assert await channel.used() == 1
        assert (await channel.overview())["usage"] == {"used": 1, "limit": 10}
    assert process.stop() == 0


async def test_it_saves_while_it_runs(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    process = watched.start("--state", str(state))
    async with control.Simulator(process.base_url) as simulator:
        await simulator.new_channel(channel_id="early")
        while not exists(state):
            assert await simulator.ask("GET", "/health")
    process.process.kill()
    process.stop()
    assert orjson.loads(state.read_bytes())["channels"][0]["id"] == "early"
    assert os.listdir(tmp_path) == [state.name]


def exists(path: Path) -> bool:
    return path.exists()


async def test_it_opens_the_sandbox_with_the_same_cast_each_time(tmp_path: Path) -> None:
    seen = []
    for token in ("t0ken", "another"):
        process = watched.start("--state", str(tmp_path / "s.json"), *SANDBOX[:4], token, *SANDBOX[5:])
        async with control.Simulator(process.base_url) as simulator, aiohttp.ClientSession() as session:
            channel = await simulator.channel("sandbox")
            seen.append(await channel.overview())
            assert (channel.secret, channel.token) == ("s3cret", token)
            assert (await Line(session, channel).get("/v2/bot/info")).status == 200
        process.stop()
    first, second = seen
    assert [(one["name"], one["state"]) for one in first["people"]] == [
        ("田中 花子", "stranger"),
        ("鈴木 一郎", "stranger"),
        ("山田 太郎", "stranger"),
        ("佐藤 美咲", "stranger"),
    ]
    [group] = first["groups"]
    assert (group["name"], group["bot_in"]) == ("管理グループ", False)
    assert group["members"] == [one["id"] for one in first["people"][2:]]
    assert first["settings"]["drive_bot"]
    assert (second["people"], second["groups"], second["bot_user_id"]) == (
        first["people"],
        first["groups"],
        first["bot_user_id"],
    )


async def test_it_catches_up_after_a_start_with_a_bot_that_is_ahead(bot: Bot) -> None:
    """as when the state was lost, or is older than the bot's"""
    bot.now = datetime.now(UTC) + timedelta(days=5)
    process = watched.start(*SANDBOX[:-1], bot.url)
    async with control.Simulator(process.base_url) as simulator:
        channel = await simulator.channel("sandbox")
        while await channel.now() < bot.now:
            assert process.process.poll() is None
    process.stop()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_ends_at_once_and_cleanly(number: signal.Signals) -> None:
    process = watched.start()
    async with control.Simulator(process.base_url) as simulator:
        channel = await simulator.new_channel()
        async with channel.events() as events:
            await anext(events)
            process.process.send_signal(number)
            assert process.process.wait(5) == 0
    process.stop()


def test_it_ends_with_whoever_started_it() -> None:
    reading, writing = os.pipe()
    command = [sys.executable, "-m", "tests.simulator", "--end-with-stdin"]
    with subprocess.Popen(command, stdin=reading, stdout=subprocess.PIPE, cwd=control.ROOT, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("simulator ready")
        os.close(reading)
        os.close(writing)
        assert process.wait(5) == 0


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "tests.simulator", *arguments]
    return subprocess.run(command, cwd=control.ROOT, capture_output=True, text=True, timeout=20, check=False)


def test_it_says_in_a_sentence_why_it_cannot_start(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        result = run("--port", port)
    assert result.returncode == 1
    assert result.stderr.strip() == f"The simulator cannot listen on 127.0.0.1:{port}: Address already in use"
    broken = tmp_path / "state.json"
    broken.write_bytes(b'{"format": 99}')
    result = run("--state", str(broken))
    assert (result.returncode, "another version" in result.stderr) == (1, True)
    assert run("--sandbox").returncode == 2


def test_it_tells_no_token_of_a_state_it_cannot_read(tmp_path: Path) -> None:
    kept = tmp_path / "state.json"
    process = control.Process.start(
        "--state", str(kept), "--sandbox", "--secret", "s", "--token", "t", "--webhook", "http://127.0.0.1:1/"
    )
    assert process.stop() == 0
    state = orjson.loads(kept.read_bytes())
    state["channels"][0]["tokens"]["given"] = {"a-real-token": {"kind": "short-lived", "until_ms": "never"}}
    kept.write_bytes(orjson.dumps(state))
    result = run("--state", str(kept))
    assert result.returncode == 1
    assert "tokens has 1 value(s)" in result.stderr
    assert "a-real-token" not in result.stderr
