"""A busy Saturday: from nine to half past six, with everything a full salon hears in a day."""

from tests.simulator.scenes.steps import (
    Step,
    answers,
    blocks,
    follows,
    presses,
    says,
    sends,
    sends_sticker,
    shows_photo,
    takes_back,
)

REGULARS = ("高橋 さくら", "伊藤 健太", "渡辺 葵", "中村 結衣", "小林 大輔", "加藤 陽子", "吉田 蓮", "山口 美優")
NEWCOMERS = ("松本 翔", "井上 彩", "木村 拓海", "林 千夏", "清水 悠", "斎藤 真央")
STATION = {
    "type": "location",
    "title": "渋谷駅 ハチ公口",
    "address": "東京都渋谷区道玄坂一丁目",
    "latitude": 35.659,
    "longitude": 139.7006,
}


def at(hour: int, minute: int) -> int:
    """Minutes since nine o'clock, when the scene begins."""
    return (hour - 9) * 60 + minute


STEPS: list[Step] = [
    *(follows(0, name) for name in REGULARS),
    says(at(9, 0), "山田 太郎", "おはようございます。今日は予約が14件です。", in_group=True),
    answers(at(9, 2), "佐藤 美咲", "了解です！10時の高橋さまはカラーもあります。"),
    sends_sticker(at(9, 3), "山田 太郎", "446", "1991", in_group=True),
    says(at(9, 15), "高橋 さくら", "おはようございます。10時からよろしくお願いします。"),
    says(at(9, 40), "伊藤 健太", "すみません、15分ほど遅れそうです💦"),
    says(at(9, 41), "佐藤 美咲", "伊藤さま、15分おくれるそうです", in_group=True),
    answers(at(9, 42), "山田 太郎", "順番を入れかえましょう。"),
    follows(at(10, 5), NEWCOMERS[0]),
    says(at(10, 6), NEWCOMERS[0], "はじめまして。今日の午後、空いていますか？"),
    presses(at(10, 8), NEWCOMERS[0]),
    says(at(10, 30), "渡辺 葵", "パーマの値段を教えてください"),
    follows(at(10, 45), NEWCOMERS[1]),
    shows_photo(at(10, 47), NEWCOMERS[1], 330),
    says(at(10, 47), NEWCOMERS[1], "この写真みたいな前髪にできますか？"),
    sends(at(11, 10), "中村 結衣", STATION),
    says(at(11, 10), "中村 結衣", "ここからどう行けばいいですか？"),
    says(at(11, 30), "小林 大輔", "13時の予約を14時に変えられますか"),
    says(at(11, 31), "小林 大輔", "やっぱり13時で大丈夫です"),
    takes_back(at(11, 32), "小林 大輔"),
    says(at(11, 33), "小林 大輔", "すみません、14時でお願いします！"),
    follows(at(12, 0), NEWCOMERS[2]),
    sends_sticker(at(12, 1), NEWCOMERS[2], "446", "1994"),
    says(at(12, 20), "佐藤 美咲", "お昼休憩いただきます🍙", in_group=True),
    says(at(12, 40), "加藤 陽子", "先日はありがとうございました。とても気に入っています！"),
    shows_photo(at(12, 41), "加藤 陽子", 40),
    says(at(13, 5), "吉田 蓮", "トリートメントだけでも予約できますか？"),
    follows(at(13, 30), NEWCOMERS[3]),
    says(at(13, 31), NEWCOMERS[3], "友だちの紹介で来ました。割引はありますか？"),
    presses(at(13, 33), NEWCOMERS[3]),
    says(at(14, 0), "山口 美優", "来週の土曜日は空いていますか"),
    says(at(14, 1), "山口 美優", "できれば午前中がいいです"),
    blocks(at(14, 20), "吉田 蓮"),
    says(at(14, 40), "山田 太郎", "シャンプー台が1台こしょうしました。修理は月曜日です。", in_group=True),
    shows_photo(at(14, 41), "山田 太郎", 210, in_group=True),
    answers(at(14, 43), "佐藤 美咲", "了解です。15時からの順番を見直します。"),
    follows(at(15, 15), NEWCOMERS[4]),
    says(at(15, 16), NEWCOMERS[4], "キッズカットはありますか？"),
    says(at(15, 40), "伊藤 健太", "今日はありがとうございました！また来月お願いします。"),
    sends_sticker(at(15, 40), "伊藤 健太", "446", "1993"),
    says(at(16, 10), "高橋 さくら", "色がとてもきれいで、うれしいです😊"),
    follows(at(16, 30), NEWCOMERS[5]),
    says(at(16, 31), NEWCOMERS[5], "成人式の着付けはお願いできますか"),
    says(at(17, 0), "渡辺 葵", "明日の予約をキャンセルしたいのですが…"),
    says(at(17, 45), "佐藤 美咲", "今日は新しい友だちが6人でした！", in_group=True),
    says(at(18, 20), "山田 太郎", "おつかれさまでした。忙しい一日でしたね。", in_group=True),
    sends_sticker(at(18, 30), "佐藤 美咲", "446", "1993", in_group=True),
]
