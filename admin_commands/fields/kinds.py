"""The kinds of field in staff's words, what a name says about its field, and values as staff are shown them."""

import re
from collections.abc import Mapping, Sequence

from admin_commands import choices, desk, masking
from admin_commands.grammar import normalise, values, words
from jobs import noted
from storage import fields
from storage.fields.values import YEARLESS

# Kind -> its words, the first as it is printed, and what stands behind it in a list of kinds.
WORDS: Mapping[fields.Kind, tuple[str, ...]] = {
    "text": ("文字", "テキスト", "短文", "text"),
    "long_text": ("長文", "long"),
    "number": ("数値", "数字", "数", "number"),
    "choice": ("選択", "単一", "プルダウン", "choice"),
    "date": ("日付", "年月日", "date"),
    "datetime": ("日時", "datetime"),
    "yes_no": ("はい/いいえ", "はいいいえ", "有無", "チェック", "yesno"),
    "image": ("画像", "写真", "image"),
}
TELLS: Mapping[fields.Kind, str] = {
    "text": "1行の文（お名前、電話番号など）",
    "long_text": "長い文（カルテなど）",
    "number": "数。+1 で数えられます",
    "choice": "決まった中から1つ",
    "date": "年月日（誕生日など）",
    "datetime": "日付と時刻",
    "yes_no": "はい か いいえ",
    "image": "登録した画像",
}
YEARLY = re.compile("誕生日|生年月日|記念日|バースデ|birthday|命日", re.IGNORECASE)
# What is masked from the start, as far as the shop masks it (設定 伏字).
PRIVATE: Mapping[str, re.Pattern[str]] = {
    "電話": re.compile("電話|携帯|tel|phone", re.IGNORECASE),
    "メール": re.compile("メール|mail", re.IGNORECASE),
    "住所": re.compile("住所|郵便|address", re.IGNORECASE),
    "誕生日": re.compile("誕生日|生年月日|バースデ|birthday", re.IGNORECASE),
}
_GUESSES: Sequence[tuple[str, fields.Kind]] = (
    ("誕生|生年|記念日|来店日|予定日|期限", "date"),
    ("日時", "datetime"),
    ("回数|ポイント|点数|金額|年齢|人数|売上", "number"),
    ("カルテ|備考|詳細", "long_text"),
    ("写真|画像", "image"),
)
SHORT = 60  # characters of a value on a card


def find(word: str) -> fields.Kind | None:
    said = normalise.fold(normalise.lookup(word).text)
    return next((kind for kind, spelled in WORDS.items() if said in map(normalise.fold, spelled)), None)


def guessed(name: str) -> fields.Kind:
    """The kind that a field of this name probably has."""
    return next((kind for pattern, kind in _GUESSES if re.search(pattern, name)), "text")


def word(kind: fields.Kind) -> str:
    return WORDS[kind][0]


def masked(at: desk.Desk, name: str) -> bool:
    """Whether a field of this name is masked unless staff say otherwise."""
    return any(PRIVATE[kind].search(name) for kind in choices.masked(at.config.chosen))


def yearly(name: str) -> bool:
    return YEARLY.search(name) is not None


def wanted(field: fields.Kept) -> values.Wanted:
    return values.Wanted(field.kind, field.choices, field.yearly)


def told(at: desk.Desk, field: fields.Kept, text: str, pictures: Mapping[int, str] | None = None) -> str:
    """A value in full, as only 友だち 全表示 shows it where the field is masked."""
    if field.kind == "image":
        name = (pictures or {}).get(int(text))
        return f"「{name}」#I{text}" if name else f"（画像 #I{text} は削除されています）"
    return noted.told(field.kind, text, at.zone, at.now, yearly=field.yearly, full=True)


def shown(
    at: desk.Desk, field: fields.Kept, text: str, pictures: Mapping[int, str] | None = None, *, most: int = SHORT
) -> str:
    """A value as staff are shown it: masked where the field is, on one line, not too long."""
    full = told(at, field, text, pictures)
    if field.masked:
        return _hidden(field, text, full)
    discreet = " ".join(masking.shown(at, full).split())
    return discreet if len(discreet) <= most else f"{discreet[: most - 1]}…"


def _hidden(field: fields.Kept, text: str, full: str) -> str:
    """Enough to recognise: a birthday without its year, a telephone number without its middle, else only stars."""
    if field.kind == "date" and field.yearly:
        return full if int(text[:4]) == YEARLESS else f"{masking.STARS}年{full.partition('年')[2]}"
    half = masking.masked(full)
    return half if half != full else masking.STARS


def typed(name: str) -> str:
    return words.show(words.Name(name))
