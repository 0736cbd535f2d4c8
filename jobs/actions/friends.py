"""Actions on how staff see and hear of a friend."""

from jobs.actions.arguments import Audience, Words
from jobs.actions.kind import Aspect, Kind

SHOWN = Aspect("非表示と表示を続けています（後のほうになります）")

KINDS = (
    Kind(
        do="hide",
        word="非表示",
        spellings=("非表示にする", "hide"),
        examples=("非表示",),
        tells="友だちを一覧や対象から外します。",
        settles=SHOWN,
    ),
    Kind(
        do="unhide",
        word="表示",
        spellings=("再表示", "unhide"),
        examples=("表示",),
        tells="非表示の友だちを元に戻します。",
        settles=SHOWN,
    ),
    Kind(
        do="notify",
        word="通知",
        spellings=("notify",),
        arguments=(Audience(), Words()),
        examples=(
            "通知 担当 「{名前}さんが回答しました」",
            "通知 グループ 「新しい予約です」",
            "通知 @山田 「確認してください」",
        ),
        tells="スタッフに知らせます。宛先は @スタッフ・担当・当番・全員・グループです。",
    ),
)
