"""What LINE asks of message objects besides numbers: what may stand where, how things are written, how it refuses."""

from typing import Any

import pytest

from tests.simulator.control import Channel, Group, User
from tests.simulator_checks import specimens as made
from tests.simulator_checks.bots import Bot, Json, Line, text
from tests.simulator_checks.specimens import FACE, URL

M0 = "messages[0]"
T = f"{M0}.template"
C0 = "/body/contents/0"
HUE = "#12AB9f"
BASELINE = {"layout": "baseline"}
ACTIONS: dict[str, Json] = {
    "postback": made.postback(displayText="はい", inputOption="openKeyboard", fillInText="名前: "),
    "message": {"type": "message", "label": "x", "text": "はい"},
    "uri": made.uri(),
    "datetimepicker": made.picker(mode="datetime", initial="2026-12-24t10:00"),
    "clipboard": {"type": "clipboard", "label": "x", "clipboardText": "SPRING"},
    "camera": {"type": "camera", "label": "x"},
    "cameraRoll": {"type": "cameraRoll", "label": "x"},
    "location": {"type": "location", "label": "x"},
    "richmenuswitch": {"type": "richmenuswitch", "label": "x", "data": "d", "richMenuAliasId": "a"},
}
COMMON = frozenset({"postback", "message", "uri", "datetimepicker", "clipboard"})
PLACES: dict[str, tuple[Any, str, frozenset[str]]] = {
    "buttons": (made.pressed, f"{T}.actions[0].type", COMMON),
    "whole card": (lambda a: made.buttons(defaultAction=a), f"{T}.defaultAction.type", COMMON),
    "confirm": (lambda a: made.confirm(actions=[a, made.uri()]), f"{T}.actions[0].type", COMMON),
    "carousel": (lambda a: made.carousel(made.column(actions=[a])), f"{T}.columns[0].actions[0].type", COMMON),
    "image carousel": (
        lambda a: made.template({"type": "image_carousel", "columns": [{"imageUrl": URL, "action": a}]}),
        f"{T}.columns[0].action.type",
        COMMON,
    ),
    "quick reply": (
        made.quick_reply,
        f"{M0}.quickReply.items[0].action.type",
        COMMON | {"camera", "cameraRoll", "location"},
    ),
    "flex bubble": (lambda a: made.flex(made.bubble(action=a)), "/action/type", COMMON),
    "flex box": (lambda a: made.box(action=a), f"{C0}/action/type", COMMON),
    "flex text": (lambda a: made.words(action=a), f"{C0}/action/type", COMMON),
    "flex image": (lambda a: made.photo(action=a), f"{C0}/action/type", COMMON),
    "flex button": (lambda a: made.component(type="button", action=a), f"{C0}/action/type", COMMON),
    "flex video": (lambda a: made.flex(made.bubble(hero=made.film(action=a))), "/hero/action/type", frozenset({"uri"})),
}


@pytest.mark.parametrize("where", PLACES)
async def test_it_allows_each_action_where_line_does(line: Line, where: str) -> None:
    """[R#action-objects, #quick-reply-button-object, #f-video]"""
    make, path, allowed = PLACES[where]
    for kind, action in ACTIONS.items():
        answer = await line.validate(make(action))
        assert (answer.status, answer.properties) == ((200, []) if kind in allowed else (400, [path])), kind


