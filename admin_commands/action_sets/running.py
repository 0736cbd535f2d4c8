"""アクション 実行: a saved set carried out for one friend or for many, with what it takes to be sure of it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from admin_commands import cards, crowds, desk, objects, places
from admin_commands.action_sets import unfolding
from admin_commands.grammar.commands import Command as Said
from jobs import action_lists
from storage import action_sets
from storage.outbox import ledger

MOST_SHOWN = 8
OPPOSITES = {"tag_on": "tag_off", "tag_off": "tag_on", "scenario_start": "scenario_stop"}


async def run(at: desk.Desk, said: Said) -> cards.Say:
    thing = await objects.thing(at, "action_sets", said)
    kept = await action_sets.get(thing.id)
    crowd = await crowds.of(at, said, 1)
    sets = await unfolding.living()
    deeds = list(unfolding.inner(kept.id, sets))
    if not deeds:
        raise desk.Declined(f"アクション「{kept.name}」には、行えることがありません。貼り直してください。")
    _confirm(at, kept, crowd, sets[kept.id], deeds)
    action = {"do": "run", "set": kept.id}
    if not crowd.at_once:
        return await _begin(at, kept, crowd, action, deeds)
    before = len(at.rows), len(at.put_off)
    done = await crowds.do_reversibly(at, crowd, [action])
    sent, later = at.rows[before[0] :], len(at.put_off) > before[1]
    at.record(
        "action.run",
        {"action": kept.id, "friends": crowd.size},
        f"アクション「{kept.name}」を{crowd.told}に実行した",
        done.inverse,
    )
    told = [f"✅ アクション「{kept.name}」を{crowd.told}に実行しました。", _happened(done.changed)]
    if later:
        told.append("時間を指定した動作は、その時に行います（取消でやめられます）。")
    if sent:
        told.append(f"送ったメッセージ（{await ledger.price(sent):,}通）は、取消しても戻りません。")
    taps = (*places.undo_tap(), cards.Tap("アクションを見る", f"アクション 表示 #X{kept.id}"))
    return cards.Say("\n".join(filter(None, told)) + crowd.note, taps)


def _happened(changed: Counter[str]) -> str:
    found = [f"{word} {changed[kind]:,}" for kind, (_, word) in unfolding.EVENTS.items() if changed[kind]]
    return f"変わったこと: {'・'.join(found)}" if found else ""


def _confirm(
    at: desk.Desk,
    kept: action_sets.Kept,
    crowd: crowds.Crowd,
    told: unfolding.Told,
    deeds: Sequence[Mapping[str, Any]],
) -> None:
    """Few friends and nothing sent needs no word; messages to many need their number typed."""
    sends = _sends(at, deeds)
    if crowd.size > crowds.SMALL:
        at.permit("manager", f"アクションを{crowds.SMALL + 1}人以上に実行する")
    elif not sends:
        return
    lines = [*crowd.lines, *(f"・{words}" for _, words in told.actions[:MOST_SHOWN])]
    if len(told.actions) > MOST_SHOWN:
        lines.append(f"… ほか{len(told.actions) - MOST_SHOWN}個")
    each = sum(one["do"] in action_lists.WRITING for one in deeds)
    if each:
        lines.append(f"通数: 1人あたり最大{each}通（合わせて最大{each * crowd.size:,}通）")
    warnings = ["送ったメッセージは取り消せません。"] if sends else []
    if not crowd.at_once:
        warnings.append("人数が多いため、少しずつ進めます。")
    at.confirm(
        f"⚡ アクション「{kept.name}」を{crowd.told}に実行します",
        lines,
        holds={"action": kept.id, "version": kept.version, "friends": crowd.size},
        label="実行する",
        warnings=warnings,
        typed=str(crowd.size) if sends and crowd.size > crowds.SMALL else None,
        taps=[cards.Tap("アクションを見る", f"アクション 表示 #X{kept.id}")],
    )


def _sends(at: desk.Desk, deeds: Sequence[Mapping[str, Any]]) -> bool:
    """Whether messages may come of it, be it by a tag that starts a scenario or acts by itself."""
    tagged = [tag for one in deeds for tag in one.get("tags", ())]
    return any(map(unfolding.sends, deeds)) or any(
        tag in at.config.started_by_tag or tag in at.config.tag_rules for tag in tagged
    )


async def _begin(
    at: desk.Desk,
    kept: action_sets.Kept,
    crowd: crowds.Crowd,
    action: dict[str, Any],
    deeds: Sequence[Mapping[str, Any]],
) -> cards.Say:
    done = await crowds.do(at, crowd, [action])
    opposite = [
        {**{key: one[key] for key in ("tags", "scenario") if key in one}, "do": OPPOSITES[one["do"]], "quietly": True}
        for one in deeds
        if one["do"] in OPPOSITES and "if" not in one
    ]
    back = {"do": "operation", "operation": done.operation, "actions": opposite}
    at.record(
        "action.many",
        {"action": kept.id, "friends": crowd.size},
        f"アクション「{kept.name}」を{crowd.told}に実行した",
        [back],
    )
    return cards.Say(
        f"⏳ アクション「{kept.name}」を{crowd.told}に少しずつ実行します。\n"
        "取消で残りを止め、済んだ分のタグとシナリオを戻せます（送ったメッセージは戻りません）。",
        places.undo_tap(),
    )
