"""メディア: photos, films and sounds that staff have sent, kept under a name for blocks to use."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from admin_commands import cards, command, desk, lifecycle, lists, objects, places
from admin_commands.command import Argument, Command
from admin_commands.grammar import canonical, words
from admin_commands.grammar.commands import Command as Said
from jobs import heard, messages
from jobs.messages import hosting
from storage import changes, dialogues, media, named, names
from storage.media import received

KINDS = {"image": "画像", "video": "動画", "audio": "音声"}
SEND = "写真・動画・音声"
UNTIL = 5  # minutes in which it is waited for


async def make(at: desk.Desk, said: Said) -> cards.Say:
    """Name what the quoted message brought, or what this person sends next."""
    name = objects.new_name(said.objects(0)[0], "media")
    there = (await named.by_names("media", [name])).get(names.name_key(name))
    if there is not None:
        return cards.Say(
            f"メディア「{there.name}」#I{there.id} はもうあります。ほかのものを登録する時は、別の名前にしてください。",
            (cards.Tap("表示", f"メディア 表示 #I{there.id}"),),
        )
    quoted = at.heard.what.quoted_message_id if isinstance(at.heard.what, heard.Said) else None
    if quoted is None:
        return await _wait_for_one(at, said, name)
    found = await received.by_message(at.chat, quoted)
    if found is None:
        raise desk.Declined(
            f"引用されたのは、登録できる{SEND}ではないようです（受け取りから7日までのものを登録できます）。\n"
            f"「メディア 作成 {words.show(words.Name(name))}」だけを送り、そのあと写真を送ることもできます。"
        )
    if found.state == "wanted":
        await received.wish(found.id, at.actor.user_id or "", f"/{canonical(said)}", at.heard.inbox_id)
        return cards.Say("")  # told as soon as it is here
    if found.state == "gone":
        raise desk.Declined(f"「{name}」にする{SEND}を受け取れませんでした。もう一度送ってください。")
    if found.content is None or found.kind is None or found.kind not in KINDS:
        raise desk.Declined(
            f"「{name}」は登録できませんでした。写真はJPEG・PNG（40MBまで）、動画はMP4（200MBまで）、"
            "音声はM4A・MP3で送ってください。"
        )
    number = await media.make(name, found.kind, found.content, at.now)
    kept = (await media.get([number]))[number]
    at.record(
        "media.new",
        {"media": number},
        f"メディア「{name}」を登録した",
        [changes.put_back("media", number, kept.version, {"deleted_at": "now"})],
    )
    return cards.Say(
        f"✅ 「{name}」#I{number} {_about(kept)}\n"
        f"ブロックの中で「＋{KINDS[kept.kind]} {words.show(words.Name(name))}」と書くと使えます。",
        (cards.Tap("表示", f"メディア 表示 #I{number}"), *places.undo_tap(), cards.Tap("一覧", "メディア 一覧")),
    )


async def _wait_for_one(at: desk.Desk, said: Said, name: str) -> cards.Say:
    await dialogues.keep(at.chat, at.actor.user_id or "", "media", {"command": f"/{canonical(said)}"}, at.now)
    return cards.Say(f"📷 「{name}」にする{SEND}を、{UNTIL}分以内にこのトークへ送ってください。")


async def show_list(at: desk.Desk, said: Said) -> cards.Say:
    wanted = objects.text_of(said, 0)
    page = objects.page_of(said)
    found, total = await media.page(wanted, lists.ROWS, lists.offset(page))
    rows = [cards.Row(f"{one.name} #I{one.id} … {_about(one)}", f"メディア 表示 #I{one.id}") for one in found]
    listing = f"メディア 一覧 {words.show(words.Name(wanted))}" if wanted else "メディア 一覧"
    empty = "まだありません。写真を引用して「メディア 作成 外観」と送ると登録できます。"
    told = await lists.say(at, "🖼 メディア", rows, total, page, listing, empty=empty)
    return replace(told, before=(_thumbnails(found),)) if found else told


async def show(at: desk.Desk, said: Said) -> cards.Say:
    thing = await objects.thing(at, "media", said)
    kept = (await media.get([thing.id]))[thing.id]
    used = await media.uses(kept.public_id)
    told = [
        f"🖼 {KINDS[kept.kind]}「{kept.name}」#I{kept.id}",
        f"大きさ: {_about(kept)}・登録: {at.day(kept.made_at)}",
        f"使用先: {places.told(used) or 'なし'}",
        *_formerly(await media.former_uses(kept.public_id)),
        f"使い方: ＋{KINDS[kept.kind]} {words.show(words.Name(kept.name))}",
    ]
    return cards.Say("\n".join(told), (cards.Tap("一覧", "メディア 一覧"),), before=(_whole(kept),))


async def show_uses(at: desk.Desk, said: Said) -> cards.Say:
    thing = await objects.thing(at, "media", said)
    kept = (await media.get([thing.id]))[thing.id]
    return await places.list_of(at, f"メディア「{thing.name}」", await media.uses(kept.public_id))


async def delete(at: desk.Desk, said: Said) -> cards.Say:
    """Into the bin; not while something shows it, since customers would see a broken picture."""
    thing = await objects.thing(at, "media", said)
    await named.lock("media", [thing.id])
    kept = (await media.get([thing.id]))[thing.id]
    used = await media.uses(kept.public_id)
    if used:
        raise desk.Declined(
            f"メディア「{kept.name}」は使われているため、削除できません。\n"
            f"使用先: {places.told(used)}\n先に別の画像に書き換えてください。",
            *(cards.Tap(cards.short(row.text), row.opens) for row in map(places.row, used[: places.MOST])),
        )
    former = await media.former_uses(kept.public_id)
    if former and former[0].walked:
        walked = [one for one in former if one.walked]
        raise desk.Declined(
            f"メディア「{kept.name}」は、途中の方がいる前の版で使われているため、削除できません。\n"
            f"使用先: {_versions(walked)}\n途中の方の配信が終わるか、シナリオから外すと、削除できます。",
            *(
                cards.Tap(cards.short(f"シナリオ「{name}」"), f"シナリオ 表示 「{name}」")
                for name in dict.fromkeys(one.name for one in walked[: places.MOST])
            ),
        )
    at.confirm(
        f"🗑 メディア「{kept.name}」#I{kept.id} を削除します",
        ["使用先: なし", *_formerly(former), "ごみ箱に30日残ります。"],
        holds={"media": kept.id, "version": kept.version},
        label="削除する",
        warnings=[
            "送信済みのメッセージでも、見られなくなります。",
            *(["上の前の版には、このままでは戻せなくなります。"] if former else []),
        ],
        before=(_whole(kept),),
    )
    return await lifecycle.into_bin(at, "media", kept.id, kept.name)


def _formerly(former: Sequence[media.FormerUse]) -> list[str]:
    return [f"前の版での使用先: {_versions(former)}"] if former else []


def _versions(former: Sequence[media.FormerUse]) -> str:
    """`シナリオ「ようこそ」版3（配信中）・あいさつ 版1`, at most five."""
    shown = [
        f"{places.NOUNS[one.kind]}{f'「{one.name}」' if one.name else ' '}版{one.number}"
        + ("（配信中）" if one.walked else "")
        for one in former[: places.MOST]
    ]
    more = f" ほか{len(former) - places.MOST}" if len(former) > places.MOST else ""
    return "・".join(shown) + more


def _about(kept: media.Kept) -> str:
    """`1280×960`, `0:35・12.3MB`, `0:30`."""
    if kept.kind == "image":
        return f"{kept.width}×{kept.height}"
    seconds = round((kept.duration_ms or 0) / 1000)
    length = [f"{seconds // 60}:{seconds % 60:02d}"] if seconds else []
    size = [f"{kept.size / 1024 / 1024:.1f}MB"] if kept.kind == "video" else []
    return "・".join(length + size)


def _whole(kept: media.Kept) -> messages.Message:
    """As it is sent."""
    address = hosting.address(kept.public_id)
    if kept.kind == "audio":
        return messages.audio(address, kept.duration_ms or 1000)
    preview = hosting.address(kept.public_id, "preview")
    return messages.image(address, preview) if kept.kind == "image" else messages.video(address, preview)


def _thumbnails(found: Sequence[media.Kept]) -> messages.Message:
    told = "、".join(one.name for one in found)
    return messages.flex(
        cards.shortened(f"メディア: {told}", cards.ALT), {"type": "carousel", "contents": [*map(_thumbnail, found)]}
    )


def _thumbnail(kept: media.Kept) -> dict[str, Any]:
    opens = {"type": "message", "label": "表示", "text": f"/メディア 表示 #I{kept.id}"}
    lines = [(kept.name, "sm", cards.INK), (f"#I{kept.id} {KINDS[kept.kind]} {_about(kept)}", "xxs", cards.GREY)]
    bubble: dict[str, Any] = {
        "type": "bubble",
        "size": "micro",
        "styles": {"body": {"backgroundColor": cards.PAPER}},
        "body": {
            "type": "box",
            "layout": "vertical",
            "action": opens,
            "contents": [
                {"type": "text", "text": told, "size": size, "color": color, "wrap": True, "maxLines": 2}
                for told, size, color in lines
            ],
        },
    }
    if kept.kind != "audio":
        bubble["hero"] = {
            "type": "image",
            "url": hosting.address(kept.public_id, "preview"),
            "size": "full",
            "aspectRatio": "4:3",
            "aspectMode": "cover",
            "action": opens,
        }
    return bubble


MEDIA = Argument("メディア", takes="media")

NOUN = command.Noun(
    "media",
    f"名前を付けて取っておく{SEND}です。",
    (
        Command(
            "media",
            "list",
            "登録したものの一覧",
            ("メディア 一覧",),
            "viewer",
            0,
            show_list,
            (Argument("語", optional=True),),
            options=("ページ",),
        ),
        Command(
            "media",
            "find",
            "名前の一部で探す",
            ("メディア 検索 {media}",),
            "viewer",
            0,
            show_list,
            (Argument("語"),),
            options=("ページ",),
        ),
        Command(
            "media",
            "new",
            "引用した写真、または5分以内に送る写真を登録する",
            ("メディア 作成 外観",),
            "operator",
            1,
            make,
            (Argument("名前"),),
        ),
        Command("media", "show", "見る（使用先も）", ("メディア 表示 {media}",), "viewer", 0, show, (MEDIA,)),
        Command("media", "uses", "使っている所", ("メディア 使用先 {media}",), "viewer", 0, show_uses, (MEDIA,)),
        Command(
            "media",
            "rename",
            "名前を変える（使っている所も付いてきます）",
            ("メディア 改名 {media} → 店の外観",),
            "manager",
            1,
            partial(lifecycle.rename, kind="media"),
            (MEDIA, Argument("新しい名前", arrow=True)),
        ),
        Command(
            "media",
            "delete",
            "使われていないものをごみ箱へ（30日）",
            ("メディア 削除 {media}",),
            "manager",
            2,
            delete,
            (MEDIA,),
        ),
        Command(
            "media",
            "revert",
            "ごみ箱から戻す",
            ("メディア 元に戻す {media}",),
            "manager",
            1,
            partial(lifecycle.revert, kind="media"),
            (Argument("メディア"),),
        ),
    ),
    bare="list",
)
