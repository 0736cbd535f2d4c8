"""Message objects by chance: good ones of every kind the product writes, and ones spoiled in a place or two."""

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from tests.simulator_checks.specimens import FAMILY, URL

Json = dict[str, Any]
Strategy = st.SearchStrategy

LETTERS = [
    "あ",
    "x",
    "🙂",
    FAMILY,
    "👍🏽",
    "か\u3099",
    "🇯🇵",
    "{名前}",
    "{名前|お}",
    "{{名前}}",
    "$",
    "\n",
    " ",
    "%",
    "é",
]
GOOD_ADDRESSES = [
    URL,
    "https://example.com",
    "https://example.com/a%20b?c=%E5%BA%97#d",
    "https://example.com/{名前}/{名前|x}",
]
ADDRESSES = [
    URL + "a" * 1980,
    URL + "a" * 1981,
    "https://example.com/%zz",
    "https://example.com/%E",
    "HTTPS://example.com/",
    "https://EXAMPLE.com/",
    "https://example.com:8443/~a/[b]",
    "https://example.com/店",
    "https://例え.jp/",
    "https://example.com/a b",
    "https://user@example.com/",
    "https://",
    "https:///a",
    "https://?a",
    "https://example.com/'\"<>",
    "https://example.com/a|b^c`d\\e",
    "http://example.com/",
    "",
]
LINKS = [
    *ADDRESSES,
    "line://nv/recommendOA/@x",
    "LINE://nv",
    "line:",
    "tel:0312345678",
    "TEL:110",
    "tel:03-1234-5678",
    "tel:",
    "ftp://example.com/",
    "javascript:alert(1)",
    URL + "a" * 980,
    URL + "a" * 981,
]
ODD: list[Any] = [
    None, "", " ", 0, 1, -1, 1.5, True, False, [], {}, "x", "red", "#fff", "#123456", "md", "50%", "10px", "-4px",
    "full", "1:1", "1:4", "1.51:1", "spacer", "filler", "span", "icon", "video", "box", "uri", "camera", "baseline",
    "bubble", "x" * 41, "x" * 301, "x" * 1001, [{}], ["x"], {"type": "text", "text": "x"}, {"type": "separator"},
]  # fmt: skip


def mostly(good: list[Any], bad: list[Any]) -> Strategy[Any]:
    """One of the good ones, now and then a bad one: a message of many parts should still have a chance."""
    return st.integers(0, 29).flatmap(lambda lot: st.sampled_from(bad if lot == 29 else good))


