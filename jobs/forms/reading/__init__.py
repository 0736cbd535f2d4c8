"""What somebody typed or chose for one question, read leniently, kept in one spelling, or refused with a code."""

from collections.abc import Callable, Mapping

from jobs.forms.answers import Answer, Raw
from jobs.forms.definition import Question
from jobs.forms.reading import chosen, contacts, moments, typed
from jobs.forms.reading.at import At

READERS: Mapping[str, Callable[[Question, Raw, At], Answer | None]] = {
    "text": typed.read_text,
    "long": typed.read_long,
    "number": typed.read_figure,
    "single": chosen.read_chosen,
    "multiple": chosen.read_chosen,
    "pulldown": chosen.read_chosen,
    "date": moments.read_date,
    "datetime": moments.read_datetime,
    "time": moments.read_time,
    "phone": contacts.read_phone,
    "mail": contacts.read_mail,
    "postcode": contacts.read_postcode,
    "address": contacts.read_address,
    "prefecture": contacts.read_prefecture,
    "kana": typed.read_kana,
    "rating": typed.read_rating,
    "scale": typed.read_scale,
    "image": chosen.read_upload,
    "file": chosen.read_upload,
    "consent": chosen.read_consent,
    "hidden": typed.read_hidden,
}
