"""A new salon: its first quarter of an hour on LINE, the first friends and a proud staff."""

from tests.simulator.scenes.steps import answers, follows, presses, says, sends_sticker, shows_photo

STEPS = [
    says(0, "山田 太郎", "おはようございます！今日からLINEをはじめます。", in_group=True),
    answers(0, "佐藤 美咲", "おはようございます。QRコードをレジの横に置きました！"),
    shows_photo(1, "佐藤 美咲", 150, in_group=True),
    sends_sticker(1, "山田 太郎", "446", "1989", in_group=True),
    follows(2, "高橋 さくら"),
    says(3, "高橋 さくら", "友だち追加しました。よろしくお願いします😊"),
    follows(4, "伊藤 健太"),
    says(4, "伊藤 健太", "メンズカットはいくらですか？"),
    follows(6, "渡辺 葵"),
    sends_sticker(6, "渡辺 葵", "446", "1993"),
    presses(7, "渡辺 葵"),
    says(8, "佐藤 美咲", "もう3人も友だち追加してくれました！", in_group=True),
    follows(9, "中村 結衣"),
    shows_photo(10, "中村 結衣", 20),
    says(10, "中村 結衣", "こんな感じの色にしたいです"),
    follows(12, "小林 大輔"),
    says(13, "小林 大輔", "駐車場はありますか"),
    answers(15, "山田 太郎", "すごい！この調子でがんばりましょう。"),
]
