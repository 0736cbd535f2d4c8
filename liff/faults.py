"""What is wrong with an answer, told beside its question in the visitor's language."""

from datetime import date
from typing import Final

from jobs.forms.answers import Fault
from jobs.forms.definition import CHOICES, UPLOADS, Question
from liff import dates, words

CHOSEN: Final = (*CHOICES, *UPLOADS, "prefecture", "rating", "scale", "date", "datetime", "time")


def told(fault: Fault, question: Question, language: str) -> str:
    """In one sentence: what to do."""
    code, params = fault.code, dict(fault.params)
    if code == "required":
        code = "required_choice" if question.kind in CHOSEN else "required_text"
    elif code in ("early", "late"):
        limit = str(params["least" if code == "early" else "most"])
        params["limit"] = limit if question.kind == "time" else dates.day(date.fromisoformat(limit[:10]), language)
    elif code == "part":
        params["part"] = words.say(language, params["part"])
    return words.say(language, f"fault_{code}", **params)
