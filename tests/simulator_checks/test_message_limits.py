"""Each number LINE sets to message objects, at it and one beyond; the tag names where it is written (section 4)."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.simulator_checks import specimens as made
from tests.simulator_checks.bots import Json, Line, text
from tests.simulator_checks.specimens import FAMILY, URL

M0 = "messages[0]"
T = f"{M0}.template"
Row = tuple[str, Callable[[int], Json], int, str]


def photo_of(ratio: str) -> Json:
    return made.photo(aspectRatio=ratio)


LIMITS: list[Row] = [
    # text
    ("text 5000 [R#text-message]", lambda n: text("あ" * n), 5000, f"{M0}.text"),
    (
        "text counted in UTF-16 [G:text-character-count]",
        lambda n: text("🙂" * 2499 + "x" * (n - 4998)),
        5000,
        f"{M0}.text",
    ),
    ("emojis 20 [R#text-message]", made.emojis, 20, f"{M0}.emojis"),
    ("textV2 5000 [R#text-message-v2]", lambda n: made.v2("あ" * n), 5000, f"{M0}.text"),
    (
        "substitutions 100 [R#text-message-v2]",
        lambda n: made.v2("x", **{f"k{i}": made.FACE for i in range(n)}),
        100,
        f"{M0}.substitution",
    ),
    ("textV2 emojis 20 [R#text-message-v2]", lambda n: made.v2_with(n, made.FACE), 20, f"{M0}.substitution"),
    ("textV2 mentions 20 [R#text-message-v2]", lambda n: made.v2_with(n, made.EVERYBODY), 20, f"{M0}.substitution"),
    (
        "substitution key 20 [R#text-message-v2]",
        lambda n: made.v2(f"{{{'k' * n}}}", **{"k" * n: made.FACE}),
        20,
        f"{M0}.substitution.{'k' * 21}",
    ),
    # media
    (
        "url 2000 [R#image-message]",
        lambda n: made.media("image", originalContentUrl=made.long_url(n)),
        2000,
        f"{M0}.originalContentUrl",
    ),
    (
        "preview url 2000 [R#video-message]",
        lambda n: made.media("video", previewImageUrl=made.long_url(n)),
        2000,
        f"{M0}.previewImageUrl",
    ),
    (
        "audio url 2000 [R#audio-message]",
        lambda n: made.audio(originalContentUrl=made.long_url(n)),
        2000,
        f"{M0}.originalContentUrl",
    ),
    ("trackingId 100 [R#video-message]", lambda n: made.media("video", trackingId="a" * n), 100, f"{M0}.trackingId"),
    ("location title 100 [R#location-message]", lambda n: made.place(title="あ" * n), 100, f"{M0}.title"),
    ("location address 100 [R#location-message]", lambda n: made.place(address="あ" * n), 100, f"{M0}.address"),
    (
        "coupon deliveryTag 30 [R#coupon-message, O]",
        lambda n: {"type": "coupon", "couponId": "c", "deliveryTag": "a" * n},
        30,
        f"{M0}.deliveryTag",
    ),
    # imagemap
    ("imagemap altText 1500 [R#imagemap-message]", lambda n: made.imagemap(altText="あ" * n), 1500, f"{M0}.altText"),
    (
        "imagemap url 2000 [R#imagemap-message]",
        lambda n: made.imagemap(baseUrl=made.long_url(n)),
        2000,
        f"{M0}.baseUrl",
    ),
    ("imagemap actions 50 [R#imagemap-message]", lambda n: made.imagemap(*[made.tap()] * n), 50, f"{M0}.actions"),
    (
        "imagemap label 100 [R#imagemap-action-objects]",
        lambda n: made.imagemap(made.tap(label="あ" * n)),
        100,
        f"{M0}.actions[0].label",
    ),
    (
        "imagemap text 400 [R#imagemap-message-action]",
        lambda n: made.imagemap(made.tap(text="あ" * n)),
        400,
        f"{M0}.actions[0].text",
    ),
    (
        "imagemap linkUri 1000 [R#imagemap-uri-action]",
        lambda n: made.imagemap({"type": "uri", "linkUri": made.long_url(n), "area": made.AREA}),
        1000,
        f"{M0}.actions[0].linkUri",
    ),
    (
        "imagemap clipboard 1000 [R#imagemap-clipboard-action]",
        lambda n: made.imagemap({"type": "clipboard", "clipboardText": "あ" * n, "area": made.AREA}),
        1000,
        f"{M0}.actions[0].clipboardText",
    ),
    (
        "imagemap video url 2000 [R#imagemap-message]",
        lambda n: made.with_film(originalContentUrl=made.long_url(n)),
        2000,
        f"{M0}.video.originalContentUrl",
    ),
    (
        "imagemap video label 30 [R#imagemap-message]",
        lambda n: made.with_film(externalLink={"linkUri": URL, "label": "あ" * n}),
        30,
        f"{M0}.video.externalLink.label",
    ),
    (
        "imagemap video link 1000 [R#imagemap-message]",
        lambda n: made.with_film(externalLink={"linkUri": made.long_url(n), "label": "x"}),
        1000,
        f"{M0}.video.externalLink.linkUri",
    ),
    # templates
    (
        "template altText 1500 [R#template-messages]",
        lambda n: made.template(made.buttons()["template"], "あ" * n),
        1500,
        f"{M0}.altText",
    ),
    ("buttons title 40 [R#buttons]", lambda n: made.buttons(title=FAMILY * n), 40, f"{T}.title"),
    ("buttons text 160 [R#buttons]", lambda n: made.buttons(text=FAMILY * n), 160, f"{T}.text"),
    ("buttons text 60 with title [R#buttons]", lambda n: made.buttons(title="題", text="あ" * n), 60, f"{T}.text"),
    (
        "buttons text 60 with image [R#buttons]",
        lambda n: made.buttons(thumbnailImageUrl=URL, text="あ" * n),
        60,
        f"{T}.text",
    ),
    (
        "thumbnail url 2000 [R#buttons]",
        lambda n: made.buttons(thumbnailImageUrl=made.long_url(n)),
        2000,
        f"{T}.thumbnailImageUrl",
    ),
    ("buttons actions 4 [R#buttons]", lambda n: made.buttons(actions=[made.uri()] * n), 4, f"{T}.actions"),
    ("confirm text 240 [R#confirm]", lambda n: made.confirm(text=FAMILY * n), 240, f"{T}.text"),
    ("confirm actions 2 [R#confirm]", lambda n: made.confirm(actions=[made.uri()] * n), 2, f"{T}.actions"),
    ("carousel columns 10 [R#carousel]", lambda n: made.carousel(*[made.column()] * n), 10, f"{T}.columns"),
    (
        "carousel title 40 [R#carousel]",
        lambda n: made.carousel(made.column(title=FAMILY * n)),
        40,
        f"{T}.columns[0].title",
    ),
    (
        "carousel text 120 [R#carousel]",
        lambda n: made.carousel(made.column(text=FAMILY * n)),
        120,
        f"{T}.columns[0].text",
    ),
    (
        "carousel text 60 with title [R#carousel]",
        lambda n: made.carousel(made.column(title="題", text="あ" * n)),
        60,
        f"{T}.columns[0].text",
    ),
    (
        "carousel text 60 with image [R#carousel]",
        lambda n: made.carousel(made.column(thumbnailImageUrl=URL, text="あ" * n)),
        60,
        f"{T}.columns[0].text",
    ),
    (
        "carousel actions 3 [R#carousel]",
        lambda n: made.carousel(made.column(actions=[made.uri()] * n)),
        3,
        f"{T}.columns[0].actions",
    ),
    ("image carousel columns 10 [R#image-carousel]", made.pictures, 10, f"{T}.columns"),
    (
        "image carousel label 12 [R#action-object-label-spec]",
        lambda n: made.pictures(1, FAMILY * n),
        12,
        f"{T}.columns[0].action.label",
    ),
    # quick replies and sender
    ("quick replies 13 [R#items-object, O]", made.quick, 13, f"{M0}.quickReply.items"),
    (
        "quick reply label 20 [R#action-object-label-spec]",
        lambda n: made.quick(1, FAMILY * n),
        20,
        f"{M0}.quickReply.items[0].action.label",
    ),
    (
        "quick reply icon 2000 [R#quick-reply-button-object, O]",
        lambda n: made.quick_reply(made.postback(), imageUrl=made.long_url(n)),
        2000,
        f"{M0}.quickReply.items[0].imageUrl",
    ),
    (
        "sender name 20 [R#icon-nickname-switch, O]",
        lambda n: {**text(), "sender": {"name": "あ" * n}},
        20,
        f"{M0}.sender.name",
    ),
    (
        "sender icon 2000 [R#icon-nickname-switch, O]",
        lambda n: {**text(), "sender": {"iconUrl": made.long_url(n)}},
        2000,
        f"{M0}.sender.iconUrl",
    ),
    # actions
    (
        "template label 20 [R#action-object-label-spec]",
        lambda n: made.pressed(made.uri(FAMILY * n)),
        20,
        f"{T}.actions[0].label",
    ),
    (
        "postback data 300 [R#postback-action, O]",
        lambda n: made.pressed(made.postback(data="x" * n)),
        300,
        f"{T}.actions[0].data",
    ),
    (
        "postback displayText 300 [R#postback-action]",
        lambda n: made.pressed(made.postback(displayText=FAMILY * n)),
        300,
        f"{T}.actions[0].displayText",
    ),
    (
        "postback text 300 [R#postback-action]",
        lambda n: made.pressed(made.postback(text=FAMILY * n)),
        300,
        f"{T}.actions[0].text",
    ),
    (
        "postback fillInText 300 [R#postback-action]",
        lambda n: made.pressed(made.postback(inputOption="openKeyboard", fillInText=FAMILY * n)),
        300,
        f"{T}.actions[0].fillInText",
    ),
    (
        "message text 300 [R#message-action]",
        lambda n: made.pressed({"type": "message", "label": "x", "text": FAMILY * n}),
        300,
        f"{T}.actions[0].text",
    ),
    ("uri 1000 [R#uri-action]", lambda n: made.pressed(made.uri("x", made.long_url(n))), 1000, f"{T}.actions[0].uri"),
    (
        "desktop uri 1000 [R#uri-action, O]",
        lambda n: made.words(action={**made.uri(), "altUri": {"desktop": made.long_url(n)}}),
        1000,
        "/body/contents/0/action/altUri/desktop",
    ),
    (
        "picker data 300 [R#datetime-picker-action, O]",
        lambda n: made.pressed(made.picker(mode="date", data="x" * n)),
        300,
        f"{T}.actions[0].data",
    ),
    (
        "clipboard 1000 [R#clipboard-action, O]",
        lambda n: made.pressed({"type": "clipboard", "label": "x", "clipboardText": "あ" * n}),
        1000,
        f"{T}.actions[0].clipboardText",
    ),
    # Flex
    ("flex altText 1500 [R#flex-message]", lambda n: {**made.words(), "altText": "あ" * n}, 1500, f"{M0}.altText"),
    ("bubble 30 KB [R#bubble]", lambda n: made.flex(made.heavy(n)), 30 * 1024, "/"),
    ("carousel 50 KB [R#f-carousel]", lambda n: made.flex(made.heavy_carousel(n)), 50 * 1024, "/"),
    ("bubbles 12 [R#f-carousel]", lambda n: made.flex(made.bubbles(n)), 12, "/contents"),
    (
        "animated images 10 [R#f-image, O]",
        lambda n: made.flex(made.bubble(*[{"type": "image", "url": URL, "animated": True}] * n)),
        10,
        "/contents",
    ),
    (
        "flex button label 40 [R#action-object-label-spec]",
        lambda n: made.component(type="button", action=made.uri(FAMILY * n)),
        40,
        "/body/contents/0/action/label",
    ),
    (
        "other flex label 40 [R#action-object-label-spec]",
        lambda n: made.words(action=made.uri(FAMILY * n)),
        40,
        "/body/contents/0/action/label",
    ),
    ("image url 2000 [R#f-image, O]", lambda n: made.photo(url=made.long_url(n)), 2000, "/body/contents/0/url"),
    (
        "icon url 2000 [R#icon]",
        lambda n: made.box({"type": "icon", "url": made.long_url(n)}, layout="baseline"),
        2000,
        "/body/contents/0/contents/0/url",
    ),
    (
        "hero video url 2000 [R#f-video]",
        lambda n: made.flex(made.bubble(hero=made.film(url=made.long_url(n)))),
        2000,
        "/hero/url",
    ),
    (
        "image three times as high as wide [R#f-image, O]",
        lambda n: photo_of(f"10:{n}"),
        30,
        "/body/contents/0/aspectRatio",
    ),
    ("aspect ratio 100000 [R#f-image, O]", lambda n: photo_of(f"{n}:1"), 100_000, "/body/contents/0/aspectRatio"),
    (
        "gradient to 359 degrees [R#box]",
        lambda n: made.gradient(angle=f"{n}deg"),
        359,
        "/body/contents/0/background/angle",
    ),
    (
        "gradient centre 100% [R#box]",
        lambda n: made.gradient(centerColor="#123456", centerPosition=f"{n}%"),
        100,
        "/body/contents/0/background/centerPosition",
    ),
    ("98 boxes in one another [?]", made.nested, 98, M0),
]

# (smallest allowed, one less)
LEAST: list[tuple[str, Json, Json, str]] = [
    ("one column [R#carousel]", made.carousel(made.column()), made.carousel(), f"{T}.columns"),
    ("one action [R#buttons]", made.buttons(), made.buttons(actions=[]), f"{T}.actions"),
    ("two actions [R#confirm]", made.confirm(), made.confirm(actions=[made.uri()]), f"{T}.actions"),
    ("one bubble [R#f-carousel]", made.flex(made.bubbles(1)), made.flex(made.bubbles(0)), "/contents"),
    ("one quick reply [R#items-object]", made.quick(1), made.quick(0), f"{M0}.quickReply.items"),
    (
        "clipboard 1 [O]",
        made.pressed({"type": "clipboard", "label": "x", "clipboardText": "1"}),
        made.pressed({"type": "clipboard", "label": "x", "clipboardText": ""}),
        f"{T}.actions[0].clipboardText",
    ),
    (
        "picker from 1900 [R#date-and-time-format]",
        made.pressed(made.picker(mode="date", min="1900-01-01")),
        made.pressed(made.picker(mode="date", min="1899-12-31")),
        f"{T}.actions[0].min",
    ),
    (
        "picker to 2100 [R#date-and-time-format]",
        made.pressed(made.picker(mode="datetime", max="2100-12-31T23:59")),
        made.pressed(made.picker(mode="datetime", max="2101-01-01T00:00")),
        f"{T}.actions[0].max",
    ),
    (
        "picker to 23:59 [R#date-and-time-format]",
        made.pressed(made.picker(mode="time", max="23:59")),
        made.pressed(made.picker(mode="time", max="24:00")),
        f"{T}.actions[0].max",
    ),
    (
        "min before max [R#datetime-picker-action]",
        made.pressed(made.picker(mode="time", min="09:00", max="09:01")),
        made.pressed(made.picker(mode="time", min="09:00", max="09:00")),
        f"{T}.actions[0].max",
    ),
    (
        "imagemap 1040 wide, not less [R#imagemap-message]",
        made.imagemap(),
        made.imagemap(baseSize={"width": 1039, "height": 520}),
        f"{M0}.baseSize.width",
    ),
    (
        "imagemap 1040 wide, not more [R#imagemap-message]",
        made.imagemap(),
        made.imagemap(baseSize={"width": 1041, "height": 520}),
        f"{M0}.baseSize.width",
    ),
    (
        "imagemap area from 0 [R#imagemap-area-object]",
        made.imagemap(made.tap()),
        made.imagemap(made.tap(area={**made.AREA, "x": -1})),
        f"{M0}.actions[0].area.x",
    ),
    ("latitude 90 [R#location-message]", made.place(latitude=90), made.place(latitude=90.1), f"{M0}.latitude"),
    ("longitude 180 [R#location-message]", made.place(longitude=-180), made.place(longitude=-180.1), f"{M0}.longitude"),
    ("aspect ratio 1 [R#f-image, O]", photo_of("1:1"), photo_of("1:0"), "/body/contents/0/aspectRatio"),
    ("flex 0 [R#box]", made.words(flex=0), made.words(flex=-1), "/body/contents/0/flex"),
]


@pytest.mark.parametrize(("message", "most", "path"), [pytest.param(*rest, id=name) for name, *rest in LIMITS])
async def test_it_accepts_the_limit_and_refuses_one_more(
    line: Line, message: Callable[[int], Json], most: int, path: str
) -> None:
    at_it = await line.validate(message(most))
    assert (at_it.status, at_it.body) == (200, {})
    beyond = await line.validate(message(most + 1))
    assert (beyond.status, beyond.properties) == (400, [path])


@pytest.mark.parametrize(("good", "bad", "path"), [pytest.param(*rest, id=name) for name, *rest in LEAST])
async def test_it_accepts_the_edge_and_refuses_what_lies_beyond(line: Line, good: Json, bad: Json, path: str) -> None:
    at_it = await line.validate(good)
    assert (at_it.status, at_it.body) == (200, {})
    beyond = await line.validate(bad)
    assert (beyond.status, beyond.properties) == (400, [path])


@pytest.mark.parametrize(
    ("units", "status"), [([], 200), (["a" * 30], 200), (["a" * 31], 400), (["a", "b"], 400), (["春"], 400)]
)
async def test_it_takes_one_aggregation_unit_of_thirty_letters(
    line: Line, tanaka: Any, units: list[str], status: int
) -> None:
    """exactly 1 unit, [a-zA-Z0-9_]{1,30} [5.1]"""
    body = {"to": tanaka.id, "messages": [text()], "customAggregationUnits": units}
    assert (await line.post("/v2/bot/message/push", body)).status == status


@pytest.mark.parametrize(("count", "status"), [(0, 400), (1, 200), (5, 200), (6, 400)])
async def test_it_takes_one_to_five_messages(line: Line, count: int, status: int) -> None:
    """Size must be between 1 and 5 @ messages [3.6, O]"""
    answer = await line.validate(*[text()] * count)
    assert answer.status == status
    if status == 400:
        assert answer.body["details"] == [{"message": "Size must be between 1 and 5", "property": "messages"}]