GOOD: list[tuple[str, Json]] = [
    ("tel", made.pressed(made.uri(address="tel:0312345678"))),
    ("line scheme", made.pressed(made.uri(address="line://nv/recommendOA/@x"))),
    ("http link", made.pressed(made.uri(address="http://example.com/?q=%E5%BA%97#top"))),
    ("emoji in its place", {**text("🙂 $ !"), "emojis": [{"index": 3, "productId": "p", "emojiId": "1"}]}),
    ("braces in textV2", made.v2("{{a}} }} {x}", x=FACE)),
    ("a key twice", made.v2("{x}{x}", x=FACE)),
    ("a substitution nobody uses", made.v2("x", x=FACE)),
    ("braces in a plain text", text("{x} } {")),
    ("sticker", {"type": "sticker", "packageId": "446", "stickerId": "1988"}),
    ("video", made.media("video", trackingId="aZ09-.=,+*()%$&;:@{}!?<>[]")),
    ("coupon", {"type": "coupon", "couponId": "01ABC", "deliveryTag": "spring_2026"}),
    ("imagemap with video", made.with_film(externalLink={"linkUri": "tel:110", "label": "電話"})),
    ("imagemap without areas", made.imagemap()),
    ("altUri outside Flex is no error", made.pressed({**made.uri(), "altUri": {"desktop": URL}})),
    ("template look", made.buttons(imageAspectRatio="square", imageSize="contain", imageBackgroundColor="#ffffff")),
    ("sender", {**text(), "sender": {"name": "オンライン店長", "iconUrl": URL}}),
    ("a name with line inside a word", {**text(), "sender": {"name": "Online"}}),
    ("quick replies on any kind", {**made.words(), "quickReply": made.quick(1)["quickReply"]}),
    ("unknown properties", {**text(), "mood": "good"}),
    ("video in a mega hero", made.flex(made.bubble(hero=made.film(aspectRatio="16:9")))),
    ("video in a kilo hero", made.flex(made.bubble(size="kilo", hero=made.film()))),
    ("spans", made.component(type="text", contents=[{"type": "span", "text": "x", "weight": "bold", "size": "4xl"}])),
    ("icon in a baseline", made.box({"type": "icon", "url": URL, "size": "3xl", "scaling": True}, **BASELINE)),
    ("filler in a baseline", made.box({"type": "filler", "flex": 2}, **BASELINE)),
    ("an empty box", made.box()),
    ("a hero alone", made.flex({"type": "bubble", "hero": {"type": "image", "url": URL}})),
    ("a footer alone", made.flex({"type": "bubble", "footer": {"type": "box", "layout": "vertical", "contents": []}})),
    ("styles", made.flex(made.bubble(styles={"body": {"separator": True, "separatorColor": HUE}, "footer": {}}))),
    ("right to left", made.flex(made.bubble(direction="rtl"))),
    ("offsets", made.words(position="absolute", offsetTop="10%", offsetEnd="md", offsetStart="-4px")),
    ("gradient", made.gradient(angle="23.5deg", centerColor="#00112233", centerPosition="10.5%")),
    ("box look", made.box(borderWidth="semi-bold", borderColor=HUE, cornerRadius="xxl", backgroundColor="#00000080")),
    ("box size", made.box(width="50%", maxWidth="100px", height="23.5px", maxHeight="10%")),
    ("box room", made.box(spacing="xl", paddingAll="5%", paddingTop="none", paddingStart="3px", margin="10px")),
    ("box order", made.box(justifyContent="space-evenly", alignItems="flex-end")),
    ("letters", made.words(size="23.5px", style="italic", decoration="line-through", lineSpacing="20px", maxLines=2)),
    ("fitting", made.words(adjustMode="shrink-to-fit", scaling=True, wrap=True)),
    ("button look", made.component(type="button", action=made.uri(), style="secondary", height="sm", color=HUE)),
    ("image look", made.photo(size="50%", aspectMode="cover", aspectRatio="1.51:1", backgroundColor=HUE)),
    ("separator", made.component(type="separator", margin="xxl", color=HUE)),
]


@pytest.mark.parametrize("message", [pytest.param(message, id=name) for name, message in GOOD])
async def test_it_accepts_good_messages(line: Line, message: Json) -> None:
    answer = await line.validate(message)
    assert (answer.status, answer.body) == (200, {})


