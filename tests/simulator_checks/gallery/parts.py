"""The pieces the gallery's messages are put together from."""

from typing import Any

from tests.simulator_checks.bots import Json


def act(kind: str, label: str, **more: Any) -> Json:
    return {"type": kind, "label": label, **more}


def post(label: str, data: str = "x", **more: Any) -> Json:
    return act("postback", label, data=data, **more)


def template(alt: str, inner: Json) -> Json:
    return {"type": "template", "altText": alt, "template": inner}


def flex(alt: str, contents: Json) -> Json:
    return {"type": "flex", "altText": alt, "contents": contents}


def words(body: str, **more: Any) -> Json:
    return {"type": "text", "text": body, **more}


def box(layout: str, *contents: Json, **more: Any) -> Json:
    return {"type": "box", "layout": layout, "contents": list(contents), **more}
