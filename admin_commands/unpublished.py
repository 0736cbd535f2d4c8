"""下書き: what is not published yet, what somebody is in the middle of, and what lies in the bin."""

from admin_commands import cards, command, desk, lifecycle, lists, objects, places
from admin_commands.auto_replies import looks
from admin_commands.broadcasts import looks as sendings
from admin_commands.command import Argument, Command
from admin_commands.drafted import D, Drafts
from admin_commands.forms import drawing
from admin_commands.forms import looks as asking
from admin_commands.grammar import words
from admin_commands.grammar.commands import Command as Said
from admin_commands.scenarios import views
from admin_commands.wizards import drafts as wizards
from storage import bin, changes, drafts, named, versions
from storage import scenarios as kept
from storage.drafted import Kept

SHOWS: dict[named.Kind, str] = {"scenarios": "確認", "auto_replies": "表示", "broadcasts": "確認", "forms": "確認"}


async def show_list(at: desk.Desk, said: Said) -> cards.Say:
    """Drafts of all kinds, one's own first; what is half answered comes before them."""
    page = objects.page_of(said)
    found, total = await drafts.page(at.actor.staff_id, lists.ROWS, lists.offset(page), sent=at.scope is None)
    rows = [
        cards.Row(_line(at, one), f"{objects.KINDS[one.kind][0]} {SHOWS[one.kind]} {_number(one)}", _number(one))
        for one in found
    ]
    half = len((await wizards.of(at.chat, at.actor.user_id, at.now)).drafts) if at.actor.user_id else 0
    title = "📝 下書き" + (f"・質問の途中が{half}件（「続ける」で続きから）" if half else "")
    taps = [cards.Tap("続ける", "続ける")] if half else []
    taps.append(cards.Tap("ごみ箱", "下書き ごみ箱"))
    empty = "公開を待っている下書きはありません。"
    return await lists.say(at, title, rows, total, page, "下書き 一覧", taps=taps, empty=empty)


def _number(one: drafts.Draft) -> str:
    return f"#{objects.KINDS[one.kind][1]}{one.id}"


def _line(at: desk.Desk, one: drafts.Draft) -> str:
    who = "自分" if one.staff_id is not None and one.staff_id == at.actor.staff_id else f"{one.staff or 'ボット'}さん"
    state = (
        "未送信"
        if one.kind == "broadcasts"
        else "未公開"
        if one.new
        else f"版{one.number}（公開中のものは前の版のまま）"
    )
    return f"{objects.KINDS[one.kind][0]}「{one.name}」{_number(one)} {state}・{who} {at.day(one.created_at)}"


async def show(at: desk.Desk, said: Said) -> cards.Say:
    """The draft with what it changes and the button that publishes it."""
    kind = await _kind_of(at, said)
    if kind == "auto_replies":
        return await _show_auto_reply(at, said)
    if kind == "broadcasts":
        return await sendings.check(at, said)
    if kind == "forms":
        await _of(asking.FORMS, at, said)
        return await drawing.check(at, said)
    scenario, version = await _of_scenario(at, said)
    live = await kept.version_of(scenario.live_version_id) if scenario.live_version_id else None
    return await views.preview(at, scenario, version, live, "")


async def _show_auto_reply(at: desk.Desk, said: Said) -> cards.Say:
    one, written = await _of(looks.REPLIES, at, said)
    live = await looks.REPLIES.version(one, one.live)
    lines = [*await looks.described(at, one, written), *await looks.REPLIES.difference(one, live, written)]
    name = words.show(words.Name(one.name))
    buttons = (cards.Tap("公開", f"自動応答 公開 {name}"), cards.Tap("書出", f"自動応答 書出 {name}"))
    title = f"📝 自動応答「{one.name}」#A{one.id} の下書き（版{written.number}）"
    return cards.Say("", card=cards.panel(title, lines, buttons=buttons))


async def drop(at: desk.Desk, said: Said) -> cards.Say:
    """A draft over something published goes at once; what was never published is deleted as the thing it is."""
    kind = await _kind_of(at, said)
    if kind == "auto_replies":
        return await _drop(looks.REPLIES, at, said)
    if kind == "forms":
        return await _drop(asking.FORMS, at, said)
    if kind == "broadcasts":
        name = words.show(said.objects(0)[0])
        told = "配信の下書きは、配信ごとの削除になります（管理者）。"
        raise desk.Declined(told, cards.Tap("削除する", f"配信 削除 {name}"))
    scenario, version = await _of_scenario(at, said)
    _refuse_new("シナリオ", scenario.name, new=scenario.live_version_id is None)
    row = await kept.change(scenario.id, state=scenario.state, live=scenario.live_version_id, draft=None)
    inverse = changes.put_back("scenarios", scenario.id, row, {"draft_version_id": version.id})
    return _dropped(at, "scenarios", scenario.id, scenario.name, version.number, inverse)


async def _drop(noun: Drafts[D], at: desk.Desk, said: Said) -> cards.Say:
    one, written = await _of(noun, at, said)
    _refuse_new(noun.word, one.name, new=one.live is None)
    row = await noun.rows.change(one.id, state=one.state, live=one.live, draft=None)
    inverse = changes.put_back(noun.kind, one.id, row, {"draft": one.draft})
    return _dropped(at, noun.kind, one.id, one.name, written.number, inverse)


def _refuse_new(noun: str, name: str, *, new: bool) -> None:
    if new:
        raise desk.Declined(
            f"{noun}「{name}」はまだ公開したことがないため、{noun}ごとの削除になります（管理者）。",
            cards.Tap("削除する", f"{noun} 削除 {words.show(words.Name(name))}"),
        )


