"""The wizard of forms: a name, then question after question, and what is said at the end."""

from admin_commands.wizards.messages import free, suggest
from admin_commands.wizards.questions import END, Answered, Choice, Question, Wizard

ANY_QUESTION = "\n▼お名前 [短文]"


def _label(answered: Answered) -> str:
    return (
        f"{answered['label'] + 1}問目は、何を聞きますか？ 種類を付けて送ってください。\n"
        "例: 「お名前 [短文] 必須」「ご希望 [単一]」「電話番号 [電話]」\n"
        "種類: 短文・長文・単一・複数・プルダウン・数値・日付・電話・メール・住所・評価5・画像 など"
    )


FORM = Wizard(
    "form",
    ("new",),
    "フォームの作成",
    "operator",
    (
        Question(
            "name",
            "フォームの名前を決めてください（題名としてお客様にも見えます）。",
            sign="■フォーム ",
            offer=suggest("forms", "来店アンケート", "お申し込み"),
            missing=ANY_QUESTION,
            check=free("forms", "フォーム"),
        ),
        Question(
            "turns",
            "お一人は何回まで答えられますか？",
            sign="回答: ",
            choices=(
                Choice("1人1回", "回答: 1人1回"),
                Choice("何度でも", "回答: 何度でも"),
                Choice("あとで書き直せる", "回答: 書き直せる"),
            ),
            missing=ANY_QUESTION,
            written=False,
        ),
        Question(
            "thanks",
            "答え終わった方へのお礼を送ってください（ページに出ます。通数に入りません）。なければ「とばす」。",
            sign="お礼: ",
            optional=True,
            missing=ANY_QUESTION,
        ),
        Question(
            "label",
            _label,
            sign="▼",
            choices=(
                Choice("お名前", "▼お名前 [短文] 必須", then="more"),
                Choice("電話番号", "▼電話番号 [電話]", then="more"),
                Choice("ご要望（長文）", "▼ご要望 [長文]", then="more"),
                Choice("満足度（5段階）", "▼満足度 [評価5]", then="more"),
            ),
            missing="\n・はい\n・いいえ",
            whole_to="more",
        ),
        Question(
            "options",
            "選択肢を1つ送ってください。\n例: 「カット」「カラー → タグ付ける 希望カラー」",
            sign="・",
            lists=True,
        ),
        Question(
            "option",
            "選択肢をもう1つ送ってください。終わったら「とばす」。",
            sign="・",
            optional=True,
            skip_to="more",
            lists=True,
        ),
        Question(
            "more",
            "続きの質問を足しますか？",
            choices=(
                Choice("これで完成", then=END),
                Choice("もう1問足す", then="label"),
                Choice("選択肢を足す", then="option"),
            ),
            written=False,
        ),
    ),
)
