"""Where the stories of kinds are played: one shop, its owner in the staff's group, customers who come by."""

import json
from dataclasses import dataclass, field

from storage import clock, staff
from tests.simulator import control


@dataclass(slots=True)
class Stage:
    channel: control.Channel
    yamada: control.User
    group: control.Group
    _read: int = field(default=0, init=False)  # where the group's talk has been read to

    async def asks(self, text: str) -> str:
        """What the group is answered to something 山田 says there, all words of it."""
        await self._read_on()
        await self.yamada.says(text, in_group=self.group)
        return await self._answer()

    async def presses(self, label: str) -> str:
        await self._read_on()
        await self.yamada.presses(label, in_group=self.group)
        return await self._answer()

    async def _read_on(self) -> None:
        self._read = max([self._read, *(entry["seq"] for entry in await self.group.talk(self._read))])

    async def _answer(self) -> str:
        seen = await self.group.sees_count(1, after=self._read)
        return json.dumps([one.message for one in seen], ensure_ascii=False)

    async def greets_with(self, actions: str) -> None:
        """From now on these actions are carried out for whoever follows."""
        await self.asks(f"■あいさつ 友だち追加\n▼新規\nこんにちは\n＋実行 {actions}")
        assert "反映しました" in await self.presses("反映する")

    async def customer(self, name: str, actions: str) -> control.User:
        """A new friend for whom these actions have just been carried out, and who has been greeted."""
        await self.greets_with(actions)
        user = await self.channel.user(name)
        await user.follow()
        await user.sees("こんにちは")
        return user


async def opened(channel: control.Channel) -> Stage:
    """The shop on its first evening: the group is claimed, nothing else is there."""
    yamada = await channel.user("山田 太郎")
    group = await channel.group("管理グループ", [yamada])
    await group.invite_bot()
    await group.sees("登録コード")
    code = await staff.new_code("owner", await clock.now())
    await yamada.says(f"登録 {code}", in_group=group)
    await group.sees("登録しました")
    return Stage(channel, yamada, group)
