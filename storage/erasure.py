"""Erasing a friend: everything that is kept about the person goes, what was sent stays only as numbers."""

from collections.abc import Collection

from storage import database, outbox

# What is kept of a friend in rows of its own.
FORGOTTEN = (
    *("friend_tags", "field_values", "subscriptions", "operation_friends", "friend_events"),
    *("delayed_actions", "done_once", "unmatched_texts", "answers", "link_clicks", "link_sends"),
    *("submissions", "form_answers", "form_uploads"),
)
OVER = "('accepted', 'refused', 'cancelled', 'unknown', 'split', 'folded')"


async def erase(friend_id: int, line_user_id: str, called: Collection[str]) -> None:
    """Forget this friend, who is locked. Messages not begun are cancelled; one that is just being sent ends by itself.

    Texts of multicasts stay: they are the same for everybody. The numbers of deliveries stay for the counts. Somebody
    who writes again is a new friend. `called` are the names by which the history may speak of them.
    """
    await outbox.cancel_for_friends([friend_id])
    await outbox.take_from_multicasts([friend_id])
    await database.run(
        f"UPDATE outbox SET body = CASE WHEN kind = 'multicast' THEN body ELSE '[]' END, chat = '', reply_token = NULL,"
        f" recipients = array_remove(recipients, $2::text) WHERE state IN {OVER} AND (chat = $2 OR id = ANY(ARRAY("
        "SELECT outbox_id FROM deliveries WHERE friend_id = $1 AND outbox_id IS NOT NULL)))",
        friend_id,
        line_user_id,
    )
    await database.run(
        "UPDATE inbox SET body = '{}', state = CASE WHEN state = 'parked' THEN 'dropped' ELSE state END"
        " WHERE chat = $1 AND state <> 'open'",
        line_user_id,
    )
    for table in FORGOTTEN:
        await database.run(f"DELETE FROM {table} WHERE friend_id = $1", friend_id)
    await database.run("DELETE FROM quotable WHERE about ->> 'object' = $1", f"#F{friend_id}")
    for name in sorted(filter(None, called), key=len, reverse=True):
        await database.run(
            "UPDATE audit_entries SET sentence = replace(sentence, $1 || 'さん', '（消去した方）')"
            " WHERE strpos(sentence, $1 || 'さん') > 0",
            name,
        )
    await database.run("DELETE FROM friends WHERE id = $1", friend_id)