@st.composite
def words(draw: st.DrawFn, most: int = 5000) -> str:
    """Mostly short, now and then just at the limit, or beyond."""
    letter = draw(st.sampled_from(LETTERS))
    lot = draw(st.integers(0, 39))
    count = {39: most + 1, 38: most, 37: most - 1, 36: most // 2}.get(lot, 2)
    return str(draw(st.sampled_from(["", "x", "店"]))) + letter * count if lot < 36 else letter * count


addresses = mostly(GOOD_ADDRESSES, ADDRESSES)
links = mostly([*GOOD_ADDRESSES, "http://example.com/", "tel:0312345678", "line://nv/chat"], LINKS)
good_addresses = st.sampled_from(GOOD_ADDRESSES)


def maybe(draw: st.DrawFn, part: Json, **optional: Strategy[Any]) -> Json:
    """The part with some of the optional properties."""
    for key, values in optional.items():
        if draw(st.integers(0, 3)) == 0:
            part[key] = draw(values)
    return part


@st.composite
def actions(draw: st.DrawFn, label: int = 20, *, quick: bool = False) -> Json:
    kinds = ["postback", "message", "uri", "datetimepicker", "clipboard"]
    kind = draw(st.sampled_from([*kinds, "camera", "cameraRoll", "location"] if quick else kinds))
    action: Json = {"type": kind, "label": draw(words(label))}
    if kind == "postback":
        action["data"] = draw(mostly(["b=1", "x" * 300], ["x" * 301]))
        maybe(draw, action, displayText=words(300), inputOption=st.just("openKeyboard"))
        if action.get("inputOption"):
            maybe(draw, action, fillInText=words(300))
    elif kind == "message":
        action["text"] = draw(words(300))
    elif kind == "uri":
        action["uri"] = draw(links)
        maybe(draw, action, altUri=st.fixed_dictionaries({"desktop": links}))
    elif kind == "clipboard":
        action["clipboardText"] = draw(words(1000))
    elif kind == "datetimepicker":
        action |= {"data": "when", "mode": draw(st.sampled_from(["date", "time", "datetime"]))}
        good = {"date": ["2026-12-24", "2100-12-31"], "time": ["00:00", "23:59"], "datetime": ["2026-12-24t09:00"]}
        moments = mostly(good[action["mode"]], ["1899-12-31", "24:00", "2026-2-3", "9:00", "2101-01-01T00:00"])
        maybe(draw, action, initial=moments, min=moments, max=moments)
    return action


STEPS = ["none", "xs", "md", "xxl", "10px", "23.5px"]
SPACES = mostly(STEPS, ["5%", "huge", "-3px"])
PADDINGS = mostly([*STEPS, "5%"], ["huge", "-3px"])
OFFSETS = mostly([*STEPS, "5%", "-3px"], ["huge"])
LENGTHS = mostly(["100px", "50%"], ["md", "-1px"])
SIZES = mostly(["xxs", "md", "5xl", "23.5px"], ["full", "50%", "huge"])
PICTURES = mostly(["xxs", "full", "50%", "23.5px"], ["huge"])
COLOURS = mostly(["#12AB9f", "#00000080"], ["red", "#fff"])
RATIOS = mostly(["1:1", "20:13", "1.51:1", "1:3", "100000:1"], ["1:4", "0:1", "x"])
ALIGNS = mostly(["start", "end", "center"], ["left"])
GRAVITIES = mostly(["top", "bottom", "center"], ["start"])
SHARES = mostly([0, 1, 5], [-1, 1.5])
FLAGS = mostly([True, False], ["yes"])
FITTING = mostly(["shrink-to-fit"], ["grow"])
LETTER_LOOK: dict[str, Strategy[Any]] = {
    "size": SIZES,
    "color": COLOURS,
    "weight": mostly(["regular", "bold"], ["light"]),
    "style": mostly(["normal", "italic"], ["oblique"]),
    "decoration": mostly(["none", "underline", "line-through"], ["blink"]),
}
PLACING: dict[str, Strategy[Any]] = {
    "flex": SHARES,
    "margin": SPACES,
    "position": mostly(["relative", "absolute"], ["fixed"]),
    "offsetTop": OFFSETS,
    "offsetEnd": OFFSETS,
}


@st.composite
def components(draw: st.DrawFn, depth: int = 2, *, baseline: bool = False) -> Json:
    kinds = ["text", "filler", "icon"] if baseline else ["text", "button", "image", "separator", "filler"]
    kind = draw(st.sampled_from([*kinds, "box"] if depth and not baseline else kinds))
    part: Json = {"type": kind}
    if kind == "box":
        return draw(boxes(depth - 1))
    if kind == "text":
        part["text"] = draw(words(60))
        spans = st.lists(
            st.fixed_dictionaries({"type": st.just("span"), "text": words(20)}, optional=LETTER_LOOK), max_size=2
        )
        look: dict[str, Strategy[Any]] = {
            **PLACING, **LETTER_LOOK, "align": ALIGNS, "gravity": GRAVITIES, "wrap": FLAGS, "maxLines": SHARES,
            "lineSpacing": SPACES, "adjustMode": FITTING, "scaling": FLAGS, "action": actions(40), "contents": spans,
        }  # fmt: skip
    elif kind == "button":
        part["action"] = draw(actions(40))
        look = {
            **PLACING, "style": mostly(["primary", "secondary", "link"], ["big"]), "color": COLOURS,
            "height": mostly(["sm", "md"], ["lg"]), "gravity": GRAVITIES, "adjustMode": FITTING, "scaling": FLAGS,
        }  # fmt: skip
    elif kind == "image":
        part["url"] = draw(addresses)
        look = {
            **PLACING, "size": PICTURES, "aspectRatio": RATIOS, "aspectMode": mostly(["cover", "fit"], ["fill"]),
            "align": ALIGNS, "gravity": GRAVITIES, "backgroundColor": COLOURS, "animated": FLAGS, "action": actions(40),
        }  # fmt: skip
    elif kind == "icon":
        part["url"] = draw(addresses)
        look = {"size": SIZES, "aspectRatio": RATIOS, "margin": SPACES, "scaling": FLAGS}
    elif kind == "separator":
        look = {"margin": SPACES, "color": COLOURS}
    else:
        look = {"flex": SHARES}
    return maybe(draw, part, **{key: look[key] for key in draw(st.lists(st.sampled_from(sorted(look)), max_size=2))})


@st.composite
def boxes(draw: st.DrawFn, depth: int = 2) -> Json:
    layout = draw(st.sampled_from(["vertical", "horizontal", "baseline"]))
    contents = draw(st.lists(components(depth, baseline=layout == "baseline"), max_size=3))
    look: dict[str, Strategy[Any]] = {
        **PLACING, "spacing": SPACES, "backgroundColor": COLOURS, "borderColor": COLOURS,
        "borderWidth": mostly(["light", "semi-bold", "2px"], ["thick"]), "cornerRadius": SPACES, "width": LENGTHS,
        "maxHeight": LENGTHS, "paddingAll": PADDINGS, "paddingStart": PADDINGS,
        "justifyContent": mostly(["center", "space-evenly"], ["stretch"]),
        "alignItems": mostly(["flex-end", "center"], ["space-between"]),
        "background": st.fixed_dictionaries(
            {"type": st.just("linearGradient"), "angle": mostly(["90deg", "359.9deg"], ["360deg", "90"]),
             "startColor": COLOURS, "endColor": COLOURS},
            optional={"centerColor": COLOURS, "centerPosition": mostly(["10%", "100%"], ["101%"])},
        ),
        "action": actions(40),
    }  # fmt: skip
    part: Json = {"type": "box", "layout": layout, "contents": contents}
    return maybe(draw, part, **{key: look[key] for key in draw(st.lists(st.sampled_from(sorted(look)), max_size=2))})


@st.composite
def bubbles(draw: st.DrawFn) -> Json:
    bubble: Json = {"type": "bubble", "body": draw(boxes())}
    video = st.fixed_dictionaries(
        {
            "type": st.just("video"),
            "url": good_addresses,
            "previewUrl": addresses,
            "altContent": st.fixed_dictionaries({"type": st.just("image"), "url": good_addresses}),
        },
        optional={"aspectRatio": RATIOS, "action": actions(40)},
    )
    image = st.fixed_dictionaries({"type": st.just("image"), "url": good_addresses}, optional={"size": PICTURES})
    style = st.fixed_dictionaries(
        {}, optional={"backgroundColor": COLOURS, "separator": FLAGS, "separatorColor": COLOURS}
    )
    return maybe(
        draw,
        bubble,
        size=mostly(["nano", "micro", "deca", "hecto", "kilo", "mega", "giga"], ["tera"]),
        direction=mostly(["ltr", "rtl"], ["up"]),
        hero=st.one_of(image, video, boxes(1)),
        footer=boxes(1),
        styles=st.fixed_dictionaries({}, optional={"body": style, "hero": style}),
        action=actions(40),
    )


@st.composite
def templates(draw: st.DrawFn) -> Json:
    kind = draw(st.sampled_from(["buttons", "confirm", "carousel", "image_carousel"]))
    look = {
        "imageAspectRatio": mostly(["rectangle", "square"], ["round"]),
        "imageSize": st.sampled_from(["cover", "contain"]),
    }
    head: dict[str, Strategy[Any]] = {
        "title": words(40), "thumbnailImageUrl": addresses, "defaultAction": actions(),
        "imageBackgroundColor": mostly(["#12AB9f"], ["red"]),
    }  # fmt: skip
    if kind == "buttons":
        acts = draw(st.lists(actions(), min_size=1, max_size=5))
        return maybe(draw, {"type": kind, "text": draw(words(160)), "actions": acts}, **head, **look)
    if kind == "confirm":
        return {"type": kind, "text": draw(words(240)), "actions": draw(st.lists(actions(), min_size=2, max_size=2))}
    if kind == "carousel":
        count = draw(st.integers(1, 3))
        column = draw(st.lists(actions(), min_size=count, max_size=count))
        columns = [
            maybe(draw, {"text": draw(words(120)), "actions": column}, **head) for _ in range(draw(st.integers(1, 2)))
        ]
        return maybe(draw, {"type": kind, "columns": columns}, **look)
    column_of_pictures = st.fixed_dictionaries({"imageUrl": addresses, "action": actions(12)})
    return {"type": kind, "columns": draw(st.lists(column_of_pictures, min_size=1, max_size=11))}


@st.composite
def texts(draw: st.DrawFn) -> Json:
    message: Json = {"type": "text", "text": draw(words())}
    if draw(st.integers(0, 3)) == 0:
        lead = draw(st.sampled_from(["", "🙂", "{名前}", "{{名前}}", "あ"]))
        at = draw(st.sampled_from([len(lead.encode("utf-16-le")) // 2, 0, 1, 2, 8]))
        message = {
            "type": "text",
            "text": lead + "$" + draw(st.sampled_from(["", "あ", "🙂x"])),
            "emojis": [{"index": at, "productId": "p", "emojiId": "1"}],
        }
    return message


@st.composite
def messages(draw: st.DrawFn) -> Json:
    kind = draw(st.sampled_from(["text", "sticker", "image", "video", "audio", "location", "template", "flex", "flex"]))
    message: Json = {"type": kind}
    if kind == "text":
        message = draw(texts())
    elif kind == "sticker":
        message |= {"packageId": "446", "stickerId": "1988"}
    elif kind in ("image", "video"):
        message |= {"originalContentUrl": draw(addresses), "previewImageUrl": draw(good_addresses)}
        if kind == "video":
            maybe(draw, message, trackingId=mostly(["t", "t-1", "t" * 100], ["t 1", "t" * 101]))
    elif kind == "audio":
        message |= {"originalContentUrl": draw(addresses), "duration": draw(mostly([1, 1000], [0, 1.5]))}
    elif kind == "location":
        message |= {"title": draw(words(100)), "address": draw(words(100)), "latitude": 35.5, "longitude": 139}
    elif kind == "template":
        message |= {"altText": draw(words(1500)), "template": draw(templates())}
    else:
        carousel = st.fixed_dictionaries(
            {"type": st.just("carousel"), "contents": st.lists(bubbles(), min_size=1, max_size=3)}
        )
        message |= {"altText": draw(words(1500)), "contents": draw(st.one_of(bubbles(), carousel))}
    item = st.fixed_dictionaries(
        {"type": st.just("action"), "action": actions(quick=True)}, optional={"imageUrl": addresses}
    )
    return maybe(
        draw,
        message,
        quickReply=st.fixed_dictionaries({"items": st.lists(item, min_size=1, max_size=14)}),
        sender=st.fixed_dictionaries(
            {}, optional={"name": mostly(["店長", "x" * 20], ["LINE", "x" * 21]), "iconUrl": addresses}
        ),
    )


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """(holder, key) of everything in there."""
    pairs: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        pairs = list(value.items())
    elif isinstance(value, list):
        pairs = list(enumerate(value))
    for key, inner in pairs:
        yield value, key
        yield from places(inner)


@st.composite
def spoiled(draw: st.DrawFn) -> Json:
    """A message with one or two odd values somewhere in it."""
    message = copy.deepcopy(draw(messages()))
    for _ in range(draw(st.sampled_from([1, 1, 1, 2]))):
        found = list(places(message))
        if not found:
            break
        holder, key = draw(st.sampled_from(found))
        if draw(st.integers(0, 4)) == 0:
            del holder[key]
        else:
            holder[key] = copy.deepcopy(draw(st.sampled_from(ODD)))
    return message
