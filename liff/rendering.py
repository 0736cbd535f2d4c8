"""Our templates and what they may ask for; whatever is put into them is escaped."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

import jinja2
import orjson
from markupsafe import Markup, escape

from liff import prose, words
from liff.assets import Assets

FOLDER: Final = Path(__file__).parent / "templates"


def renderer(assets: Assets) -> Callable[..., str]:
    """`render(name, language, **values) -> str`; a value that is missing is an error, not an empty place."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals |= {"static": assets.address, "island": island}
    environment.filters["linked"] = prose.linked

    def render(name: str, language: str, **values: Any) -> str:
        return environment.get_template(name).render(language=language, t=partial(words.say, language), **values)

    return render


def island(name: str, data: object) -> Markup:
    """Data for a script, which can neither end its element nor be run."""
    text = orjson.dumps(data).decode()
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(f'<script type="application/json" id="{escape(name)}">{text}</script>')  # noqa: S704 - escaped above
