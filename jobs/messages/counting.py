"""Counting as LINE does: UTF-16 units nearly everywhere, whole graphemes for what stands on buttons."""

import re
import unicodedata
from collections.abc import Iterator

# Grapheme classes of Unicode's annex 29, without the Indic conjunct rule (GB9c).
_OTHER, _CR, _LF, _CONTROL, _EXTEND, _JOINER, _FLAG, _PREPEND, _SPACING, _PICTURE = range(10)
_L, _V, _T, _LV, _LVT = range(10, 15)

# Text whose code points each stand for themselves: ASCII and the everyday Japanese ranges.
_SIMPLE = re.compile(
    "[\n -~\u2010-\u2027\u3000-\u3029\u3041-\u3096\u309b-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uff01-\uff9d]*"
)
_PICTURES = re.compile(
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u27bf\u2934\u2935"
    "\u2b05-\u2b55\u3030\u303d\u3297\u3299\U0001f004-\U0001f1e5\U0001f201-\U0001f3fa\U0001f400-\U0001faff"
    "\U0001fc00-\U0001fffd]"
)
_EXTENDING = re.compile("[\u200c\u302e\u302f\uff9e\uff9f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
_PREPENDING = re.compile(
    "[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u0d4e\U000110bd\U000110cd\U000111c2\U000111c3\U0001193f"
    "\U00011941\U00011a84-\U00011a89\U00011d46]"
)
_STANDALONE_MARKS = re.compile(
    "[\u102b\u102c\u1038\u1062-\u1064\u1067-\u106d\u1083\u1087-\u108c\u108f\u109a-\u109c\u1a61\u1a63\u1a64"
    "\uaa7b\uaa7d\U00011720\U00011721]"
)
_BY_CATEGORY = {
    "Mn": _EXTEND,
    "Me": _EXTEND,
    "Mc": _SPACING,
    "Cc": _CONTROL,
    "Cf": _CONTROL,
    "Cs": _CONTROL,
    "Zl": _CONTROL,
    "Zp": _CONTROL,
}


def utf16_len(text: str) -> int:
    """The length of `text` in UTF-16 units; a lone surrogate counts as one."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def graphemes(text: str) -> int:
    """How many characters a person sees (extended grapheme clusters)."""
    return len(text) if _SIMPLE.fullmatch(text) else sum(1 for _ in clusters(text))


def clusters(text: str) -> Iterator[str]:
    """The extended grapheme clusters of `text`, in order; joined they give `text` again."""
    start, before, flags, picture = 0, -1, 0, False
    for index, character in enumerate(text):
        kind = _kind(character)
        if before >= 0 and _breaks(before, kind, odd_flags=flags % 2 == 1, picture=picture):
            yield text[start:index]
            start = index
        flags = flags + 1 if kind == _FLAG else 0
        picture = kind == _PICTURE or (picture and before != _JOINER and kind in (_EXTEND, _JOINER))
        before = kind
    if text:
        yield text[start:]


def _breaks(before: int, kind: int, *, odd_flags: bool, picture: bool) -> bool:
    """Whether a cluster ends between two classes; `picture`: a pictograph with extenders stands before."""
    if before == _CR and kind == _LF:
        return False
    if before in (_CR, _LF, _CONTROL) or kind in (_CR, _LF, _CONTROL):
        return True
    if kind in (_EXTEND, _JOINER, _SPACING) or before == _PREPEND:
        return False
    if before == _L and kind in (_L, _V, _LV, _LVT):
        return False
    if (before in (_LV, _V) and kind in (_V, _T)) or (before in (_LVT, _T) and kind == _T):
        return False
    if before == _JOINER and kind == _PICTURE and picture:
        return False
    return not (before == _FLAG and kind == _FLAG and odd_flags)


def _kind(character: str) -> int:
    code = ord(character)
    if code < 0x300:
        return _low_kind(code)
    if code == 0x200D:
        return _JOINER
    if 0x1F1E6 <= code <= 0x1F1FF:
        return _FLAG
    if 0x1100 <= code <= 0x11FF or 0xA960 <= code <= 0xA97C or 0xAC00 <= code <= 0xD7FB:
        return _hangul(code)
    if _EXTENDING.match(character):
        return _EXTEND
    if _PICTURES.match(character):
        return _PICTURE
    if _PREPENDING.match(character):
        return _PREPEND
    if code in (0x0E33, 0x0EB3):
        return _SPACING
    if _STANDALONE_MARKS.match(character):
        return _OTHER
    return _BY_CATEGORY.get(unicodedata.category(character), _OTHER)


def _low_kind(code: int) -> int:
    if code == 0x0D:
        return _CR
    if code == 0x0A:
        return _LF
    if code in (0xA9, 0xAE):
        return _PICTURE
    return _CONTROL if code < 0x20 or 0x7F <= code < 0xA0 or code == 0xAD else _OTHER


def _hangul(code: int) -> int:
    if code >= 0xAC00 and code <= 0xD7A3:
        return _LV if (code - 0xAC00) % 28 == 0 else _LVT
    if code <= 0x115F or 0xA960 <= code <= 0xA97C:
        return _L
    if code <= 0x11A7 or 0xD7B0 <= code <= 0xD7C6:
        return _V
    return _T if code <= 0x11FF or code >= 0xD7CB else _OTHER
