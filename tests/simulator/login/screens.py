"""The login screens as HTML: small pages for a phone, plainly those of a simulator."""

from html import escape

from tests.simulator import people
from tests.simulator.login.here import Here
from tests.simulator.people import Person
from tests.simulator.providers.login_channels import Ask

SHOWN_PEOPLE = 50
PERMISSIONS = {
    "profile": ("プロフィール情報", "名前、アイコン、ステータスメッセージ"),
    "openid": ("内部識別子", "このサービスでのあなたのID"),
    "email": ("メールアドレス", "LINEに登録したメールアドレス"),
    "chat_message.write": ("トークへのメッセージ送信", "開いたトークに、あなたの名前で送ります"),
}
REQUIRED = ("profile", "openid")
STATES = {people.FRIEND: "友だち", people.BLOCKED: "ブロック中"}


def page(title: str, *content: str) -> str:
    return f"""<!doctype html>
<html lang="ja">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{escape(title)} · LINEシミュレーター</title>
<link rel="icon" type="image/svg+xml" href="/phones/static/mark.svg">
<link rel="stylesheet" href="/access/static/login.css">
</head>
<body>
<header class="banner">シミュレーター：本物のLINEではありません</header>
<main class="card">
{"".join(content)}
</main>
</body>
</html>
"""


def form(ask: Ask, *content: str) -> str:
    return f'<form method="post" action="/access/login/{escape(ask.id)}">{"".join(content)}</form>'


def press(do: str, words: str, kind: str = "", user: str | None = None) -> str:
    """A button; do says which deed it is, user whom it is about."""
    value = do if user is None else f"{do} {user}"
    return f'<button type="submit" name="do" value="{escape(value)}" class="{kind}">{escape(words)}</button>'


def face(name: str) -> str:
    return f'<span class="face" aria-hidden="true">{escape(name[:1])}</span>'


def asks_who(here: Here, ask: Ask) -> str:
    """The cast to choose from; a crowd is cut short."""
    everybody = [person for person in here.channel.people.values() if person.state != people.DELETED]
    rows = [person_row(person) for person in everybody[:SHOWN_PEOPLE]]
    more = len(everybody) - len(rows)
    notes = [f'<p class="note">ほか {more} 人は省略しています。</p>'] if more > 0 else []
    if not rows:
        notes = ['<p class="note">このチャネルには、まだだれもいません。</p>']
    return page(
        "ログイン",
        "<h1>だれのLINEでログインしますか</h1>",
        f'<p class="note">{escape(here.login.name)} にログインします。パスワードは要りません。</p>',
        form(ask, f'<div class="people">{"".join(rows)}</div>'),
        *notes,
    )


def person_row(person: Person) -> str:
    state = STATES.get(person.state, "友だちではない")
    words = f'<span class="grow">{escape(person.name)}</span><span class="state">{state}</span>'
    return (
        f'<button type="submit" name="do" value="person {escape(person.id)}" class="person" '
        f'aria-label="{escape(person.name)}">{face(person.name)}{words}</button>'
    )


def asks_to_continue(here: Here, ask: Ask) -> str:
    assert ask.suggested is not None
    person = here.channel.person(ask.suggested)
    return page(
        "ログイン",
        f'<div class="badge">{face(person.name)}</div>',
        f"<h1>{escape(person.name)} さんとして続けますか</h1>",
        f'<p class="note">{escape(here.login.name)} にログインします。</p>',
        form(
            ask,
            press("person", "ログイン", "strong", person.id),
            press("other", "別の人でログイン", "plain"),
        ),
    )


def asks_consent(here: Here, ask: Ask) -> str:
    assert ask.user is not None
    person = here.channel.person(ask.user)
    items = "".join(permission(scope) for scope in ask.scopes if scope in PERMISSIONS)
    return page(
        "アクセス許可",
        f'<div class="badge">{face(here.login.name)}</div>',
        f"<h1>{escape(here.login.name)}</h1>",
        f'<p class="note">提供者：{escape(here.login.provider or here.channel.name)}<br>'
        f"{escape(person.name)} さんに、次の許可を求めています。</p>",
        form(
            ask,
            f'<ul class="permissions">{items}</ul>',
            friend_option(here, ask, person) if ask.bot_prompt == "normal" and here.login.linked else "",
            press("agree", "許可する", "strong"),
            press("cancel", "キャンセル", "plain"),
        ),
    )


def permission(scope: str) -> str:
    """Required ones are only named; the others can be switched off."""
    name, meaning = PERMISSIONS[scope]
    words = f'<span class="grow"><b>{name}</b><small>{meaning}</small></span>'
    if scope in REQUIRED:
        return f'<li class="row">{words}<span class="state">必須</span></li>'
    return (
        f'<li><label class="row">{words}<input type="checkbox" name="{scope}" checked aria-label="{name}"></label></li>'
    )


def friend_option(here: Here, ask: Ask, person: Person) -> str:
    """bot_prompt=normal: part of the consent screen [LLG:link-a-bot]."""
    name = escape(here.channel.name)
    if person.state == people.FRIEND:
        return f'<p class="friend row">{name} は友だちに追加済みです</p>'
    words = "のブロックを解除する" if person.state == people.BLOCKED else "を友だちに追加する"
    return (
        f'<label class="friend row"><span class="grow">{name} {words}</span>'
        f'<input type="checkbox" name="friend" aria-label="{name} {words}"></label>'
    )


def asks_friendship(here: Here, ask: Ask) -> str:
    """bot_prompt=aggressive: a screen of its own after the consent."""
    assert ask.user is not None
    blocked = here.channel.person(ask.user).state == people.BLOCKED
    name = here.channel.name
    question = "のブロックを解除しますか" if blocked else "を友だちに追加しますか"
    return page(
        "友だち追加",
        f'<div class="badge">{face(name)}</div>',
        f"<h1>{escape(name)} {question}</h1>",
        f'<p class="note">{escape(here.channel.basic_id)}</p>',
        form(
            ask,
            press("add", "ブロックを解除" if blocked else "友だちに追加", "strong"),
            press("later", "あとで", "plain"),
        ),
    )


def says(title: str, *lines: str) -> str:
    """A screen with nothing to press: something is over, or was never possible."""
    return page(title, f"<h1>{escape(title)}</h1>", *(f'<p class="note">{escape(line)}</p>' for line in lines))


def closes() -> str:
    """A LIFF app that was cancelled: its sheet is told to close."""
    return page(
        "キャンセルしました",
        "<h1>キャンセルしました</h1>",
        '<p class="note">この画面は閉じてかまいません。</p>',
        '<script src="/access/static/close.js"></script>',
    )