BAD: list[tuple[str, Json, str]] = [
    ("empty text", text(""), f"{M0}.text"),
    ("no text", {"type": "text"}, f"{M0}.text"),
    ("number for text", {"type": "text", "text": 5}, f"{M0}.text"),
    ("unknown type", {"type": "poem", "text": "x"}, f"{M0}.type"),
    ("no type", {"text": "x"}, f"{M0}.type"),
    (
        "emoji without its $",
        {**text("🙂 $"), "emojis": [{"index": 2, "productId": "p", "emojiId": "1"}]},
        f"{M0}.emojis[0].index",
    ),
    (
        "emoji counted in letters",
        {**text("🙂$"), "emojis": [{"index": 1, "productId": "p", "emojiId": "1"}]},
        f"{M0}.emojis[0].index",
    ),
    ("emoji without product", {**text("$"), "emojis": [{"index": 0, "emojiId": "1"}]}, f"{M0}.emojis[0].productId"),
    ("a lone brace", made.v2("a { b"), f"{M0}.text"),
    ("a lone closing brace", made.v2("a } b"), f"{M0}.text"),
    ("a key without substitution", made.v2("{x}{y}", x=FACE), f"{M0}.text"),
    ("a key with a sign", made.v2("{a-b}", **{"a-b": FACE}), f"{M0}.substitution.a-b"),
    ("substitution of no kind", made.v2("{x}", x={"type": "sticker"}), f"{M0}.substitution.x.type"),
    ("emoji without id", made.v2("{x}", x={"type": "emoji", "productId": "p"}), f"{M0}.substitution.x.emojiId"),
    ("mention of nobody", made.v2("{x}", x={"type": "mention"}), f"{M0}.substitution.x.mentionee"),
    (
        "mention without user",
        made.v2("{x}", x={"type": "mention", "mentionee": {"type": "user"}}),
        f"{M0}.substitution.x.mentionee.userId",
    ),
    ("http image", made.media("image", previewImageUrl="http://example.com/a.png"), f"{M0}.previewImageUrl"),
    ("Japanese in an address", made.media("image", previewImageUrl="https://example.com/店"), f"{M0}.previewImageUrl"),
    ("half an escape", made.media("image", previewImageUrl="https://example.com/%E"), f"{M0}.previewImageUrl"),
    ("a blank in an address", made.media("image", previewImageUrl="https://example.com/a b"), f"{M0}.previewImageUrl"),
    ("no host", made.media("image", previewImageUrl="https:///a"), f"{M0}.previewImageUrl"),
    ("no preview", {"type": "image", "originalContentUrl": URL}, f"{M0}.previewImageUrl"),
    ("trackingId with a blank", made.media("video", trackingId="a b"), f"{M0}.trackingId"),
    ("empty trackingId", made.media("video", trackingId=""), f"{M0}.trackingId"),
    ("sticker without package", {"type": "sticker", "stickerId": "1"}, f"{M0}.packageId"),
    ("audio without duration", {"type": "audio", "originalContentUrl": URL}, f"{M0}.duration"),
    ("half a millisecond", made.audio(duration=0.5), f"{M0}.duration"),
    ("location without address", made.place(address=None), f"{M0}.address"),
    ("coupon without id", {"type": "coupon"}, f"{M0}.couponId"),
    ("delivery tag with a sign", {"type": "coupon", "couponId": "c", "deliveryTag": "a-b"}, f"{M0}.deliveryTag"),
    ("imagemap without altText", made.imagemap(altText=None), f"{M0}.altText"),
    ("imagemap without actions", made.imagemap(actions=None), f"{M0}.actions"),
    ("imagemap area missing", made.imagemap({"type": "message", "text": "x"}), f"{M0}.actions[0].area"),
    ("imagemap postback", made.imagemap(made.tap(type="postback")), f"{M0}.actions[0].type"),
    ("imagemap video without preview", made.with_film(previewImageUrl=None), f"{M0}.video.previewImageUrl"),
    ("imagemap link without label", made.with_film(externalLink={"linkUri": URL}), f"{M0}.video.externalLink.label"),
    ("buttons without label", made.pressed({"type": "uri", "uri": URL}), f"{T}.actions[0].label"),
    ("quick reply without label", made.quick_reply({"type": "camera"}), f"{M0}.quickReply.items[0].action.label"),
    ("ftp", made.pressed(made.uri(address="ftp://example.com")), f"{T}.actions[0].uri"),
    ("javascript", made.pressed(made.uri(address="javascript:alert(1)")), f"{T}.actions[0].uri"),
    (
        "columns of different length",
        made.carousel(made.column(), made.column(actions=[made.uri()] * 2)),
        f"{T}.columns",
    ),
    ("title in one column only", made.carousel(made.column(), made.column(title="題")), f"{T}.columns"),
    ("image in one column only", made.carousel(made.column(thumbnailImageUrl=URL), made.column()), f"{T}.columns"),
    ("a background by name", made.buttons(imageBackgroundColor="red"), f"{T}.imageBackgroundColor"),
    ("displayText and text", made.pressed(made.postback(displayText="x", text="y")), f"{T}.actions[0].text"),
    ("fillInText without keyboard", made.pressed(made.postback(fillInText="x")), f"{T}.actions[0].fillInText"),
    ("picker without mode", made.pressed(made.picker()), f"{T}.actions[0].mode"),
    ("picker of another format", made.pressed(made.picker(mode="date", initial="2026-1-1")), f"{T}.actions[0].initial"),
    ("sender called LINE", {**text(), "sender": {"name": "LINE 公式"}}, f"{M0}.sender.name"),
    ("bubble of nothing", made.flex({"type": "bubble"}), "/"),
    ("no container", {"type": "flex", "altText": "x"}, f"{M0}.contents"),
    ("unknown container", made.flex({"type": "box"}), "/type"),
    (
        "bubbles of different size",
        made.flex({"type": "carousel", "contents": [made.bubble(size="kilo"), made.bubble()]}),
        "/contents",
    ),
    ("a carousel in a carousel", made.flex({"type": "carousel", "contents": [made.bubbles(1)]}), "/contents/0/type"),
    ("body that is no box", made.flex({"type": "bubble", "body": {"type": "text", "text": "x"}}), "/body/type"),
    ("box without layout", made.component(type="box", contents=[]), f"{C0}/layout"),
    ("box without contents", made.component(type="box", layout="vertical"), f"{C0}/contents"),
    ("icon in a vertical box", made.component(type="icon", url=URL), f"{C0}/type"),
    (
        "box in a baseline",
        made.box({"type": "box", "layout": "vertical", "contents": []}, **BASELINE),
        f"{C0}/contents/0/type",
    ),
    ("separator in a baseline", made.box({"type": "separator"}, **BASELINE), f"{C0}/contents/0/type"),
    ("span in a box", made.component(type="span", text="x"), f"{C0}/type"),
    ("spacer", made.component(type="spacer"), f"{C0}/type"),
    ("text in a text", made.component(type="text", contents=[{"type": "text", "text": "x"}]), f"{C0}/contents/0/type"),
    ("button without action", made.component(type="button"), f"{C0}/action"),
    ("flex text without words", made.component(type="text", text=""), f"{C0}/text"),
    ("colour by name", made.words(color="red"), f"{C0}/color"),
    ("short colour", made.words(color="#fff"), f"{C0}/color"),
    ("margin in percent", made.words(margin="10%"), f"{C0}/margin"),
    ("spacing in percent", made.box(spacing="10%"), f"{C0}/spacing"),
    ("letters in percent", made.words(size="50%"), f"{C0}/size"),
    ("letters of full size", made.words(size="full"), f"{C0}/size"),
    ("half a share", made.words(flex=1.5), f"{C0}/flex"),
    ("unknown border", made.box(borderWidth="thick"), f"{C0}/borderWidth"),
    ("corner in percent", made.box(cornerRadius="50%"), f"{C0}/cornerRadius"),
    ("width by word", made.box(width="md"), f"{C0}/width"),
    ("spread unknown", made.box(justifyContent="stretch"), f"{C0}/justifyContent"),
    ("gradient without end", made.gradient(endColor=None), f"{C0}/background/endColor"),
    ("gradient without angle", made.gradient(angle=None), f"{C0}/background/angle"),
    ("gradient of another type", made.gradient(type="radial"), f"{C0}/background/type"),
    ("gradient all the way round", made.gradient(angle="360deg"), f"{C0}/background/angle"),
    ("wrap by word", made.words(wrap="yes"), f"{C0}/wrap"),
    ("unknown fitting", made.words(adjustMode="grow"), f"{C0}/adjustMode"),
    ("unknown offset", made.words(offsetTop="huge"), f"{C0}/offsetTop"),
    (
        "unknown style of a block",
        made.flex(made.bubble(styles={"body": {"backgroundColor": "red"}})),
        "/styles/body/backgroundColor",
    ),
    ("video in the body", made.component(**made.film()), f"{C0}/type"),
    ("video in a micro hero", made.flex(made.bubble(size="micro", hero=made.film())), "/hero/type"),
    ("video without altContent", made.flex(made.bubble(hero=made.film(altContent=None))), "/hero/altContent"),
    (
        "text for a video",
        made.flex(made.bubble(hero=made.film(altContent={"type": "text", "text": "x"}))),
        "/hero/altContent/type",
    ),
    ("video in a carousel", made.flex(made.bubbles(1, hero=made.film())), "/contents/0/hero/type"),
]


