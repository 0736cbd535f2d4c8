"""LINE's two ways of counting characters: UTF-16 code units, and what a reader sees as one [G:text-character-count]."""

import unicodedata
from bisect import bisect_right
from enum import Enum, auto

_ZWJ = 0x200D
_SURROGATES = 0xFFFF


class _Class(Enum):
    """What UAX 29 makes of a code point; the rule for Indic conjuncts (GB9c) is left out."""

    OTHER = auto()
    CR = auto()
    LF = auto()
    CONTROL = auto()
    EXTEND = auto()
    JOINER = auto()
    FLAG = auto()
    PREPEND = auto()
    SPACING = auto()
    PICTURE = auto()
    L = auto()
    V = auto()
    T = auto()
    LV = auto()
    LVT = auto()


# First code point, last code point, class; what stands here goes before the general category.
_RANGES: list[tuple[int, int, _Class]] = sorted(
    [
        (0x0D, 0x0D, _Class.CR),
        (0x0A, 0x0A, _Class.LF),
        (_ZWJ, _ZWJ, _Class.JOINER),
        *((low, high, _Class.EXTEND) for low, high in (
            (0x200C, 0x200C), (0x302E, 0x302F), (0xFF9E, 0xFF9F), (0x1F3FB, 0x1F3FF), (0xE0020, 0xE007F),
        )),
        *((low, high, _Class.PREPEND) for low, high in (
            (0x600, 0x605), (0x6DD, 0x6DD), (0x70F, 0x70F), (0x890, 0x891), (0x8E2, 0x8E2), (0xD4E, 0xD4E),
            (0x110BD, 0x110BD), (0x110CD, 0x110CD), (0x111C2, 0x111C3), (0x1193F, 0x1193F), (0x11941, 0x11941),
            (0x11A84, 0x11A89), (0x11D46, 0x11D46),
        )),
        *((low, high, _Class.OTHER) for low, high in (
            (0x102B, 0x102C), (0x1038, 0x1038), (0x1062, 0x1064), (0x1067, 0x106D), (0x1083, 0x1083),
            (0x1087, 0x108C), (0x108F, 0x108F), (0x109A, 0x109C), (0x1A61, 0x1A61), (0x1A63, 0x1A64),
            (0xAA7B, 0xAA7B), (0xAA7D, 0xAA7D), (0x11720, 0x11721),
        )),
        (0xE33, 0xE33, _Class.SPACING),
        (0xEB3, 0xEB3, _Class.SPACING),
        *((low, high, _Class.PICTURE) for low, high in (
            (0xA9, 0xA9), (0xAE, 0xAE), (0x203C, 0x203C), (0x2049, 0x2049), (0x2122, 0x2122), (0x2139, 0x2139),
            (0x2194, 0x21AA), (0x231A, 0x23FF), (0x24C2, 0x24C2), (0x25AA, 0x27BF), (0x2934, 0x2935),
            (0x2B05, 0x2B55), (0x3030, 0x3030), (0x303D, 0x303D), (0x3297, 0x3297), (0x3299, 0x3299),
            (0x1F004, 0x1F1E5), (0x1F201, 0x1F3FA), (0x1F400, 0x1FAFF), (0x1FC00, 0x1FFFD),
        )),
        (0x1F1E6, 0x1F1FF, _Class.FLAG),
        *((low, high, _Class.L) for low, high in ((0x1100, 0x115F), (0xA960, 0xA97C))),
        *((low, high, _Class.V) for low, high in ((0x1160, 0x11A7), (0xD7B0, 0xD7C6))),
        *((low, high, _Class.T) for low, high in ((0x11A8, 0x11FF), (0xD7CB, 0xD7FB))),
    ]
)  # fmt: skip
_STARTS = [low for low, _, _ in _RANGES]
_CATEGORIES = {
    "Mn": _Class.EXTEND,
    "Me": _Class.EXTEND,
    "Mc": _Class.SPACING,
    **dict.fromkeys(("Cc", "Cf", "Cs", "Zl", "Zp"), _Class.CONTROL),
}
_ENDS = frozenset({_Class.CR, _Class.LF, _Class.CONTROL})
_JOINS = frozenset({_Class.EXTEND, _Class.JOINER, _Class.SPACING})
_HANGUL = {
    _Class.L: frozenset({_Class.L, _Class.V, _Class.LV, _Class.LVT}),
    _Class.V: frozenset({_Class.V, _Class.T}),
    _Class.LV: frozenset({_Class.V, _Class.T}),
    _Class.T: frozenset({_Class.T}),
    _Class.LVT: frozenset({_Class.T}),
}


def utf16(text: str) -> int:
    return len(text) + sum(1 for letter in text if ord(letter) > _SURROGATES)


def graphemes(text: str) -> int:
    """How many extended grapheme clusters (UAX 29)."""
    count = flags = 0
    before: _Class | None = None
    picture = False
    for letter in text:
        kind = _class(ord(letter))
        if before is None or _parts(before, kind, odd_flags=flags % 2 == 1, picture=picture):
            count += 1
        flags = flags + 1 if kind is _Class.FLAG else 0
        if kind is _Class.PICTURE:
            picture = True
        elif kind is _Class.EXTEND:
            picture = picture and before is not _Class.JOINER
        elif kind is not _Class.JOINER or before is _Class.JOINER:
            picture = False
        before = kind
    return count


def _parts(before: _Class, kind: _Class, *, odd_flags: bool, picture: bool) -> bool:
    """Whether a new cluster begins; picture: a pictograph, with marks on it or not, stands before a joiner."""
    if before is _Class.CR and kind is _Class.LF:
        return False
    if before in _ENDS or kind in _ENDS:
        return True
    if kind in _JOINS or before is _Class.PREPEND or kind in _HANGUL.get(before, ()):
        return False
    if before is _Class.JOINER and kind is _Class.PICTURE and picture:
        return False
    return not (before is _Class.FLAG and kind is _Class.FLAG and odd_flags)


def _class(point: int) -> _Class:
    if 0x20 <= point < 0x7F:
        return _Class.OTHER
    if 0xAC00 <= point <= 0xD7A3:
        return _Class.LV if (point - 0xAC00) % 28 == 0 else _Class.LVT
    at = bisect_right(_STARTS, point) - 1
    if at >= 0 and point <= _RANGES[at][1]:
        return _RANGES[at][2]
    return _CATEGORIES.get(unicodedata.category(chr(point)), _Class.OTHER)
