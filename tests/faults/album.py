"""Staff send photos and a film and name the film at once: every one of them is kept, once, whatever dies meanwhile."""

import os
from typing import Any

from bot.media import copying
from storage import clock, database, staff
from storage.media import contents
from tests import photos
from tests.faults.house import House
from tests.faults.scenes import Scene
from tests.simulator import control

NAME = "album"
WIDTHS = (101, 102, 103)  # of the photos, so that each is known
BALLAST = contents.IN_DATABASE + 1000  # the film lies as a file
NOTED = "SELECT count(*) FROM received"

KEPT = """
SELECT r.state, r.tries, c.kind, c.width, v.file FROM received r
    LEFT JOIN contents c ON c.id = r.content_id
    LEFT JOIN content_versions v ON v.content_id = c.id AND v.variant = 'original' ORDER BY c.kind, c.width, r.id
"""
ONCE = {
    "contents": (len(WIDTHS) + 1, "SELECT count(*) FROM contents"),
    "media": (1, "SELECT count(*) FROM media WHERE name = '店内' AND kind = 'video' AND deleted_at IS NULL"),
    "deeds": (1, "SELECT count(*) FROM audit_entries WHERE verb = 'media.new'"),
    "wishes": (0, "SELECT count(*) FROM received WHERE wish IS NOT NULL"),
    "answers": (
        1,
        "SELECT count(*) FROM outbox WHERE position('「店内」#I'::bytea in body) > 0"
        " AND state IN ('accepted', 'unknown', 'waiting')",
    ),
}


class Album(Scene):
    """Three photos and a film come one after the other; the film gets its name while it is still being copied."""

    cost = 0

    def __init__(self) -> None:
        self.expected: dict[str, list[str]] = {}

    async def prepare(self, house: House) -> None:
        self._yamada: control.User = await house.channel.user("山田")
        self._group: control.Group = await house.channel.group("撮影", [self._yamada])
        await self._group.invite_bot(wait=False)
        await database.run(
            "INSERT INTO groups (line_group_id, name, state, joined_at) VALUES ($1, '撮影', 'claimed', now())",
            self._group.id,
        )
        await staff.appoint(self._yamada.id, "山田", "owner", await clock.now())

    async def begin(self, house: House) -> None:
        await house.channel.change(redelivery={"on": True, "times": 100, "pause_ms": 200})
        for width in WIDTHS:
            await self._yamada.sends("image", content=photos.photo(width, 100), in_group=self._group)
        film = await self._yamada.sends(
            "video", content=photos.film(ballast=BALLAST), in_group=self._group, duration=3000
        )
        await house.comes_to(len(WIDTHS) + 1, NOTED)  # what is said must not come before what it is said of
        await self._yamada.says("メディア 作成 店内", in_group=self._group, quotes=film.message_id)

    def enough(self, progress: dict[str, Any]) -> bool:
        return int(progress["events"]) == len(WIDTHS) + 2

    async def look(self, house: House) -> None:
        kept = await database.rows(KEPT)
        assert [(row["kind"], row["width"]) for row in kept] == [
            *(("image", width) for width in WIDTHS),
            ("video", None),
        ], kept
        assert {row["state"] for row in kept} == {"kept"}
        outbox = await database.rows("SELECT id, state, cause, body FROM outbox ORDER BY id")
        for what, (count, sql) in ONCE.items():
            assert await database.value(sql) == count, (what, outbox)
        told = [one.text for one in await self._group.seen() if "「店内」#I" in one.text]
        assert len(told) <= 1
        folder = house.media
        for path in folder.iterdir():
            os.utime(path, (0, 0))
        await copying.forget(folder)  # what a dead process left there goes, an hour later
        assert [path.name for path in folder.iterdir()] == [kept[-1]["file"]]
        assert (folder / kept[-1]["file"]).stat().st_size > BALLAST
