"""People and groups: what they do, and what stands on their screens."""

import asyncio
import base64
from collections.abc import Callable
from typing import Any

from tests.simulator.control.desk import Asks
from tests.simulator.control.seen import Done, Json, Menu, Seen, bubbles


class Talk:
    """What a person or a group has on the screen."""

    def __init__(self, channel: Asks, chat_id: str) -> None:
        self.channel = channel
        self.id = chat_id

    async def talk(self, after: int = 0, wait: float = 0) -> list[Json]:
        """Everything in the talk (kind: bot, person, note); waits so many seconds for something newer than after."""
        answer: Json = await self.channel.ask("GET", f"/talks/{self.id}?after={after}&wait={wait}")
        entries: list[Json] = answer["entries"]
        return entries

    async def seen(self, after: int = 0) -> list[Seen]:
        """The bot's bubbles, oldest first."""
        return bubbles(await self.talk(after))

    async def texts(self, after: int = 0) -> list[str]:
        return [one.text for one in await self.seen(after)]

    async def sees(self, wanted: str | Callable[[Seen], bool], *, after: int = 0, seconds: float = 10.0) -> Seen:
        """The first bubble of the bot with these words in it (or that fits); AssertionError when none comes."""
        fits = (lambda one: wanted in one.text) if isinstance(wanted, str) else wanted
        loop = asyncio.get_running_loop()
        ends = loop.time() + seconds
        at = after
        while True:
            entries = await self.talk(at, max(0.0, min(ends - loop.time(), 10.0)))
            for one in bubbles(entries):
                if fits(one):
                    return one
            at = max([at, *(entry["seq"] for entry in entries)])
            if loop.time() >= ends:
                shown = [one.text for one in await self.seen(after)]
                raise AssertionError(f"not seen within {seconds} s: {wanted!r}; there is {shown!r}")

    async def sees_count(self, count: int, *, after: int = 0, seconds: float = 10.0) -> list[Seen]:
        """All bubbles of the bot once there are at least `count`."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + seconds
        at = after
        seen: list[Seen] = []
        while len(seen) < count:
            entries = await self.talk(at, max(0.0, min(ends - loop.time(), 10.0)))
            seen += bubbles(entries)
            at = max([at, *(entry["seq"] for entry in entries)])
            if len(seen) < count and loop.time() >= ends:
                raise AssertionError(f"{len(seen)} of {count} bubbles after {seconds} s: {[s.text for s in seen]!r}")
        return seen

    async def buttons(self) -> list[Json]:
        """What can be pressed now: message_id, pointer, action."""
        found: list[Json] = await self.channel.ask("GET", f"/talks/{self.id}/buttons")
        return found


class User(Talk):
    """A person with a phone. Deeds in a group name it: await yamada.says("ヘルプ", in_group=group)."""

    def __init__(self, channel: Asks, answer: Json) -> None:
        super().__init__(channel, answer["id"])
        self.name: str = answer["name"]

    async def _does(self, deed: str, body: Json, in_group: "Group | None" = None, wait: bool = True) -> Done:
        wanted = {key: value for key, value in body.items() if value is not None}
        if in_group is not None:
            wanted["in"] = in_group.id
        if not wait:
            wanted["wait"] = False
        return Done(await self.channel.ask("POST", f"/people/{self.id}/{deed}", wanted))

    async def follow(self, *, wait: bool = True) -> Done:
        return await self._does("follow", {}, wait=wait)

    async def block(self, *, wait: bool = True) -> Done:
        return await self._does("block", {}, wait=wait)

    async def unblock(self, *, wait: bool = True) -> Done:
        return await self._does("unblock", {}, wait=wait)

    async def says(
        self,
        text: str,
        *,
        in_group: "Group | None" = None,
        quotes: str | None = None,
        mentions: list[str] | None = None,
        wait: bool = True,
    ) -> Done:
        """quotes: a message id. mentions: names that stand in the text after an @ (the bot's own too; 'All')."""
        body = {"text": text, "quotes": quotes, "mentions": mentions}
        return await self._does("say", body, in_group, wait)

    async def sends(
        self,
        kind: str,
        *,
        content: bytes | None = None,
        in_group: "Group | None" = None,
        wait: bool = True,
        **properties: Any,
    ) -> Done:
        """sticker (packageId, stickerId, stickerResourceType), image, video, audio, file, location (...)."""
        body: Json = {"message": {"type": kind, **properties}}
        if content is not None:
            body["content"] = base64.b64encode(content).decode()
        return await self._does("send", body, in_group, wait)

    async def edits(self, message_id: str, text: str, *, in_group: "Group", mentions: list[str] | None = None) -> Done:
        """New words for an own text in a group."""
        return await self._does("edit", {"message_id": message_id, "text": text, "mentions": mentions}, in_group)

    async def unsends(self, message_id: str, *, in_group: "Group | None" = None) -> Done:
        return await self._does("unsend", {"message_id": message_id}, in_group)

    async def presses(
        self,
        label: str | None = None,
        *,
        in_group: "Group | None" = None,
        message_id: str | None = None,
        pointer: str | None = None,
        value: str | None = None,
        wait: bool = True,
    ) -> Done:
        """The newest button with that label (or at that pointer of that message). value: for a date picker."""
        body = {"label": label, "message_id": message_id, "pointer": pointer, "value": value}
        return await self._does("press", body, in_group, wait)

    async def reads(self, message_id: str, *, in_group: "Group | None" = None) -> None:
        """Everything in the talk up to that bubble is on the screen: each new bubble of the bot is displayed once."""
        await self._looks("read", {"message_id": message_id}, in_group)

    async def reads_all(self, *, in_group: "Group | None" = None) -> None:
        """Up to the bot's last bubble."""
        talk = self if in_group is None else in_group
        await self.reads((await talk.seen())[-1].id, in_group=in_group)

    async def displays_again(self, message_id: str, *, in_group: "Group | None" = None) -> None:
        await self._looks("display-again", {"message_id": message_id}, in_group)

    async def follows_link(self, message_id: str, url: str, *, in_group: "Group | None" = None) -> None:
        """An address in the words of a bubble, or behind one of its buttons."""
        await self._looks("follow-link", {"message_id": message_id, "url": url}, in_group)

    async def _looks(self, deed: str, body: Json, in_group: "Group | None") -> None:
        where = {} if in_group is None else {"in": in_group.id}
        await self.channel.ask("POST", f"/people/{self.id}/{deed}", {**body, **where})

    async def plays(self, message_id: str, percent: int = 100, *, in_group: "Group | None" = None) -> Done:
        """A film or sound, so far; the event is that of a tracked film seen to its end."""
        return await self._does("play", {"message_id": message_id, "percent": percent}, in_group)

    async def opens_talk(self) -> None:
        await self.channel.ask("POST", f"/people/{self.id}/screen/open", {})

    async def closes_talk(self) -> None:
        await self.channel.ask("POST", f"/people/{self.id}/screen/close", {})

    async def screen(self) -> Json:
        """open (the talk with the bot), loading (seconds the loading animation will still be seen)."""
        answer: Json = await self.channel.ask("GET", f"/people/{self.id}/screen")
        return answer

    async def links_account(self, link_token: str, nonce: str) -> Done:
        return await self._does("link-account", {"link_token": link_token, "nonce": nonce})

    async def deletes_account(self) -> Done:
        """Leave LINE for good; no webhook tells of it."""
        return await self._does("delete-account", {})

    async def membership(self, what: str, membership_id: int) -> Done:
        """what: joined, left or renewed."""
        return await self._does("membership", {"type": what, "membership_id": membership_id})

    async def menu(self) -> Menu | None:
        """The rich menu on the screen now. Changes of the default wait until the talk is opened again."""
        return menu_of(await self.channel.ask("GET", f"/people/{self.id}/menu"))

    async def reopens_talk(self) -> Menu | None:
        return menu_of(await self.channel.ask("POST", f"/people/{self.id}/menu/reopen", {}))

    async def taps_bar(self) -> Menu:
        """Opens the menu, or closes it."""
        menu = menu_of(await self.channel.ask("POST", f"/people/{self.id}/menu/bar", {}))
        assert menu is not None
        return menu

    async def taps(self, area: str | int, *, value: str | None = None, wait: bool = True) -> Done:
        """An area of the open menu, by its index or by the label (else text, tab, address) of its action."""
        where: Json = {"label": area} if isinstance(area, str) else {"area": area}
        return await self._does("menu/tap", {**where, "value": value}, wait=wait)

    async def about(self) -> Json:
        """name, state (stranger, friend, blocked, deleted), received (bubbles), opened (addresses pressed), ..."""
        answer: Json = await self.channel.ask("GET", f"/people/{self.id}")
        return answer

    async def change(self, **profile: Any) -> None:
        """name, picture_url, status_message, language; app (ios, android, others), gender (male, female), age,
        area (jp_01 ..), consents."""
        answer = await self.channel.ask("PATCH", f"/people/{self.id}", dict(profile))
        self.name = answer["name"]


class Group(Talk):
    """A group or room of people, with or without the bot."""

    def __init__(self, channel: Asks, answer: Json) -> None:
        super().__init__(channel, answer["id"])
        self.name: str = answer["name"]

    async def _does(self, deed: str, user: User | None, wait: bool) -> Done:
        body: Json = {"wait": wait}
        if user is not None:
            body["user"] = user.id
        return Done(await self.channel.ask("POST", f"/groups/{self.id}/{deed}", body))

    async def invite_bot(self, by: User | None = None, *, wait: bool = True) -> Done:
        return await self._does("invite-bot", by, wait)

    async def remove_bot(self, by: User | None = None, *, wait: bool = True) -> Done:
        return await self._does("remove-bot", by, wait)

    async def joins(self, *users: User, wait: bool = True) -> Done:
        """One or several at once."""
        return await self._members("join", users, wait)

    async def leaves(self, *users: User, wait: bool = True) -> Done:
        return await self._members("leave", users, wait)

    async def _members(self, deed: str, users: tuple[User, ...], wait: bool) -> Done:
        body = {"users": [user.id for user in users], "wait": wait}
        return Done(await self.channel.ask("POST", f"/groups/{self.id}/{deed}", body))

    async def invite_other_bot(self) -> Done:
        """Another official account; there is never more than one in a group."""
        return await self._does("invite-other-bot", None, True)

    async def remove_other_bot(self) -> Done:
        return await self._does("remove-other-bot", None, True)

    async def change(self, **looks: str | None) -> None:
        """name, picture_url."""
        await self.channel.ask("PATCH", f"/groups/{self.id}", dict(looks))

    async def about(self) -> Json:
        """id, name, members (user ids), bot_in."""
        answer: Json = await self.channel.ask("GET", f"/groups/{self.id}")
        return answer


def menu_of(answer: Json) -> Menu | None:
    return None if answer["menu"] is None else Menu(**answer["menu"])
