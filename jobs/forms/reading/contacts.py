"""How to reach somebody: telephone, mail, postcode, prefecture, address."""

import re

from jobs.forms.answers import PARTS, Answer, Raw, Wrong
from jobs.forms.definition import Question
from jobs.forms.reading import typed
from jobs.forms.reading.at import At

SHORT = 200  # characters of a part of an address
MAIL = 254
PREFECTURES = [
    "北海道",
    "青森県",
    "岩手県",
    "宮城県",
    "秋田県",
    "山形県",
    "福島県",
    "茨城県",
    "栃木県",
    "群馬県",
    "埼玉県",
    "千葉県",
    "東京都",
    "神奈川県",
    "新潟県",
    "富山県",
    "石川県",
    "福井県",
    "山梨県",
    "長野県",
    "岐阜県",
    "静岡県",
    "愛知県",
    "三重県",
    "滋賀県",
    "京都府",
    "大阪府",
    "兵庫県",
    "奈良県",
    "和歌山県",
    "鳥取県",
    "島根県",
    "岡山県",
    "広島県",
    "山口県",
    "徳島県",
    "香川県",
    "愛媛県",
    "高知県",
    "福岡県",
    "佐賀県",
    "長崎県",
    "熊本県",
    "大分県",
    "宮崎県",
    "鹿児島県",
    "沖縄県",
]
MAILBOX = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@((?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63})"
)


def read_phone(question: Question, raw: Raw, _: At) -> Answer | None:
    """Digits alone; +81 is written as 0."""
    text = re.sub(r"[\s().]", "", typed.HYPHENS.sub("", typed.narrow(raw, question.key)))
    if not text:
        return None
    text = re.sub(r"^\+81\(?0?\)?", "0", text)
    if not re.fullmatch(r"0\d{9,10}|\+[1-9]\d{6,14}", text, re.ASCII):
        raise Wrong("phone")
    return Answer(text)


def read_mail(question: Question, raw: Raw, _: At) -> Answer | None:
    text = typed.narrow(raw, question.key).replace(" ", "")
    if not text:
        return None
    found = MAILBOX.fullmatch(text) if len(text) <= MAIL else None
    if found is None:
        raise Wrong("mail")
    return Answer(text[: found.start(1)] + found[1].lower())


def _code(text: str) -> str:
    digits = re.sub(r"[〒\s]", "", typed.HYPHENS.sub("", text))
    if not re.fullmatch(r"\d{7}", digits, re.ASCII):
        raise Wrong("postcode")
    return f"{digits[:3]}-{digits[3:]}"


def read_postcode(question: Question, raw: Raw, _: At) -> Answer | None:
    text = typed.narrow(raw, question.key)
    return Answer(_code(text)) if text else None


def _in_prefecture(text: str) -> str:
    found = next((one for one in PREFECTURES if text in (one, one[:-1])), None)
    if found is None:
        raise Wrong("prefecture")
    return found


def read_prefecture(question: Question, raw: Raw, _: At) -> Answer | None:
    text = typed.narrow(raw, question.key)
    return Answer(_in_prefecture(text)) if text else None


def read_address(question: Question, raw: Raw, _: At) -> Answer | None:
    """All parts, or none of them."""
    given = {part: typed.line(raw, f"{question.key}.{part}") for part in PARTS}
    if not any(given.values()):
        return None
    for part, text in given.items():
        if not text:
            raise Wrong("part", part=part)
        if len(text) > SHORT:
            raise Wrong("long", most=SHORT, given=len(text))
    code, prefecture = (typed.narrow(raw, f"{question.key}.{part}") for part in PARTS[:2])
    city = "".join(given["city"].split())
    return Answer(f"〒{_code(code)} {_in_prefecture(prefecture)} {city} {given['rest']}")
