"""The wizard of タグ, whose one answer makes a command."""

from admin_commands.wizards.questions import Question, Wizard

WIZARD = Wizard(
    "tag",
    ("new",),
    "タグの作成",
    "operator",
    (
        Question(
            "names",
            "作るタグの名前を送ってください。いくつかあれば「VIP, 休眠」のように , で区切ります。",
            sign="タグ 作成 ",
        ),
    ),
)
