"""LINE's limits on template messages: buttons, confirm, carousel and image carousel."""

import re
from typing import Any

from jobs.messages import action_limits, counting, limits

MOST_BUTTONS = 4
MOST_COLUMNS = 10
MOST_COLUMN_BUTTONS = 3
BUTTONS_TEXT, BUTTONS_TEXT_WITH_HEAD = 160, 60
COLUMN_TEXT, COLUMN_TEXT_WITH_HEAD = 120, 60
CONFIRM_TEXT = 240

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}\Z")


def check(survey: limits.Survey, message: dict[str, Any], path: str) -> None:
    """A template message, altText included."""
    survey.words(message, "altText", path, "通知に出る文", 1500)
    template = survey.inner(message, "template", path, "テンプレートの中身")
    if template is None:
        return
    where = f"{path}.template"
    if survey.choice(template, "type", where, "テンプレートの種類", _KINDS, required=True):
        _KINDS[template["type"]](survey, template, where)


def _buttons(survey: limits.Survey, template: dict[str, Any], path: str) -> None:
    _picture_style(survey, template, path)
    _panel(survey, template, path, BUTTONS_TEXT, BUTTONS_TEXT_WITH_HEAD)
    _actions(survey, template, path, 1, MOST_BUTTONS)


def _confirm(survey: limits.Survey, template: dict[str, Any], path: str) -> None:
    survey.words(template, "text", path, "本文", CONFIRM_TEXT, measure=counting.graphemes)
    _actions(survey, template, path, 2, 2)


def _carousel(survey: limits.Survey, template: dict[str, Any], path: str) -> None:
    _picture_style(survey, template, path)
    columns = survey.items(template, "columns", path, "カード", 1, MOST_COLUMNS)
    for column, where in columns:
        _panel(survey, column, where, COLUMN_TEXT, COLUMN_TEXT_WITH_HEAD)
        _actions(survey, column, where, 1, MOST_COLUMN_BUTTONS)
    for key, what in (("thumbnailImageUrl", "画像"), ("title", "見出し")):
        having = [column.get(key) is not None for column, _ in columns]
        if len(set(having)) > 1:
            where = columns[having.index(not having[0])][1]
            survey.fault(where, f"{what}は全部のカードに付けるか、全部なしにしてください")
    counts = [len(column["actions"]) for column, _ in columns if isinstance(column.get("actions"), list)]
    if len(set(counts)) > 1:
        shown = "・".join(map(str, counts))
        survey.fault(f"{path}.columns", f"カードのボタンの数をそろえてください（今 {shown}）")


def _image_carousel(survey: limits.Survey, template: dict[str, Any], path: str) -> None:
    for column, where in survey.items(template, "columns", path, "画像", 1, MOST_COLUMNS):
        survey.address(column, "imageUrl", where, "画像")
        action_limits.check(survey, column, "action", where, action_limits.PICTURE)


def _panel(survey: limits.Survey, panel: dict[str, Any], path: str, alone: int, with_head: int) -> None:
    survey.address(panel, "thumbnailImageUrl", path, "画像", required=False)
    colour = panel.get("imageBackgroundColor")
    if colour is not None and not (isinstance(colour, str) and _COLOUR.match(colour)):
        survey.fault(f"{path}.imageBackgroundColor", "imageBackgroundColor は #FFFFFF のように書いてください")
    survey.words(panel, "title", path, "見出し", 40, measure=counting.graphemes, required=False)
    headed = panel.get("thumbnailImageUrl") is not None or panel.get("title") is not None
    what = "画像や見出しのある本文" if headed else "ボタン付きの本文"
    survey.words(panel, "text", path, what, with_head if headed else alone, measure=counting.graphemes)
    if panel.get("defaultAction") is not None:
        action_limits.check(survey, panel, "defaultAction", path, action_limits.WHOLE_CARD)


def _actions(survey: limits.Survey, holder: dict[str, Any], path: str, least: int, most: int) -> None:
    for action, where in survey.items(holder, "actions", path, "ボタン", least, most):
        action_limits.check_action(survey, action, where, action_limits.BUTTON)


def _picture_style(survey: limits.Survey, template: dict[str, Any], path: str) -> None:
    survey.choice(template, "imageAspectRatio", path, "画像の形", ("rectangle", "square"))
    survey.choice(template, "imageSize", path, "画像の収め方", ("cover", "contain"))


_KINDS = {
    "buttons": _buttons,
    "confirm": _confirm,
    "carousel": _carousel,
    "image_carousel": _image_carousel,
}
