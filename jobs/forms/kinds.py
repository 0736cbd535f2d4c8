"""The kinds of question a form may have, each declared once: its words, what its bounds count, whether it is asked."""

from dataclasses import dataclass
from typing import Literal

Counts = Literal["chars", "value", "choices", "days", "top", "size"]


@dataclass(frozen=True, slots=True)
class Kind:
    """`word` and `spellings` are what stands in [ ].

    `counts` is what least and most mean: characters, the number itself, how many options, days (from today, or dates),
    the highest mark, megabytes. `most` is the most where nothing is said, `limits` are those of either bound.
    `options`: it has ・ lines. What is not `asked` stands on the page and has no answer; `saved`: its answer may go
    into a field of the friend; `rightly`: an answer may be right or wrong (正解).
    """

    key: str
    word: str
    spellings: tuple[str, ...] = ()
    counts: Counts | None = None
    most: int | None = None
    limits: tuple[int, int] = (0, 0)
    options: bool = False
    asked: bool = True
    saved: bool = True
    rightly: bool = False


LENGTHS = (1, 5_000)
NUMBERS = (-999_999_999, 999_999_999)
DAYS = (-36_500, 3_650)
KINDS: dict[str, Kind] = {
    kind.key: kind
    for kind in (
        Kind(
            "text",
            "短文",
            ("テキスト", "一行", "1行", "文字", "文", "自由記入", "自由記述", "text"),
            "chars",
            None,
            LENGTHS,
            rightly=True,
        ),
        Kind(
            "long",
            "長文",
            ("複数行", "文章", "長いテキスト", "テキストエリア", "textarea", "long"),
            "chars",
            None,
            LENGTHS,
        ),
        Kind("number", "数値", ("数字", "数", "整数", "number"), "value", None, NUMBERS, rightly=True),
        Kind(
            "single",
            "単一",
            ("単一選択", "ラジオ", "ラジオボタン", "一つ選択", "1つ選択", "択一", "選択", "radio", "single"),
            options=True,
        ),
        Kind(
            "multiple",
            "複数",
            (
                *("複数選択", "複数可", "複数選択可", "複数回答", "複数回答可"),
                *("チェック", "チェックボックス", "checkbox", "multiple"),
            ),
            "choices",
            None,
            (0, 50),
            options=True,
        ),
        Kind("pulldown", "プルダウン", ("セレクト", "リスト", "ドロップダウン", "select", "pulldown"), options=True),
        Kind("date", "日付", ("日", "年月日", "日にち", "date"), "days", None, DAYS),
        Kind("datetime", "日時", ("日付と時刻", "日付時刻", "datetime"), "days", None, DAYS),
        Kind("time", "時刻", ("時間", "time")),
        Kind("phone", "電話", ("電話番号", "携帯", "携帯電話", "携帯番号", "tel", "phone")),
        Kind("mail", "メール", ("メールアドレス", "メアド", "eメール", "email", "mail")),
        Kind("postcode", "郵便番号", ("郵便", "〒", "postcode", "zip")),
        Kind("address", "住所", ("ご住所", "address")),
        Kind("prefecture", "都道府県", ("県", "prefecture")),
        Kind("kana", "カナ", ("フリガナ", "ふりがな", "カタカナ", "kana"), "chars", None, LENGTHS),
        Kind("rating", "評価", ("星", "★", "スター", "rating"), "top", 5, (2, 10)),
        Kind("scale", "段階", ("段階評価", "スケール", "scale"), "top", 10, (2, 10)),
        Kind("image", "画像", ("画像アップロード", "写真アップロード", "image"), "size", 10, (1, 10), saved=False),
        Kind("file", "ファイル", ("添付", "添付ファイル", "アップロード", "file"), "size", 10, (1, 10), saved=False),
        Kind("consent", "同意", ("承諾", "同意チェック", "consent")),
        Kind("heading", "見出し", ("小見出し", "heading"), asked=False, saved=False),
        Kind("note", "説明", ("説明文", "注意", "注意書き", "案内", "note"), asked=False, saved=False),
        Kind("picture", "写真", ("挿絵", "イラスト", "picture"), asked=False, saved=False),
        Kind("hidden", "隠し", ("隠し項目", "隠し値", "hidden"), asked=False),
    )
}