@pytest.mark.parametrize(("message", "path"), [pytest.param(*rest, id=name) for name, *rest in BAD])
async def test_it_names_what_is_wrong_and_nothing_else(line: Line, message: Json, path: str) -> None:
    """details[] with property paths, JSON pointers in Flex [3.6]"""
    answer = await line.validate(message)
    assert (answer.status, answer.properties) == (400, [path])
    if path.startswith("/"):
        assert answer.message == "A message (messages[0]) in the request body is invalid"
    else:
        assert answer.message == "The request body has 1 error(s)"


WORDINGS: list[tuple[Json, str, str]] = [
    (text(""), f"{M0}.text", "May not be empty"),
    (text("x" * 5001), f"{M0}.text", "Length must be between 0 and 5000"),
    ({"type": "text"}, f"{M0}.text", "must be specified"),
    (made.quick(14), f"{M0}.quickReply.items", "Size must be between 1 and 13"),
    (made.pressed(made.uri(address="example")), f"{T}.actions[0].uri", "invalid uri"),
    (
        made.words(weight="light"),
        f"{C0}/weight",
        "Must be one of the following values: [bold, regular]",
    ),
]


@pytest.mark.parametrize(("message", "path", "wording"), WORDINGS)
async def test_it_refuses_in_lines_own_words(line: Line, message: Json, path: str, wording: str) -> None:
    """the wire strings of the reference's examples [3.6]"""
    answer = await line.validate(message)
    assert answer.body["details"] == [{"message": wording, "property": path}]


