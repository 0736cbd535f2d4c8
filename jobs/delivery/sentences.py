"""What staff are told about sending, in their words."""

CHANNEL = (
    "⚠️ LINEがこのアカウントのアクセストークンを受け付けないため、すべての送信を止めています。"
    "LINE Developersでチャネルアクセストークンを確認してください。送信待ちのメッセージは失われていません。"
)
UNKNOWN = (
    "⚠️ お客様に届いたかどうか確認できないメッセージがあります。二重に届くのを防ぐため、再送していません。"
    "「エラー 一覧」で相手を確かめられます。"
)
REFUSED = (
    "⚠️ LINEが受け付けず、お客様に届かなかったメッセージがあります。"
    "「エラー 一覧」で原因と相手を見て、もう一度送るか、あきらめるかを選べます。"
)
QUOTA = {
    "promotion": (
        "⚠️ 今月のメッセージ通数の上限に達したため、一斉配信やシナリオの送信を止めています。"
        "上限を増やすか、月が替わると自動で再開します。"
    ),
}
QUOTA_OTHERS = (
    "⚠️ 今月のメッセージ通数の上限に達したため、お客様へのお知らせの送信も止まっています。"
    "上限を増やすか、月が替わると自動で再開します。無料の返信は続いています。"
)


def quota(klass: str) -> str:
    return QUOTA.get(klass, QUOTA_OTHERS)


def body(cause: str) -> str:
    kind, _, number = cause.partition(":")
    name = {"scenario": f"シナリオ #S{number}", "operation": f"一括操作 {number}"}.get(kind, "自動返信")
    return (
        f"⚠️ {name}のメッセージをLINEが受け付けなかったため、この送信を止めています。"
        "内容（画像のアドレスやボタンなど）を見直してください。待っている分は「エラー 一覧」にあります。"
    )
