"""How two names are the same name: the key under which tags, scenarios, templates are stored and found."""

import re
import unicodedata

# Katakana ァ..ヶ and the iteration marks ヽヾ lie 0x60 above their hiragana; the long vowel mark ー is kept.
KATAKANA_TO_HIRAGANA = {code: code - 0x60 for code in [*range(0x30A1, 0x30F7), 0x30FD, 0x30FE]}


VARIATIONS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")  # the invisible that count as printable


def invisible(character: str) -> bool:
    """Zero-width, direction and variation marks and control characters: pasted along, never meant."""
    return (
        unicodedata.category(character) in ("Cf", "Cc", "Cs")
        or "\ufe00" <= character <= "\ufe0f"
        or "\U000e0100" <= character <= "\U000e01ef"
    )


def kana_fold(text: str) -> str:
    """Katakana to hiragana, character for character."""
    return text.translate(KATAKANA_TO_HIRAGANA)


def _visible(text: str) -> str:
    return "".join(" " if c in "\t\n\r" else c for c in text if c in "\t\n\r" or not invisible(c))


def name_key(name: str) -> str:
    """`ＶＩＰ`, `vip` and `VIP` share one key; so do `カラー` and `からー`. Runs of spaces count as one."""
    visible = name if name.isprintable() and not VARIATIONS.search(name) else _visible(name)
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", visible).casefold())
    return " ".join(kana_fold(folded).split())
