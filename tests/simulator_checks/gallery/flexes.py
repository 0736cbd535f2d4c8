"""Flex messages."""

from typing import Any

from tests.simulator_checks.bots import Json
from tests.simulator_checks.gallery.parts import act, box, flex, post, words
from tests.simulator_checks.gallery.studio import Studio


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
