"""Scenes, played on request."""

from typing import Any

from tests.simulator.desk.asking import Asked
from tests.simulator.people import Impossible
from tests.simulator.scenes import playing

LONGEST_PAUSE_MS = 2_000


async def played(asked: Asked) -> dict[str, Any]:
    """pause_ms between the steps; {wait: false} answers at once and tells its progress in the stream."""
    channel, name = asked.channel, asked.request.match_info["scene"]
    pause_ms = asked.whole("pause_ms", 0)
    if not 0 <= pause_ms <= LONGEST_PAUSE_MS:
        raise Impossible(f"pause_ms is 0 to {LONGEST_PAUSE_MS}")
    steps = len(playing.find(name).steps)
    if channel.playing.locked():
        raise Impossible("a scene is being played already", "場面を再生中です。終わるまでお待ちください。")
    work = playing.play(channel, asked.postman, name, pause_ms)
    if not asked.flag("wait", True):
        asked.postman.beside(asked.told(work))
        return {"steps": steps, "playing": True}
    await work
    return {"steps": steps, "playing": False}
