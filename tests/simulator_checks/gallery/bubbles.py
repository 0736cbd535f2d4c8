"""Words, media, templates and quick replies."""

from tests.simulator_checks.bots import Json, text
from tests.simulator_checks.gallery.parts import act, post, template
from tests.simulator_checks.gallery.studio import Studio


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


COUPON: Json = {
    "title": "秋のカラー 20%オフ",
    "startTimestamp": 1_790_000_000,
    "endTimestamp": 1_796_050_799,
    "maxUseCountPerTicket": 1,
    "visibility": "UNLISTED",
    "timezone": "ASIA_TOKYO",
    "acquisitionCondition": {"type": "normal"},
    "reward": {"type": "discount", "priceInfo": {"type": "percentage", "percentage": 20}},
}


def media(studio: Studio, coupon: str) -> list[Json]:
    """coupon: the id of one that runs."""
    return [
        photo(studio),
        film(studio),
        {
            "type": "location",
            "title": "歩み美容室",
            "address": "東京都千代田区紀尾井町1-3",
            "latitude": 35.67966,
            "longitude": 139.73669,
        },
        {"type": "coupon", "couponId": coupon, "deliveryTag": "spring_2026"},
        imagemap(studio),
    ]


def photo(studio: Studio) -> Json:
    return {
        "type": "image",
        "originalContentUrl": studio.picture("salon"),
        "previewImageUrl": studio.picture("salon"),
    }


def film(studio: Studio) -> Json:
    address = {"originalContentUrl": f"{studio.url}/film.mp4", "previewImageUrl": studio.picture("cut")}
    return {"type": "video", **address, "trackingId": "film-1"}


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
