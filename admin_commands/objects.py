"""From names and numbers as staff write them to what they mean; nothing is guessed, but the likely is offered."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from admin_commands import cards, desk, masking
from admin_commands.grammar import canonical, lexicon, nearness, normalise, words
from admin_commands.grammar.commands import Command as Said
from storage import friends, named, names, staff

GUESSES = 3
MOST_CHOICES = 10
KINDS: dict[named.Kind, tuple[str, str]] = {
    "tags": ("タグ", "T"),
    "scenarios": ("シナリオ", "S"),
    "templates": ("テンプレ", "M"),
    "media": ("メディア", "I"),
    "action_sets": ("アクション", "X"),
    "fields": ("項目", "K"),
    "links": ("リンク", "L"),
    "shared_values": ("共通情報", "V"),
    "segments": ("セグメント", "G"),
    "auto_replies": ("自動応答", "A"),
    "broadcasts": ("配信", "B"),
    "forms": ("フォーム", "Q"),
}
NOUNS: dict[named.Kind, str] = {
    "tags": "tag",
    "scenarios": "scenario",
    "templates": "template",
    "media": "media",
    "action_sets": "action",
    "fields": "field",
    "links": "link",
    "shared_values": "shared_value",
    "segments": "segment",
    "auto_replies": "autoreply",
    "broadcasts": "broadcast",
    "forms": "form",
}


@dataclass(slots=True)
class Ambiguous(Exception):
    """A name fits several: ask which."""

    question: str
    rows: Sequence[cards.Row]


async def things(at: desk.Desk, kind: named.Kind, said: Said, place: int) -> list[named.Named]:
    """What the argument at `place` names, in order and each once."""
    found = await lookup(kind, said.objects(place))
    if any(found):
        at.found_something = True
    for index, (given, thing) in enumerate(zip(said.objects(place), found, strict=True)):
        if thing is None:
            raise await unknown(kind, given, partial(with_name, said, place, index))
    meant = list({thing.id: thing for thing in found if thing is not None}.values())
    if len(meant) == 1:
        at.concerns(NOUNS[kind], f"#{KINDS[kind][1]}{meant[0].id}")
    return meant


async def thing(at: desk.Desk, kind: named.Kind, said: Said, place: int = 0) -> named.Named:
    return (await things(at, kind, said, place))[0]


async def lookup(kind: named.Kind, given: Sequence[words.Object]) -> list[named.Named | None]:
    """What each of these means, None where nothing fits."""
    by_name = await named.by_names(kind, [one.text for one in given if isinstance(one, words.Name)])
    letter = KINDS[kind][1]
    by_id = await named.by_ids(
        kind, [one.number for one in given if isinstance(one, words.Id) and one.letter == letter]
    )
    return [
        by_name.get(names.name_key(one.text))
        if isinstance(one, words.Name)
        else by_id.get(one.number)
        if isinstance(one, words.Id) and one.letter == letter
        else None
        for one in given
    ]


async def nearest(kind: named.Kind, name: str) -> list[str]:
    """Names of the living that this one was probably meant to be."""
    known = [(names.name_key(one), one) for one in await named.all_names(kind)]
    key = names.name_key(name)
    held = [one for spelled, one in known if nearness.holds(spelled, key)]
    return list(dict.fromkeys([*nearness.nearest(key, known, GUESSES), *held]))[:GUESSES]


def refuse_this(given: words.Object) -> None:
    if isinstance(given, words.This):
        raise desk.Declined(
            "「これ」が何のことか分かりません。\nボットの吹き出しを引用（長押し→リプライ）して送るか、"
            "名前か番号（#F218 など）で書いてください。"
        )


def _refuse_kind(given: words.Object, noun: str, letter: str) -> None:
    """A number of another kind of thing."""
    if isinstance(given, words.Id) and given.letter != letter:
        other = lexicon.NOUN_BY_LETTER[given.letter].words[0]
        raise desk.Declined(
            f"{words.show(given)} は{other}です。ここには{noun}の名前か番号（#{letter}1 など）を書いてください。"
        )


async def unknown(kind: named.Kind, given: words.Object, corrected: Callable[[str], str]) -> desk.Unknown:
    refuse_this(given)
    noun, letter = KINDS[kind]
    _refuse_kind(given, noun, letter)
    shown = words.show(given)
    if not isinstance(given, words.Name):
        return desk.Unknown(f"{noun} {shown} は見つかりません。", 1.0, cards.Tap(f"{noun} 一覧", f"{noun} 一覧"))
    near = await nearest(kind, given.text)
    key = names.name_key(given.text)
    likeness = max((_likeness(key, names.name_key(one)) for one in near), default=0.0)
    taps = [cards.Tap(one, corrected(one)) for one in near]
    if kind == "tags":
        taps.append(cards.Tap(f"「{given.text}」を作る", f"タグ 作成 {words.show(given)}"))
    taps.append(cards.Tap(f"{noun} 一覧", f"{noun} 一覧"))
    hint = f"\nもしかして: {'・'.join(near)}" if near else ""
    return desk.Unknown(f"{noun}「{given.text}」は見つかりません。{hint}", likeness, *taps)


def _likeness(word: str, known: str) -> float:
    return 1.0 if nearness.holds(known, word) else nearness.similarity(word, known)


def with_name(said: Said, place: int, index: int, name: str) -> str:
    """The command with another name at one place, as the book prints it."""
    return with_object(said, place, index, words.Name(name))


def with_object(said: Said, place: int, index: int, given: words.Object) -> str:
    args = list(said.args)
    objects = list(args[place].objects)
    objects[index] = given
    args[place] = replace(args[place], objects=tuple(objects))
    return canonical(replace(said, args=tuple(args)))


async def friend(at: desk.Desk, said: Said, place: int, index: int = 0) -> friends.Seen:
    """The one friend an object of the argument at `place` names, masked; a name that fits several is asked about."""
    return discreet(at, await friend_in_full(at, said, place, index))


async def friend_in_full(at: desk.Desk, said: Said, place: int, index: int = 0) -> friends.Seen:
    """The same with nothing masked, for what is not put into words."""
    one = await _friend(at, said, place, index)
    if len(said.objects(place)) == 1:
        at.concerns("friend", f"#F{one.id}")
    return one


async def _friend(at: desk.Desk, said: Said, place: int, index: int) -> friends.Seen:
    given = said.objects(place)[index]
    refuse_this(given)
    _refuse_kind(given, "友だち", "F")
    meant = await _by_number(at, given) or await _by_user(at, given)
    if meant is not None:
        at.found_something = True
        return meant
    name = words.person_name(given)
    found, total = await friends.search(name, MOST_CHOICES, at.sight) if name else ([], 0)
    if not found:
        told = f"友だち「{name or words.show(given)}」は見つかりません。" if at.scope is None else desk.OUTSIDE
        raise desk.Unknown(told, 0.0, cards.Tap("友だち 一覧", "友だち 一覧"))
    at.found_something = True
    exact = [one for one in found if names.name_key(one.name or "") == names.name_key(name)]
    if len(exact) == 1:
        return exact[0]
    if total == 1:
        return found[0]
    rows = [
        cards.Row(friend_line(at, one), with_object(said, place, index, words.Id("F", one.id)), f"#F{one.id}")
        for one in found
    ]
    more = f"（はじめの{len(rows)}人）" if total > len(rows) else ""
    raise Ambiguous(f"「{name}」は{total}人います。番号で選んでください。{more}", rows)


async def _by_number(at: desk.Desk, given: words.Object) -> friends.Seen | None:
    if not isinstance(given, words.Id) or given.letter != "F":
        return None
    known = await friends.seen([given.number], at.sight)
    if known:
        return known[0]
    raise desk.Unknown(f"友だち {words.show(given)} は見つかりません。" if at.scope is None else desk.OUTSIDE, 1.0)


async def _by_user(at: desk.Desk, given: words.Object) -> friends.Seen | None:
    """The friend behind a mention of a person; 自分 is who asks or has asked for it, whatever they may see."""
    me = at.asked.user_id if at.asked is not None else at.actor.user_id
    myself = isinstance(given, words.Name) and given.text.removeprefix("@") == "自分"
    user = me if myself else given.user_id if isinstance(given, words.Person) else None
    if user is None:
        return None
    found = await friends.of_user(user)
    if not myself and (found is None or not await at.sees([found.id])) and at.scope is not None:
        raise desk.Unknown(desk.OUTSIDE, 1.0)
    if found is None:
        raise desk.Declined(
            "この方は、まだこのアカウントの友だちではありません。友だち追加のあとにもう一度送ってください。"
        )
    return found


async def friends_named(at: desk.Desk, said: Said, place: int) -> list[friends.Seen]:
    """All friends the argument at `place` names, masked; rows of a list come as numbers, and those in one look."""
    given = said.objects(place)
    numbers = [one.number for one in given if isinstance(one, words.Id) and one.letter == "F"]
    if len(numbers) == len(given):
        known = await friends.seen(list(dict.fromkeys(numbers)), at.sight)
        if len(known) == len(set(numbers)):
            at.found_something = True
            if len(known) == 1:
                at.concerns("friend", f"#F{known[0].id}")
            return [discreet(at, one) for one in known]
    return [await friend(at, said, place, index) for index in range(len(given))]


def discreet(at: desk.Desk, one: friends.Seen) -> friends.Seen:
    """A friend as staff are shown them."""
    return replace(one, name=masking.shown(at, one.name)) if one.name else one


def friend_line(at: desk.Desk, one: friends.Seen) -> str:
    marks = (
        ("ブロック中", one.blocked_us),
        ("こちらでブロック", one.blocked_by_us),
        ("非表示", one.hidden),
        ("配信停止", one.opted_out),
        ("テスト", one.is_test),
    )
    told = "・".join(word for word, so in marks if so)
    return f"{discreet(at, one).name or '名前なし'} #F{one.id}" + (f"（{told}）" if told else "")


async def member(at: desk.Desk, said: Said, place: int) -> staff.Member:
    """The staff member a mention, a name or 自分 means."""
    return member_named(at, said.objects(place)[0], await staff.all_members())


def member_named(at: desk.Desk, given: words.Object, everybody: Sequence[staff.Member]) -> staff.Member:
    """Whom of these a mention, a name or 自分 means; 自分 is who has asked for it."""
    if isinstance(given, words.Name) and given.text == "自分":
        me = at.asked.staff_id if at.asked is not None else at.actor.staff_id
        found = [one for one in everybody if one.id == me]
    elif isinstance(given, words.Person):
        found = [one for one in everybody if given.user_id is not None and one.line_user_id == given.user_id]
    elif isinstance(given, words.Id):
        found = [one for one in everybody if given.letter == "W" and one.id == given.number]
    else:
        key = names.name_key(words.person_name(given))
        found = [one for one in everybody if names.name_key(one.name) == key]
        found = found or [one for one in everybody if key and key in names.name_key(one.name)]
    if len(found) == 1:
        at.found_something = True
        at.concerns("staff", found[0].name)
        return found[0]
    shown = words.person_name(given) or words.show(given)
    if found:
        raise desk.Declined(f"「{shown}」に当てはまるスタッフが{len(found)}人います。@を付けてお名前を選んでください。")
    told = f"「{shown}」さんはスタッフにいません。"
    meant = isinstance(given, words.Name) and given.text.startswith(("@", "＠"))
    raise desk.Unknown(told, 1.0 if meant else 0.0, cards.Tap("スタッフ 一覧", "スタッフ 一覧"))


def text_of(said: Said, place: int) -> str:
    """The plain words of one argument, levelled for comparing."""
    given = said.objects(place)
    shown = words.show(given[0]) if given else ""
    return normalise.lookup(given[0].text if given and isinstance(given[0], words.Name) else shown).text


def new_name(given: words.Object, kind: named.Kind) -> str:
    """A name for something new, fit to be kept."""
    refuse_this(given)
    noun, _ = KINDS[kind]
    if not isinstance(given, words.Name):
        raise desk.Declined(f"{noun}の名前に {words.show(given)} は使えません。")
    name = " ".join(given.text.split())
    key = names.name_key(name)
    if not key:
        raise desk.Declined(f"{noun}の名前を書いてください。")
    if len(name) > named.LONGEST:
        raise desk.Declined(f"{noun}の名前は{named.LONGEST}字までです（今 {len(name)}字）。")
    return name


def page_of(said: Said) -> int:
    """ページ=2; the first when nothing is said."""
    given = said.option("ページ")
    number = normalise.lookup(given).text if given else "1"
    return max(1, min(int(number), 10_000)) if number.isdigit() and len(number) < 6 else 1
