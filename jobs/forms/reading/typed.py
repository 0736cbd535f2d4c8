"""Words and numbers as somebody typed them, in whatever width, made plain."""

import re
import unicodedata
from decimal import Decimal

from jobs.forms.answers import Answer, Raw, Wrong
from jobs.forms.definition import Question
from jobs.forms.reading.at import At
from storage import names
from storage.fields import values

LONGEST = {"text": 200, "long": 2_000, "kana": 60}  # characters where the form sets no limit
HARD = 10_000  # characters of any answer
CARRIED = 500  # of a hidden value that came with the address
RATING, SCALE = 5, 10
UNMEANT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff0-\uffff]"
)
BREAKS = re.compile("\r\n?|[\u2028\u2029]")
HYPHENS = re.compile("[-‐‑‒–—―−ーｰ─━]")
KANA = re.compile("[ァ-ヺー・゠ 　]+")


def said(raw: Raw, key: str) -> str:
    """What a page says under a key, as plain text without what nobody means to type; not what is beyond all measure."""
    given = raw.get(key)
    if isinstance(given, int | float) and not isinstance(given, bool) and abs(given) < values.GREATEST:
        given = f"{given:.15g}"
    if not isinstance(given, str):
        return ""
    if len(given) > 4 * HARD:
        raise Wrong("long", most=HARD)
    plain = UNMEANT.sub("", BREAKS.sub("\n", given))
    return unicodedata.normalize("NFC", plain).strip()


def line(raw: Raw, key: str) -> str:
    """The same on one line."""
    return " ".join(said(raw, key).split("\n")).replace("\t", " ").strip()


def narrow(raw: Raw, key: str) -> str:
    """The same with full-width letters and digits as half-width ones, and one space where there were several."""
    text = line(raw, key)
    if len(text) > HARD:
        raise Wrong("long", most=HARD)
    return " ".join(unicodedata.normalize("NFKC", text).split())


def measured(text: str, question: Question) -> str:
    least, most = number(question.least), number(question.most)
    longest = min(int(most), HARD) if most is not None else LONGEST.get(question.kind, HARD)
    if len(text) > longest:
        raise Wrong("long", most=longest, given=len(text))
    if text and least is not None and len(text) < least:
        raise Wrong("short", least=int(least), given=len(text))
    return text


def number(given: int | float | str | None) -> Decimal | None:
    return Decimal(str(given)) if isinstance(given, int | float) else None


def as_text(text: str) -> Answer | None:
    return Answer(text) if text else None


def read_text(question: Question, raw: Raw, _: At) -> Answer | None:
    return as_text(measured(line(raw, question.key), question))


def read_long(question: Question, raw: Raw, _: At) -> Answer | None:
    return as_text(measured(said(raw, question.key), question))


def read_kana(question: Question, raw: Raw, _: At) -> Answer | None:
    """In full-width katakana, however it was typed."""
    text = katakana(narrow(raw, question.key))
    if text and not KANA.fullmatch(text):
        raise Wrong("kana")
    return as_text(measured(" ".join(text.split()), question))


def katakana(text: str) -> str:
    return text.translate({hiragana: kana for kana, hiragana in names.KATAKANA_TO_HIRAGANA.items()})


def read_hidden(question: Question, raw: Raw, _: At) -> Answer | None:
    """What the form says, or what came with the address: nobody can mend it, so it is cut and never refused."""
    if question.value is None or not question.value.startswith("?"):
        return as_text(question.value or "")
    try:
        return as_text(line(raw, question.key)[:CARRIED])
    except Wrong:
        return None


def read_figure(question: Question, raw: Raw, _: At) -> Answer | None:
    text = re.sub(r"[,、\s]", "", narrow(raw, question.key)).replace("−", "-").replace("ー", "-")
    return _within(text, number(question.least), number(question.most), r"[+-]?\d{1,13}(?:\.\d{1,4})?")


def _within(text: str, least: Decimal | None, most: Decimal | None, shape: str) -> Answer | None:
    if not text:
        return None
    if not re.fullmatch(shape, text, re.ASCII) or abs(value := Decimal(text)) > values.GREATEST:
        raise Wrong("number")
    if least is not None and value < least:
        raise Wrong("small", least=values.number(least))
    if most is not None and value > most:
        raise Wrong("great", most=values.number(most))
    return Answer(values.number(value))


def read_rating(question: Question, raw: Raw, _: At) -> Answer | None:
    return _within(narrow(raw, question.key), Decimal(1), number(question.most) or Decimal(RATING), r"\d{1,3}")


def read_scale(question: Question, raw: Raw, _: At) -> Answer | None:
    least, most = number(question.least) or Decimal(0), number(question.most) or Decimal(SCALE)
    return _within(narrow(raw, question.key), least, most, r"-?\d{1,3}")
