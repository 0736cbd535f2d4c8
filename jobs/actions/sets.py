"""The action that runs a saved action set."""

from jobs.actions.arguments import Thing
from jobs.actions.kind import Kind

KINDS = (
    Kind(
        do="run",
        word="アクション",
        spellings=("action",),
        arguments=(Thing("set", "アクション", by=("アクション", "action")),),
        examples=("アクション VIP化",),
        tells="保存したアクションを実行します。",
    ),
)
