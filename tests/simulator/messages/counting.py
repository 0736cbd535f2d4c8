"""LINE's two ways of counting characters: UTF-16 code units, and what a reader sees as one [G:text-character-count]."""

import unicodedata

_ZWJ = 0x200D
_JAMO = ((0x1100, 0x115F, "L"), (0x1160, 0x11A7, "V"), (0x11A8, 0x11FF, "T"))


def utf16(text: str) -> int:
    return len(text) + sum(1 for letter in text if ord(letter) > 0xFFFF)


def graphemes(text: str) -> int:
    """Extended grapheme clusters (UAX 29, without the rules for Indic conjuncts and prepended marks)."""
    count = 0
    previous = -1
    flags = 0
    joined = False
    for letter in text:
        point = ord(letter)
        flag = 0x1F1E6 <= point <= 0x1F1FF
        if previous < 0 or not _continues(previous, point, odd_flag=flag and flags % 2 == 1, joined=joined):
            count += 1
        flags = flags + 1 if flag else 0
        joined = point == _ZWJ and (_pictographic(previous) or joined_over(previous))
        previous = point
    return count


def joined_over(point: int) -> bool:
    """Marks that may stand between a picture and the joiner after it."""
    return point == 0xFE0F or 0x1F3FB <= point <= 0x1F3FF


def _continues(previous: int, point: int, *, odd_flag: bool, joined: bool) -> bool:
    if previous == 0x0D and point == 0x0A:
        return True
    if _control(previous) or _control(point):
        return False
    if _extends(point) or odd_flag:
        return True
    if joined and _pictographic(point):
        return True
    return _hangul_joins(_hangul(previous), _hangul(point))


def _control(point: int) -> bool:
    return point != _ZWJ and not _extends(point) and unicodedata.category(chr(point)) in ("Cc", "Zl", "Zp", "Cf")


def _extends(point: int) -> bool:
    if point < 0x300:
        return False
    if point == _ZWJ or point == 0x200C or 0xFE00 <= point <= 0xFE0F or 0x1F3FB <= point <= 0x1F3FF:
        return True
    if point in (0xFF9E, 0xFF9F) or 0xE0020 <= point <= 0xE007F:
        return True
    return unicodedata.category(chr(point)) in ("Mn", "Me", "Mc")


def _pictographic(point: int) -> bool:
    return (
        0x1F300 <= point <= 0x1FAFF
        or 0x2600 <= point <= 0x27BF
        or 0x2190 <= point <= 0x21FF
        or 0x2B00 <= point <= 0x2BFF
        or 0x1F000 <= point <= 0x1F0FF
        or point in (0xA9, 0xAE, 0x203C, 0x2049, 0x2122, 0x2139, 0x3030, 0x303D, 0x3297, 0x3299)
    )


def _hangul(point: int) -> str:
    for low, high, kind in _JAMO:
        if low <= point <= high:
            return kind
    if 0xAC00 <= point <= 0xD7A3:
        return "LV" if (point - 0xAC00) % 28 == 0 else "LVT"
    return ""


def _hangul_joins(before: str, after: str) -> bool:
    if before == "L":
        return after in ("L", "V", "LV", "LVT")
    if before in ("LV", "V"):
        return after in ("V", "T")
    return before in ("LVT", "T") and after == "T"
