"""How two names are the same name: the key under which tags, scenarios, templates are stored and found."""

import unicodedata

# Katakana ァ..ヶ and the iteration marks ヽヾ lie 0x60 above their hiragana; the long vowel mark ー is kept.
KATAKANA_TO_HIRAGANA = {code: code - 0x60 for code in [*range(0x30A1, 0x30F7), 0x30FD, 0x30FE]}


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


def name_key(name: str) -> str:
    """`ＶＩＰ`, `vip` and `VIP` share one key; so do `カラー` and `からー`. Runs of spaces count as one."""
    visible = "".join(" " if c in "\t\n\r" else c for c in name if c in "\t\n\r" or not invisible(c))
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", visible).casefold())
    return " ".join(kana_fold(folded).split())
