"""What a small salon's bot might send: every kind of bubble, and the studio its pictures and sounds come from."""

import io
import math
import struct
import wave
import zlib
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.simulator.scenes import photos
from tests.simulator_checks.bots import Json, text

HUES = {"salon": 24, "cut": 150, "colour": 330, "spa": 200, "star": 46}
RATE = 8_000


class Studio:
    """A server with pictures at /p/{name}.png, imagemaps at /map/{width}, and one short sound, for films too."""

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/p/{name}.png", self._picture)
        app.router.add_get("/map/{width}", self._picture)
        app.router.add_get("/{name}.{kind:mp4|m4a}", self._sound)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self.widths: list[str] = []
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    async def _picture(self, request: web.Request) -> web.Response:
        name = request.match_info.get("name", "spa")
        if "width" in request.match_info:
            self.widths.append(request.match_info["width"])
        return web.Response(body=star() if name == "star" else photos.photo(HUES[name]), content_type="image/png")

    async def _sound(self, request: web.Request) -> web.Response:
        return web.Response(body=tone(3 if request.match_info["kind"] == "m4a" else 0.3), content_type="audio/wav")

    def picture(self, name: str) -> str:
        return f"{self.url}/p/{name}.png"


def tone(seconds: float) -> bytes:
    """A WAV file; a browser plays it in a film's place too."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(RATE)
        sound.writeframes(bytes(128 + int(40 * math.sin(i / 6)) for i in range(int(RATE * seconds))))
    return file.getvalue()


def star() -> bytes:
    """A PNG of 48 by 48: a yellow star on nothing."""
    rows = bytearray()
    for y in range(48):
        rows.append(0)
        for x in range(48):
            rows += b"\xff\xb4\x00\xff" if in_star(x - 23.5, y - 25.5) else bytes(4)
    header = struct.pack(">IIBBBBB", 48, 48, 8, 6, 0, 0, 0)
    ends = photos.chunk(b"IDAT", zlib.compress(bytes(rows))) + photos.chunk(b"IEND")
    return b"\x89PNG\r\n\x1a\n" + photos.chunk(b"IHDR", header) + ends


def in_star(x: float, y: float) -> bool:
    """Within five points, the first of them upwards: each edge is a line from a tip to a hollow."""
    tip, hollow, turn = 24.0, 10.5, math.pi / 5
    angle = abs((math.atan2(x, -y) + turn) % (2 * turn) - turn)
    along, across = hollow * math.cos(turn) - tip, hollow * math.sin(turn)
    edge = -across * tip / (along * math.sin(angle) - across * math.cos(angle))
    return math.hypot(x, y) < edge


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


def talk(studio: Studio, quote: str) -> list[Json]:
    """Words and media. quote: a quote token."""
    return [
        text("ご来店ありがとうございました！\nご予約は https://example.com/r からどうぞ"),
        {
            **text("来週も $ お待ちしています $"),
            "emojis": [
                {"index": 4, "productId": "5ac1bfd5040ab15980c9b435", "emojiId": "001"},
                {"index": 15, "productId": "5ac1bfd5040ab15980c9b435", "emojiId": "002"},
            ],
        },
        {**text("10時でお取りしました。"), "quoteToken": quote, "sender": {"name": "店長"}},
        {"type": "sticker", "packageId": "446", "stickerId": "1988"},
        {"type": "audio", "originalContentUrl": f"{studio.url}/voice.m4a", "duration": 65_000},
    ]


def question() -> Json:
    """A confirm template."""
    inner = {
        "type": "confirm",
        "text": "このままキャンセルしてよろしいですか？",
        "actions": [post("はい", "yes", displayText="はい"), act("message", "いいえ", text="やめておきます")],
    }
    return template("キャンセルの確認", inner)


def media(studio: Studio) -> list[Json]:
    film = {"originalContentUrl": f"{studio.url}/film.mp4", "previewImageUrl": studio.picture("cut")}
    return [
        {
            "type": "image",
            "originalContentUrl": studio.picture("salon"),
            "previewImageUrl": studio.picture("salon"),
        },
        {"type": "video", **film, "trackingId": "film-1"},
        {
            "type": "location",
            "title": "歩み美容室",
            "address": "東京都千代田区紀尾井町1-3",
            "latitude": 35.67966,
            "longitude": 139.73669,
        },
        {"type": "coupon", "couponId": "01JYNW8JMQVFBNWF1APF8Z3FS7", "deliveryTag": "spring_2026"},
        imagemap(studio),
    ]


def imagemap(studio: Studio) -> Json:
    def area(x: int, width: int) -> Json:
        return {"x": x, "y": 0, "width": width, "height": 780}

    return {
        "type": "imagemap",
        "baseUrl": f"{studio.url}/map",
        "altText": "店内の地図",
        "baseSize": {"width": 1040, "height": 780},
        "actions": [
            {"type": "message", "label": "受付", "text": "受付はどこですか", "area": area(0, 400)},
            {"type": "uri", "label": "地図", "linkUri": "https://example.com/map", "area": area(400, 300)},
            {"type": "clipboard", "label": "住所を写す", "clipboardText": "紀尾井町1-3", "area": area(700, 340)},
        ],
    }


def cards(studio: Studio) -> list[Json]:
    """Templates."""
    buttons = {
        "type": "buttons",
        "thumbnailImageUrl": studio.picture("salon"),
        "title": "ご予約の確認",
        "text": "11月28日（土）10時 カット",
        "defaultAction": act("uri", "くわしく", uri="https://example.com/r/1"),
        "actions": [
            post("変更する", "change", displayText="変更します"),
            act("datetimepicker", "日時を選ぶ", data="when", mode="datetime", initial="2026-11-28T10:00"),
            act("uri", "地図を見る", uri="https://example.com/map"),
        ],
    }
    column = [
        {
            "thumbnailImageUrl": studio.picture(name),
            "title": title,
            "text": price,
            "actions": [post(f"{title}を予約", name), act("clipboard", "コードを写す", clipboardText=name.upper())],
        }
        for name, title, price in (
            ("cut", "カット", "¥5,500"),
            ("colour", "カラー", "¥8,800"),
            ("spa", "スパ", "¥3,300"),
        )
    ]
    pictures = [
        {"imageUrl": studio.picture(name), "action": post(label, label)}
        for name, label in (("colour", "秋の色"), ("spa", "ヘッドスパ"), ("cut", "ショート"))
    ]
    return [
        template("ご予約の確認", buttons),
        template("メニュー", {"type": "carousel", "columns": column}),
        template("写真", {"type": "image_carousel", "columns": pictures}),
    ]


def receipt() -> Json:
    def line(name: str, price: str, **more: Any) -> Json:
        return box(
            "horizontal",
            words(name, size="sm", color="#555555", flex=0, **more),
            words(price, size="sm", color="#111111", align="end", **more),
        )

    return flex(
        "領収書 ¥9,350",
        {
            "type": "bubble",
            "body": box(
                "vertical",
                words("領収書", weight="bold", color="#1DB446", size="sm"),
                words("歩み美容室", weight="bold", size="xxl", margin="md"),
                words("東京都千代田区紀尾井町1-3", size="xs", color="#aaaaaa", wrap=True),
                {"type": "separator", "margin": "xxl"},
                box(
                    "vertical",
                    line("カット", "¥5,500"),
                    line("ヘッドスパ", "¥3,300"),
                    {"type": "separator", "margin": "xxl"},
                    line("合計", "¥9,350", weight="bold"),
                    margin="xxl",
                    spacing="sm",
                ),
                {"type": "separator", "margin": "xxl"},
                box(
                    "horizontal",
                    words("領収番号", size="xs", color="#aaaaaa", flex=0),
                    words("#743289384279", size="xs", color="#aaaaaa", align="end"),
                    margin="md",
                ),
            ),
            "styles": {"footer": {"separator": True}},
        },
    )


def shop(studio: Studio) -> Json:
    stars = [{"type": "icon", "url": studio.picture("star"), "size": "sm"}] * 4
    return flex(
        "歩み美容室のご案内",
        {
            "type": "bubble",
            "hero": {
                "type": "image",
                "url": studio.picture("salon"),
                "size": "full",
                "aspectRatio": "20:13",
                "aspectMode": "cover",
                "action": act("uri", "写真", uri="https://example.com/photo"),
            },
            "body": box(
                "vertical",
                words("歩み美容室", weight="bold", size="xl"),
                box("baseline", *stars, words("4.0", size="sm", color="#999999", margin="md", flex=0), margin="md"),
                box(
                    "vertical",
                    box(
                        "baseline",
                        words("場所", color="#aaaaaa", size="sm", flex=1),
                        words("紀尾井町1-3 歩みビル2階", wrap=True, color="#666666", size="sm", flex=4),
                        spacing="sm",
                    ),
                    box(
                        "baseline",
                        words("時間", color="#aaaaaa", size="sm", flex=1),
                        words("10:00 - 19:00", wrap=True, color="#666666", size="sm", flex=4),
                        spacing="sm",
                    ),
                    margin="lg",
                    spacing="sm",
                ),
            ),
            "footer": box(
                "vertical",
                {
                    "type": "button",
                    "style": "primary",
                    "height": "sm",
                    "action": post("席を選ぶ", "seat", displayText="席を選びます"),
                },
                {
                    "type": "button",
                    "style": "secondary",
                    "height": "sm",
                    "action": act("message", "電話する", text="電話したいです"),
                },
                {
                    "type": "button",
                    "style": "link",
                    "height": "sm",
                    "action": act("uri", "ウェブサイト", uri="https://example.com/"),
                },
                spacing="sm",
            ),
        },
    )


def ticket(studio: Studio) -> Json:
    """Gradients, offsets, borders, spans, and a ribbon above everything."""
    ribbon = box(
        "vertical",
        words("新規", color="#ffffff", size="xs", weight="bold", align="center", gravity="center"),
        position="absolute",
        offsetTop="18px",
        offsetStart="18px",
        width="54px",
        height="24px",
        backgroundColor="#ff334b",
        cornerRadius="20px",
        justifyContent="center",
    )
    title = {
        "type": "text",
        "wrap": True,
        "lineSpacing": "4px",
        "color": "#ffffff",
        "contents": [
            {"type": "span", "text": "はじめての方\n", "size": "sm"},
            {"type": "span", "text": "30%", "size": "3xl", "weight": "bold"},
            {"type": "span", "text": " OFF ", "weight": "bold"},
            {"type": "span", "text": "¥5,500", "decoration": "line-through", "size": "xs", "color": "#ffffffcc"},
        ],
    }
    return flex(
        "はじめての方 30% OFF",
        {
            "type": "bubble",
            "size": "kilo",
            "body": box(
                "vertical",
                {
                    "type": "image",
                    "url": studio.picture("spa"),
                    "size": "full",
                    "aspectRatio": "16:9",
                    "aspectMode": "cover",
                },
                box(
                    "vertical",
                    title,
                    paddingAll="16px",
                    background={
                        "type": "linearGradient",
                        "angle": "120deg",
                        "startColor": "#0b6e63",
                        "centerColor": "#2aa58f",
                        "centerPosition": "60%",
                        "endColor": "#7ed9b6",
                    },
                ),
                box(
                    "horizontal",
                    box(
                        "vertical",
                        words("残り", size="xs", align="center"),
                        words("3", size="xl", align="center", weight="bold"),
                        borderWidth="semi-bold",
                        borderColor="#2aa58f",
                        cornerRadius="md",
                        paddingAll="sm",
                        width="64px",
                    ),
                    words(
                        "11月末まで。ほかの割引とはいっしょに使えません。",
                        wrap=True,
                        size="xs",
                        gravity="center",
                        maxLines=2,
                        margin="lg",
                    ),
                    paddingAll="16px",
                    alignItems="center",
                ),
                ribbon,
                paddingAll="none",
            ),
            "action": post("割引を使う", "use30"),
        },
    )


def album(studio: Studio) -> Json:
    def page(name: str, title: str) -> Json:
        return {
            "type": "bubble",
            "size": "micro",
            "hero": {
                "type": "image",
                "url": studio.picture(name),
                "size": "full",
                "aspectMode": "cover",
                "aspectRatio": "320:213",
            },
            "body": box(
                "vertical",
                words(title, weight="bold", size="sm", wrap=True),
                words("30分", size="xs", color="#8c8c8c"),
                box("horizontal", {"type": "filler"}, words("¥3,300", size="sm", flex=0, color="#b3261e")),
                spacing="sm",
                paddingAll="13px",
            ),
            "action": post(f"{title}", name),
        }

    pages = [page("spa", "ヘッドスパ"), page("cut", "前髪カット"), page("colour", "リタッチ")]
    return flex("短いメニュー", {"type": "carousel", "contents": pages})


def film(studio: Studio) -> Json:
    hero = {
        "type": "video",
        "url": f"{studio.url}/film.mp4",
        "previewUrl": studio.picture("colour"),
        "altContent": {"type": "image", "url": studio.picture("colour"), "size": "full"},
        "aspectRatio": "20:13",
        "action": act("uri", "くわしく見る", uri="https://example.com/film"),
    }
    header = box("vertical", words("秋のカラー", weight="bold", align="center"), paddingAll="lg")
    return flex(
        "秋のカラーの動画",
        {
            "type": "bubble",
            "size": "mega",
            "header": header,
            "hero": hero,
            "body": box(
                "horizontal",
                words("今だけの色です。", adjustMode="shrink-to-fit"),
                {"type": "separator"},
                words("予約はお早めに", align="center"),
            ),
            "styles": {"header": {"backgroundColor": "#fde9f2"}, "hero": {"separator": True}},
        },
    )


def quick(studio: Studio) -> Json:
    """Every action of quick replies."""
    actions = [
        post("予約", "quick"),
        act("message", "営業時間", text="営業時間は？"),
        act("uri", "サイト", uri="https://example.com/quick"),
        act("datetimepicker", "日を選ぶ", data="day", mode="date"),
        act("clipboard", "コード", clipboardText="QUICK"),
        act("camera", "撮る"),
        act("cameraRoll", "写真"),
        act("location", "場所"),
    ]
    items = [{"type": "action", "action": action} for action in actions]
    items[0]["imageUrl"] = studio.picture("star")
    return {**text("ほかにご用はありますか"), "quickReply": {"items": items}}