async def test_it_names_every_message_that_is_wrong(line: Line, tanaka: User) -> None:
    answer = await line.push(tanaka.id, text(), text(""), made.words(color="red"))
    assert answer.message == "The request body has 2 error(s)"
    assert answer.properties == ["messages[1].text", f"{C0}/color"]
    assert await tanaka.seen() == []


async def test_it_names_the_flex_message_by_its_number(line: Line) -> None:
    answer = await line.validate(text(), made.words(color="red"))
    assert answer.message == "A message (messages[1]) in the request body is invalid"


@pytest.mark.parametrize("path", ["reply", "push", "multicast"])
async def test_it_validates_for_each_way_of_sending(line: Line, path: str) -> None:
    """[R#validate-message-objects-of-reply-message]"""
    at = f"/v2/bot/message/validate/{path}"
    assert (await line.post(at, {"messages": [text()]})).status == 200
    assert (await line.post(at, {"messages": []})).properties == ["messages"]


async def test_it_accepts_http_from_the_bots_own_origin_only(channel: Channel, bot: Bot, line: Line) -> None:
    own = bot.url.removesuffix("/line/webhook")
    local = made.media("image", originalContentUrl=f"{own}/m/1", previewImageUrl=f"{own}/m/2")
    assert (await line.validate(local)).status == 200
    assert (await line.validate(made.media("image", originalContentUrl=f"{own}9/m/1"))).status == 400
    await channel.change(http_origins=["http://shop.test"])
    assert (await line.validate(made.media("image", originalContentUrl="http://shop.test/a.png"))).status == 200


async def test_it_refuses_tracked_videos_in_groups(line: Line, group: Group, tanaka: User) -> None:
    """trackingId not allowed toward group/room [R#video-message]"""
    tracked = made.media("video", trackingId="t")
    assert (await line.push(group.id, tracked)).properties == [f"{M0}.trackingId"]
    assert (await line.push(tanaka.id, tracked)).status == 200


async def test_it_mentions_members_of_the_group_only(channel: Channel, line: Line, group: Group, tanaka: User) -> None:
    """[R#text-message-v2-mention-object] membership cannot be verified by the validating endpoints"""
    yamada = await channel.user("山田 太郎")
    inside = made.v2("{who} さん、{all}", who=made.mention(yamada.id), all=made.EVERYBODY)
    assert (await line.push(group.id, inside)).status == 200
    stranger = made.v2("{who} さん", who=made.mention(tanaka.id))
    where = f"{M0}.substitution.who"
    assert (await line.push(group.id, stranger)).properties == [f"{where}.mentionee.userId"]
    bot = made.v2("{who}", who=made.mention(channel.bot_user_id))
    assert (await line.push(group.id, bot)).properties == [f"{where}.mentionee.userId"]
    assert (await line.push(tanaka.id, stranger)).properties == [where]
    assert (await line.multicast([tanaka.id], stranger)).properties == [where]
    assert (await line.validate(stranger)).status == 200
    assert (await line.push(tanaka.id, made.v2("{x}", x=FACE))).status == 200


async def test_it_quotes_only_within_one_chat(line: Line, group: Group, tanaka: User) -> None:
    """quote tokens: only in the same chat; usable in text, textV2, sticker [section 8]"""
    token = (await tanaka.says("これ")).event["message"]["quoteToken"]  # type: ignore[index]
    for message in (text(), made.v2("x"), {"type": "sticker", "packageId": "446", "stickerId": "1988"}):
        assert (await line.push(tanaka.id, {**message, "quoteToken": token})).status == 200
        assert (await line.push(group.id, {**message, "quoteToken": token})).properties == [f"{M0}.quoteToken"]
        assert (await line.multicast([tanaka.id], {**message, "quoteToken": token})).status == 400
