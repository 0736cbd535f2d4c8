"""Actions on what is known of a friend."""

from jobs import noting
from jobs.actions.arguments import Change, Thing
from jobs.actions.kind import Kind

FIELD = Thing("field", "項目", "fields")

SHARED = Thing("shared", "共通情報", "shared_values")

KINDS = (
    Kind(
        do="field",
        word="項目",
        spellings=("友だち情報", "field"),
        arguments=(FIELD, Change()),
        examples=("項目 来店回数 +1", "項目 誕生日=5/3"),
        tells="項目に値を入れます。数は増やす・減らすこともできます。日付には「今日」「3日後」も使えます。",
        effect=noting.change,
    ),
    Kind(
        do="field_clear",
        word="項目消す",
        spellings=("項目けす", "項目削除", "clear"),
        arguments=(FIELD,),
        examples=("項目消す 誕生日",),
        tells="項目の値を空にします。",
        effect=noting.clear,
    ),
    Kind(do="note", effect=noting.note),
    Kind(
        do="shared",
        word="共通情報",
        spellings=("shared",),
        arguments=(SHARED, Change()),
        examples=("共通情報 残席 -1", "共通情報 合言葉=さくら"),
        tells="共通情報を変えます。数は人数分だけ増やす・減らすことができます。",
        effect=noting.share,
    ),
)
