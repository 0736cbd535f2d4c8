"""A file that somebody has sent, as text: UTF-8, or what Windows calls Shift_JIS; pure."""

from admin_commands import desk

MOST = 1024 * 1024  # bytes
NEVER_TYPED = frozenset(map(chr, (*range(9), *range(0x0E, 0x20), 0x7F)))


def text(data: bytes) -> str:
    """Raises desk.Declined for what is no text."""
    if len(data) > MOST:
        raise desk.Declined("ファイルが大きすぎます（1MBまで）。")
    try:
        found = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        found = _cp932(data)
    if "\0" in found:
        raise _unreadable()
    return found


def _cp932(data: bytes) -> str:
    try:
        found = data.decode("cp932")
    except UnicodeDecodeError:
        raise _unreadable() from None
    if NEVER_TYPED.intersection(found):
        raise _unreadable()
    return found


def _unreadable() -> desk.Declined:
    return desk.Declined(
        "このファイルは文字として読めません。「控え 作成」で受け取った .txt を、そのまま送ってください。"
    )
