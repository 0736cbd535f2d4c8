"""Regular expressions of rules: run by RE2, whose time grows only with the text, in memory of a fixed size."""

import unicodedata
from collections.abc import Callable

from storage import names
from storage.errors import Refused

LONGEST = 200  # characters
MEMORY = 1 << 20  # bytes of one compiled expression

Search = Callable[[str], bool]


def compiled(pattern: str) -> Search:
    """Whether a folded text holds it. Raises Refused, with what is wrong in a clause."""
    import re2  # 40 ms and 3 MB that few shops need

    if len(pattern) > LONGEST:
        raise Refused(f"長すぎます（{LONGEST}文字まで）")
    options = re2.Options()
    options.max_mem = MEMORY
    options.case_sensitive = False
    options.log_errors = False
    try:
        ready = re2.compile("".join(map(_folded, pattern)), options)
    except re2.error:
        raise Refused("読めません。カッコや記号の対応をお確かめください（先読み・後方参照は使えません）") from None
    if ready.search(""):
        raise Refused("何も書かれていない文にも当てはまります。1文字以上が必要な形にしてください")
    return lambda text: ready.search(text) is not None


def _folded(character: str) -> str:
    """A letter as texts are folded; what has a meaning in expressions keeps it, and nothing else gets one."""
    plain = names.kana_fold(unicodedata.normalize("NFKC", character))
    if character.isascii() or plain.isalnum() or not plain.isascii():
        return plain
    return "".join(f"\\{one}" if not one.isalnum() and one != " " else one for one in plain)
