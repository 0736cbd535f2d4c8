"""シナリオ:S 配信中: how far friends have come in a scenario."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from admin_commands.grammar import numbers
from admin_commands.grammar.segments import places, states, tree
from admin_commands.grammar.segments.declaring import Kind
from admin_commands.grammar.segments.moments import END
from admin_commands.grammar.segments.places import Found, Place, Wrong
from admin_commands.grammar.words import Object

STATES = {
    "active": ("配信中", "実行中", "購読中", "active"),
    "finished": ("完了", "終了", "済み", "済", "finished", "done"),
    "stopped": ("停止", "中断", "stopped"),
    "never": ("未経験", "未開始", "never"),
}
TOLD = {
    "active": "を配信中",
    "finished": "を完了",
    "stopped": "を途中で停止",
    "never": "は未経験",
    "from": "の{}通目まで届いた",
    "received": "の{}通目を受信",
}
RECEIVED = re.compile(rf" ?({numbers.NUMBER})通目 ?(?:を)?(?:受信済み?|受信|received){END}")
STEP = re.compile(rf" ?(?:from )?({numbers.NUMBER})(?:通目)?(?:以降|から)?{END}")


@dataclass(frozen=True, slots=True)
class InScenario(tree.Condition):
    """配信中, 完了, 停止, 未経験; with the number of a step `from` (3通目以降) and `received` (3通目 受信)."""

    scenario: Object
    state: Literal["active", "finished", "stopped", "never", "from", "received"]
    step: int = 0

    def show(self) -> str:
        numbered = {"from": f"{self.step}通目以降", "received": f"{self.step}通目 受信"}
        return f"シナリオ:{places.spelled(self.scenario)} {numbered.get(self.state) or STATES[self.state][0]}"

    def stored(self, number: tree.Number, today: date) -> tree.Json:
        found = {"scenario": number(self.scenario), "is": self.state}
        return found | {"step": self.step} if self.step else found

    def told(self, name: tree.Naming) -> str:
        return f"シナリオ{name(self.scenario)}{TOLD[self.state].format(self.step)}"


def _read(place: Place, at: int, end: int) -> Found:
    scenario, end = places.name(place, end)
    received = place.match(RECEIVED, end)
    step = received or place.match(STEP, end)
    if step:
        number = numbers.number(step[1])
        if not number or number > 1000:
            raise Wrong(at, step.end(), "の何通目かが読めません", examples=("シナリオ:ようこそ 3通目以降",))
        return InScenario(scenario, "received" if received else "from", number), step.end()
    state, end = states.read(place, at, end, STATES, "シナリオ:ようこそ 3通目以降")
    return InScenario(scenario, state), end


KIND = Kind(
    word="シナリオ",
    example="シナリオ:ようこそ 配信中",
    does="シナリオの 配信中・完了・停止・未経験、3通目以降（そこまで進んだ人）、3通目 受信（その通がLINEに届いた人）",
    types=(InScenario,),
    key="scenario",
    behind_key=_read,
    names="scenarios",
    letter="S",
    kept=("scenario",),
    back=lambda kept, name: InScenario(name(kept["scenario"]), kept["is"], kept.get("step", 0)),
    offers=lambda scenario, _: [InScenario(scenario, state) for state in ("active", "finished", "stopped", "never")],
)
