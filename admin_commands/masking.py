"""Personal data as staff are shown them: enough to recognise, not enough to use (COMMANDS 3.12)."""

import re
from collections.abc import Callable, Collection

from admin_commands import choices, desk

STARS = "****"
_DIGIT, _DASH = "[0-9０-９]", "[-‐‑‒–—―−－ー]"
_BETWEEN = rf"(?:{_DASH}|[ 　()（）])"
_PREFECTURES = "北海道|東京都|(?:京都|大阪)府|(?:神奈川|和歌山|鹿児島|[一-龥]{2})県"


def _phone(found: re.Match[str]) -> str:
    """`090-****-5678`: nine to eleven digits behind a 0, or behind +81."""
    digits = re.sub(r"\D", "", found[0])
    abroad = found[0][0] in "+＋"
    if not (int(digits[:2]) == 81 and len(digits) in (11, 12) if abroad else len(digits) in (10, 11)):
        return found[0]
    area = re.match(rf"(?:[+＋](?:81|８１){_BETWEEN}{{0,2}}|[(（]?){_DIGIT}{{1,5}}(?:[)）]|(?={_BETWEEN}))", found[0])
    begins = area[0] if area else found[0][: 5 if abroad else 3]
    ends = re.sub(rf".*?({_DIGIT}{{3,4}})$", r"\1", found[0])
    dash = next((sign for sign in found[0] if re.match(_DASH, sign)), "")
    return f"{begins}{dash}{STARS}{dash}{ends}"


# What is looked for in a text, in this order, and what stands there instead.
_FORMS: dict[str, list[tuple[str, Callable[[re.Match[str]], str]]]] = {
    "電話": [
        (rf"(?<!{_DIGIT})(?:[+＋](?:81|８１)|[(（]?[0０])(?:{_BETWEEN}{{0,2}}{_DIGIT}){{8,11}}(?!{_DIGIT})", _phone),
    ],
    "メール": [
        (
            r"(?<![A-Za-z0-9._%+-])(?P<first>[A-Za-z0-9])[A-Za-z0-9._%+-]*[@＠](?P<domain>[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)",
            lambda found: f"{found['first']}{STARS}@{found['domain']}",
        ),
    ],
    "住所": [
        (
            rf"〒\s?{_DIGIT}{{3}}{_DASH}?{_DIGIT}{{4}}|(?<!{_DIGIT})(?<!{_DASH}){_DIGIT}{{3}}{_DASH}{_DIGIT}{{4}}(?!{_DIGIT}|{_DASH})",
            lambda _: f"〒{STARS}",
        ),
        (
            rf"(?P<near>(?:{_PREFECTURES})[^\s0-9０-９]{{0,8}}?[市区町村郡])[^\s、。]*{_DIGIT}[^\s、。]*",
            lambda found: f"{found['near']}{STARS}",
        ),
    ],
    "誕生日": [
        (
            rf"(?P<word>(?:誕生日|生年月日)[^0-9０-９\n]{{0,3}}){_DIGIT}{{4}}(?=[年/.-])",
            lambda found: f"{found['word']}{STARS}",
        ),
    ],
}


def masked(text: str, kinds: Collection[str] = choices.MASKED) -> str:
    """The text without the middle of telephone numbers, mail and postal addresses, and the years of birthdays."""
    for kind in choices.MASKED:
        if kind in kinds:
            for form, instead in _FORMS[kind]:
                text = re.sub(form, instead, text)
    return text


def shown(at: desk.Desk, text: str) -> str:
    """The same with what this shop has chosen to mask (設定 伏字)."""
    return masked(text, choices.masked(at.config.chosen))