def _dropped(at: desk.Desk, kind: named.Kind, thing: int, name: str, number: int, inverse: changes.Change) -> cards.Say:
    noun, _ = objects.KINDS[kind]
    at.record(
        "draft.delete",
        {objects.NOUNS[kind]: thing, "version": number},
        f"{noun}「{name}」の下書き（版{number}）を片付けた",
        [inverse],
    )
    return cards.Say(
        f"🗑 {noun}「{name}」の下書き（版{number}）を片付けました。公開中のものはそのままです。",
        (*places.undo_tap(), cards.Tap("版の一覧", f"{noun} 版 {words.show(words.Name(name))}")),
    )


async def _kind_of(at: desk.Desk, said: Said) -> named.Kind:
    """Which kind of thing is named; a name that both have is asked about."""
    given = said.objects(0)[0]
    if isinstance(given, words.Id):
        return next((kind for kind in _seen(at) if given.letter == objects.KINDS[kind][1]), "scenarios")
    having = [kind for kind in _seen(at) if isinstance(given, words.Name) and any(await objects.lookup(kind, [given]))]
    if len(having) < 2:
        return having[0] if having else "scenarios"
    rows = []
    for kind in having:
        [found] = await objects.lookup(kind, [given])
        noun, letter = objects.KINDS[kind]
        if found is not None:
            rows.append(
                cards.Row(f"{noun}「{found.name}」", objects.with_object(said, 0, 0, words.Id(letter, found.id)))
            )
    at.found_something = True
    raise objects.Ambiguous("どの下書きですか？", rows)


def _seen(at: desk.Desk) -> list[named.Kind]:
    """Broadcasts are for those who see all friends."""
    return [kind for kind in SHOWS if kind != "broadcasts" or at.scope is None]


async def _of_scenario(at: desk.Desk, said: Said) -> tuple[kept.Kept, kept.KeptVersion]:
    thing = await objects.thing(at, "scenarios", said)
    scenario = await kept.get(thing.id, lock=True)
    if scenario.draft_version_id is None:
        raise _no_draft("シナリオ", scenario.name)
    return scenario, await kept.version_of(scenario.draft_version_id)


async def _of(noun: Drafts[D], at: desk.Desk, said: Said) -> tuple[Kept, versions.Kept]:
    one, written = await noun.draft_of(at, said)
    if written is None:
        raise _no_draft(noun.word, one.name)
    return one, written


def _no_draft(noun: str, name: str) -> desk.Declined:
    return desk.Declined(f"{noun}「{name}」に下書きはありません。", cards.Tap("下書き 一覧", "下書き 一覧"))


async def show_bin(at: desk.Desk, said: Said) -> cards.Say:
    page = objects.page_of(said)
    found, total = await bin.page(at.now, lists.ROWS, lists.offset(page))
    rows = []
    for one in found:
        noun, letter = objects.KINDS[one.kind]
        until = at.day(one.deleted_at + bin.KEPT)
        rows.append(cards.Row(f"{noun}「{one.name}」{until}まで", f"{noun} 元に戻す #{letter}{one.id}"))
    title = "🗑 ごみ箱・番号で元に戻せます"
    return await lists.say(at, title, rows, total, page, "下書き ごみ箱", empty="ごみ箱は空です。")


async def revert(at: desk.Desk, said: Said) -> cards.Say:
    """Out of the bin by its name alone; a name that several kinds have is asked about."""
    given = said.objects(0)[0]
    letters: dict[str, named.Kind] = {letter: kind for kind, (_, letter) in objects.KINDS.items()}
    if isinstance(given, words.Id) and given.letter in letters:
        kinds = [letters[given.letter]]
    else:
        name = given.text if isinstance(given, words.Name) else ""
        kinds = [kind for kind in objects.KINDS if name and await bin.find(kind, name, at.now)]
    if not kinds:
        raise desk.Declined(
            f"ごみ箱に「{words.show(given)}」はありません（30日以内に削除したものだけ戻せます）。",
            cards.Tap("ごみ箱", "下書き ごみ箱"),
        )
    if len(kinds) > 1:
        rows = [
            cards.Row(f"{noun}「{words.show(given)}」", f"{noun} 元に戻す {words.show(given)}")
            for noun, _ in map(objects.KINDS.__getitem__, kinds)
        ]
        raise objects.Ambiguous("どれを戻しますか？", rows)
    return lifecycle.restored(kinds[0], await lifecycle.out_of_bin(at, given, kinds[0]))


DRAFT = Argument("シナリオ", takes="scenario")
PAGES = ("ページ",)

NOUN = command.Noun(
    "draft",
    "まだ公開していないもの、途中のもの、捨てたものです。",
    (
        Command(
            "draft", "list", "公開を待っている下書き", ("下書き", "下書き 一覧"), "viewer", 0, show_list, options=PAGES
        ),
        Command("draft", "show", "1つの下書きと公開ボタン", ("下書き 表示 {scenario}",), "viewer", 0, show, (DRAFT,)),
        Command(
            "draft",
            "delete",
            "公開中のものを残して、下書きだけ片付ける",
            ("下書き 削除 {scenario}",),
            "operator",
            1,
            drop,
            (DRAFT,),
        ),
        Command("draft", "bin", "30日以内に削除したもの", ("下書き ごみ箱",), "viewer", 0, show_bin, options=PAGES),
        Command(
            "draft",
            "revert",
            "ごみ箱から戻す",
            ("下書き 元に戻す {tag}", "下書き 元に戻す #S3"),
            "manager",
            1,
            revert,
            (Argument("名前か番号"),),
        ),
    ),
    bare="list",
)
