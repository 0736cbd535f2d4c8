"""The words of なぜ: reasons for which somebody was not let in, and what is missing for it now."""

from collections.abc import Mapping, Sequence
from typing import Any

from admin_commands import cards, desk, segments
from admin_commands.scenarios import checking, views
from jobs import configuration
from storage import friends, named, tags, traces
from storage import scenarios as kept

MOST_NOTES = 40
MOST_TOLD = 3  # refusals told of one friend
WAITS = "ブロックの間に止まったまま（今は届けられます）"
STATES = {
    "active": "配信中",
    "paused": "ブロック中で待機",
    "parked": "エラーで停止",
    "finished": "最後まで",
    "stopped": "途中で終了",
}
REFUSALS = {
    "refused_stopped": "シナリオが公開中でなかったため",
    "refused_blocked": "ブロック中だったため",
    "refused_period": "「期間:」の外だったため",
    "refused_target": "「対象:」「追加日:」に合わなかったため",
    "refused_end": "「終了:」にもう当てはまっていたため",
    "refused_again": "前に始めたことがあるため（再開始の決まり）",
    "refused_cap": "上限の人数に達していたため",
}


def refusal(note: traces.Noted) -> str:
    return f"始まりませんでした（{REFUSALS.get(note.kind, note.kind)}）"


async def refused(at: desk.Desk, notes: Sequence[traces.Noted]) -> list[str]:
    """The latest refusals, each with what was missing as far as that was noted."""
    latest = [one for one in notes if one.kind.startswith("refused")][:MOST_TOLD]
    targets = await traces.definitions(list({one.data["version"] for one in latest if "missing" in one.data}))
    asked: list[tuple[int, Mapping[str, Any]]] = []
    for place, note in enumerate(latest):
        target = configuration.target_of(targets[note.data["version"]]) if "missing" in note.data else None
        parts = list((target or {}).get("all", ()))
        asked += [(place, parts[one]) for one in note.data.get("missing", ()) if one < len(parts)]
    shown = await segments.told_all([part for _, part in asked]) if asked else []
    told = []
    for place, note in enumerate(latest):
        lacking = [one for (where, _), one in zip(asked, shown, strict=True) if where == place]
        line = f"✖ {at.moment(note.at)} {refusal(note)}"
        told.append(f"{line}。足りなかったもの: {'、'.join(lacking)}" if lacking else line)
    return told


async def never_begun(
    at: desk.Desk, friend: friends.Seen, scenario: kept.Kept, notes: Sequence[traces.Noted]
) -> list[cards.Line]:
    """Why they are not in a scenario: what was noted, what starts it at all, and whether it would let them in now."""
    told: list[cards.Line] = [*await refused(at, notes)]
    if not told:
        told.append("始まった記録も、断った記録もありません。きっかけが起きていないためです。")
    number = scenario.live_version_id
    if number is None:
        return [*told, f"シナリオの状態: {views.STATES[scenario.state]}（公開するまで、だれにも届きません）"]
    version = await kept.version_of(number)
    if scenario.state != "live":
        told.append(f"シナリオの状態: {views.STATES[scenario.state]}（今は、だれも始まりません）")
    starts = [line for line in await views.rules(version) if line.startswith("開始")]
    told += starts or ["開始: 手で入れるか、動作で始める（「開始:」の行がありません）"]
    follows = any(one["on"] == "follow" for one in version.definition["start"])
    if follows and friend.followed_at and version.published_at and friend.followed_at < version.published_at:
        told.append(
            f"友だち追加 {at.moment(friend.followed_at)} は、公開 {at.moment(version.published_at)} より前です。"
            "公開より前の友だちには始まりません。"
        )
    elif follows and friend.followed_at is None:
        told.append("友だち追加の記録がありません（メッセージだけの方です）。")
    told += await _worn_before(at, friend, version)
    obstacles = await checking.obstacles(at, friend, version)
    return [*told, *(obstacles or ["今きっかけが起きれば、始まります。"])]


async def _worn_before(at: desk.Desk, friend: friends.Seen, version: kept.KeptVersion) -> list[str]:
    """That they had a tag that starts it before it went live."""
    wanted = [one["tag"] for one in version.definition["start"] if one["on"] == "tag"]
    live = version.published_at
    if not wanted or live is None:
        return []
    before = {tag: since for tag, since in (await tags.worn_since(friend.id, wanted)).items() if since < live}
    names = await named.by_ids("tags", list(before))
    return [
        f"タグ「{names[tag].name}」が公開の前に付いていたため、始まりませんでした"
        f"（付いた日時 {at.moment(since)}・公開 {at.moment(live)}）。"
        for tag, since in before.items()
        if tag in names
    ]
