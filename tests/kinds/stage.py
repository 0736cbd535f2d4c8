"""Where the stories of kinds are played: one shop, its owner in the staff's group, customers who come by."""

import json
from dataclasses import dataclass

from storage import clock, staff
from tests.simulator import control


@dataclass(slots=True)
class Stage:
    channel: control.Channel
    yamada: control.User
    group: control.Group

    async def asks(self, text: str) -> str:
        """What the group is answered to something 山田 says there, all words of it."""
        before = await self.group.seen()
        await self.yamada.says(text, in_group=self.group)
        return await self._answer(before)

    async def presses(self, label: str) -> str:
        before = await self.group.seen()
        await self.yamada.presses(label, in_group=self.group)
        return await self._answer(before)

    async def _answer(self, before: list[control.Seen]) -> str:
        seen = await self.group.sees_count(len(before) + 1)
        return json.dumps([one.message for one in seen[len(before) :]], ensure_ascii=False)

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
