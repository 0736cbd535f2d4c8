"""A shop some years old, in which staff's commands are measured: its friends, and what has been sent and done."""

from storage import clock, database, staff
from tests.simulator import control

FAMILY = [
    "佐藤",
    "鈴木",
    "高橋",
    "田中",
    "伊藤",
    "渡辺",
    "山本",
    "中村",
    "小林",
    "加藤",
    "吉田",
    "山田",
    "佐々木",
    "山口",
    "松本",
    "井上",
    "木村",
    "林",
    "斎藤",
    "清水",
]
GIVEN = [
    "花子",
    "太郎",
    "ほのか",
    "陽菜",
    "さくら",
    "蓮",
    "湊",
    "結衣",
    "美咲",
    "翔太",
    "大輔",
    "健",
    "直樹",
    "彩",
    "恵",
    "由美",
    "真由美",
    "拓也",
    "優子",
    "誠",
]
TAGS = {
    "VIP": 4,
    "休眠": 30,
    "カラー": 35,
    "パーマ": 20,
    "常連": 15,
    "岐阜店": 50,
    "名古屋店": 50,
    "購入済": 25,
}  # percent
SCENARIO = "■シナリオ ようこそ\n開始: 友だち追加\n▼すぐ\nこんにちは\n▼1日後 12:00\nまた\n▼3日後 12:00\nまたまた"
TEMPLATE = "■テンプレ 料金表\n▼本文\nカット 4,400円〜\nカラー 6,600円〜"
# What lies in the tables that grow: nothing of it is open any more.
PAST = (
    "INSERT INTO audit_entries (chat, at, verb, arguments, sentence, inverse)"
    " SELECT 'C', now() - n * interval '1 hour', 'tag.on', '{}', 'タグ「VIP」を' || n || '人に付けた', '[]'"
    " FROM generate_series(1, 10000) AS n",
    "INSERT INTO friend_events (friend_id, kind, subject, at)"
    " SELECT f.id, CASE WHEN n = 1 THEN 'followed' ELSE 'step' END, n, f.created_at"
    " FROM friends f, generate_series(1, 3) AS n",
    "INSERT INTO outbox (kind, class, cause, chat, recipients, body, cost, after, state, attempts, ready_at, try_at,"
    " created_at, finished_at) SELECT 'push', 'promotion', 'scenario:1', f.line_user_id, ARRAY[f.line_user_id],"
    " convert_to('[]', 'UTF8'), 1, '{}', 'accepted', 1, f.created_at, f.created_at, f.created_at, f.created_at"
    " FROM friends f",
    "INSERT INTO deliveries (cause, friend_id, outbox_id, at) SELECT 'step:' || o.id || ':k1', f.id, o.id, o.created_at"
    " FROM outbox o JOIN friends f ON f.line_user_id = o.chat",
)


async def claimed(channel: control.Channel) -> tuple[control.User, control.Group]:
    yamada = await channel.user("山田 太郎")
    group = await channel.group("管理グループ", [yamada])
    await group.invite_bot()
    await group.sees("登録コード")
    code = await staff.new_code("owner", await clock.now())
    await yamada.says(f"登録 {code}", in_group=group)
    await group.sees("登録しました")
    return yamada, group


async def furnish(yamada: control.User, group: control.Group, friends: int) -> None:
    """A shop some years old: names, tags, reactions, blocks, and a scenario that most have gone through."""
    await yamada.says(f"/タグ 作成 {', '.join(TAGS)}", in_group=group)
    await group.sees("を作りました")
    await yamada.says(SCENARIO, in_group=group)
    await group.sees("下書き")
    await yamada.says("/シナリオ 公開 ようこそ", in_group=group)
    await yamada.presses("公開する", in_group=group)
    await group.sees("公開しました")
    await yamada.says(TEMPLATE.replace("4,400", "4,200"), in_group=group)
    await group.sees("料金表")
    await database.run(
        "INSERT INTO friends (line_user_id, line_name, following, blocked_us, followed_at, last_reaction_at,"
        " created_at) SELECT 'U' || lpad(to_hex(n), 32, '0'),"
        " ($2::text[])[n % 20 + 1] || ' ' || ($3::text[])[n / 20 % 20 + 1],"
        # one in sixty has given a sign of life within a day, one in six within a month
        " true, n % 100 < 8, came,"
        " came + (now() - came) * (1 - power((n * 104729::bigint % 1009) / 1009.0, 1.5)), came FROM"
        " (SELECT n, now() - (n * 7919::bigint % 1000) * interval '1 day' AS came"
        " FROM generate_series(1, $1::int) AS n) x",
        friends,
        FAMILY,
        GIVEN,
    )
    for name, percent in TAGS.items():
        await database.run(
            "INSERT INTO friend_tags (friend_id, tag_id, at) SELECT f.id, t.id, now() FROM friends f, tags t"
            " WHERE t.name = $1 AND hashint8(f.id * 31 + t.id) & 1023 < $2::int * 1024 / 100",
            name,
            percent,
        )
    await database.run(
        "INSERT INTO subscriptions (friend_id, scenario_id, version_id, state, position, due_at, started_at, ended_at)"
        " SELECT f.id, s.id, s.live_version_id, CASE WHEN f.id % 10 = 0 THEN 'active' ELSE 'finished' END,"
        " CASE WHEN f.id % 10 = 0 THEN 1 ELSE 3 END, CASE WHEN f.id % 10 = 0 THEN now() + interval '1 day' END,"
        " f.followed_at, CASE WHEN f.id % 10 <> 0 THEN now() END FROM friends f, scenarios s WHERE f.id % 10 < 8"
    )
    for statement in PAST:
        await database.run(statement)
    await database.run("VACUUM ANALYZE")  # as it would be by now
