"""What people sent, on the host for files: prepared, previewed, taken back, deleted in time."""

from typing import Any

import pytest

from tests.simulator.control import Channel, User
from tests.simulator_checks.bots import Line

PNG = b"\x89PNG\r\n\x1a\n picture"


def path(message_id: str, what: str = "") -> str:
    return f"/data/v2/bot/message/{message_id}/content{what}"


@pytest.mark.parametrize("kind", ["image", "video", "audio", "file"])
async def test_it_gives_the_bytes_a_person_sent(line: Line, tanaka: User, kind: str) -> None:
    """[R#get-content]; on api-data.line.me only: elsewhere 404 [R#domain-name]"""
    sent = await tanaka.sends(kind, content=PNG, contentType="application/x-own")
    answer = await line.get(path(sent.message_id))
    assert (answer.status, answer.raw, answer.headers["content-type"]) == (200, PNG, "application/x-own")
    for what in ("", "/preview", "/transcoding"):
        assert (await line.get(path(sent.message_id, what).removeprefix("/data"))).status == 404


@pytest.mark.parametrize("kind", ["video", "audio"])
async def test_it_prepares_films_and_sounds_for_a_while(channel: Channel, line: Line, tanaka: User, kind: str) -> None:
    """202 while preparing; transcoding processing, succeeded [R#get-content, R#verify-video-or-audio...]"""
    await channel.change(content_takes_ms=60_000)
    sent = await tanaka.sends(kind, content=b"film")
    answer = await line.get(path(sent.message_id))
    assert (answer.status, answer.body) == (202, {})
    assert (await line.get(path(sent.message_id, "/transcoding"))).body == {"status": "processing"}
    assert (await line.get(path(sent.message_id, "/preview"))).status == (202 if kind == "video" else 404)
    await channel.advance(minutes=1)
    assert (await line.get(path(sent.message_id))).raw == b"film"
    assert (await line.get(path(sent.message_id, "/transcoding"))).body == {"status": "succeeded"}


async def test_it_gives_pictures_and_files_at_once(channel: Channel, line: Line, tanaka: User) -> None:
    """only video and audio are prepared [R#get-content]"""
    await channel.change(content_takes_ms=60_000)
    for kind in ("image", "file"):
        sent = await tanaka.sends(kind, content=PNG)
        assert (await line.get(path(sent.message_id))).status == 200


async def test_it_can_fail_to_prepare(channel: Channel, line: Line, tanaka: User) -> None:
    """transcoding failed [R#verify-video-or-audio-preparation-status]: a knob"""
    await channel.change(content_takes_ms=1_000, content_fails=True)
    sent = await tanaka.sends("video", content=b"film")
    await channel.advance(seconds=1)
    assert (await line.get(path(sent.message_id, "/transcoding"))).body == {"status": "failed"}
    assert (await line.get(path(sent.message_id))).status == 404


@pytest.mark.parametrize(
    ("kind", "preview", "transcoding"),
    [("image", 200, 404), ("video", 200, 200), ("audio", 404, 200), ("file", 404, 404)],
)
async def test_it_previews_pictures_and_films_only(
    line: Line, tanaka: User, kind: str, preview: int, transcoding: int
) -> None:
    """preview: image/video only; transcoding: video/audio only [R#get-image-or-video-preview]"""
    sent = await tanaka.sends(kind, content=PNG, contentType="image/png")
    answer = await line.get(path(sent.message_id, "/preview"))
    assert answer.status == preview
    if preview == 200:
        assert answer.raw.startswith(b"\x89PNG")
        assert answer.headers["content-type"] == "image/png"
    assert (await line.get(path(sent.message_id, "/transcoding"))).status == transcoding


@pytest.mark.parametrize("what", ["", "/preview", "/transcoding"])
async def test_it_has_nothing_of_what_was_taken_back(line: Line, tanaka: User, what: str) -> None:
    """410 unsent; 404 not found [R#get-content]"""
    sent = await tanaka.sends("video", content=b"film")
    assert (await line.get(path(sent.message_id, what))).status == 200
    await tanaka.unsends(sent.message_id)
    assert (await line.get(path(sent.message_id, what))).status == 410
    assert (await line.get(path("1", what))).status == 404


async def test_it_has_nothing_that_lies_with_others(line: Line, tanaka: User) -> None:
    """contentProvider external: the content API cannot fetch it [R#message-event]"""
    provider: dict[str, Any] = {
        "type": "external",
        "originalContentUrl": "https://example.com/a.png",
        "previewImageUrl": "https://example.com/b.png",
    }
    sent = await tanaka.sends("image", contentProvider=provider)
    for what in ("", "/preview"):
        assert (await line.get(path(sent.message_id, what))).status == 404


@pytest.mark.parametrize(("days", "status"), [(6.9, 200), (7, 404)])
async def test_it_can_delete_contents_after_some_days(
    channel: Channel, line: Line, tanaka: User, days: float, status: int
) -> None:
    """stored for an undisclosed time [section 8]: a knob"""
    sent = await tanaka.sends("image", content=PNG)
    await channel.advance(days=days)
    assert (await line.get(path(sent.message_id))).status == 200
    await channel.change(content_kept_days=7)
    assert (await line.get(path(sent.message_id))).status == status
