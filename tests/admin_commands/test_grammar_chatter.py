"""What colleagues say to each other is left alone; only what is meant for the bot is answered."""

import pytest

from admin_commands import grammar
from admin_commands.grammar import Context
from admin_commands.grammar.readings import Batch, Conversation, Menu, Paste, SessionWord
from jobs import heard

CHATTER = """
予約の件どうする？
配信止めて！
マークつけました
シナリオ 停止 したほうがいい？
シナリオ 停止 したほうがいい
グループ追加してくださりありがとうございます
タグ作るの、手書きのPOPに間に合いますか
通知静音にして寝るので
おはようございます
今日もよろしくお願いします！
田中様 15時に変更です
予約 変更 になりました
予約 キャンセル です
予約 入れる の忘れてた
予約入れておきました
予約確認 しました
予約 11/28 空いてますか
配信 確認 お願いします
配信結果 よかったですね
配信 明日でいいですか？
配信 送信 しました
メニュー 変更 したので貼り替えお願いします
メニュー表の写真 送ります
写真 追加 しといて
写真 見る？
画像 削除 していい？
友だち 増えてきた
友達 連れてきます
お客様 検索 しても出てこないんだけど
お客様いらっしゃいました
タグ付けておいて
タグ 付ける のどうやるんだっけ
タグの付け方教えて
タグ 削除 しちゃった…
タグ 作成 お願い
値札のタグ切れてます
フォーム 回答 きてた
フォーム 確認 して
アンケート 結果 まだ
アンケート回収しました
リンク 送って
リンク切れてるかも
イベント 中止 だって
イベント 受付 誰がやる？
セミナーの準備終わった
スコア すごいねwww
統計 とるの大変
担当 田中さんでお願いします
担当変わってもらえますか
返信 遅くなりました
返信しときました
re: 明日の件
メモ 見ました
メモ残しておいたので見てください
スタッフ 追加 募集中です
スタッフ 変更 になった
スタッフルームの鍵どこ
グループ 変更 なくて大丈夫
設定 変えた
設定 変更 したかも
使い方 わからない
使い方教えて
ヘルプ 入れますか
ヘルプ 田中さん来れる？
ヘルプ頼みたいです
未対応のお客様いますか
使用量 多くない？
履歴 残ってない
履歴書届いてます
取消 してください
取り消しお願いします
取消
登録 お願いします
登録 090-1234-5678
控え 渡しました
控え とっておいて
はじめる前に声かけて
下書きのまま
トーク 終了 しました
トーク 開始 していい
予定 変更 で
予定 確認 中です
予定 10時から
スケジュール 表示 されない
通知 オフ にしてる
通知 止める 方法ある？
流入 増えた
計測 記録 しといて
1
3
はい
次
やめる
もどる
了解です
ok
ありがとう😊
（笑）
？
?
!!
シナリオ
タグ
配信
予約
通知
写真
■お知らせ 明日は9時集合です
■日時 12/1 18:00
【重要】棚卸しは金曜です
【予約】11/24 14時 田中様 カット
#今日のごはん
#予約 いっぱい
12:00に集合
10-12で休憩入ります
https://example.com/menu
シャンプー2本、トリートメント1本発注しました
シナリオ 停止 ようこそ、って打てば止まるよ
タグ 作成 VIP！
タグ 作成 VIP\\nでよかったでしたっけ
明日の配信 停止 #B12 でいいんだっけ
→ 予約 田中様
＋1でお願いします
▼本日の予約
"""


def lines() -> list[str]:
    return [line.replace("\\n", "\n") for line in CHATTER.strip().split("\n")]


@pytest.mark.parametrize("line", lines())
def test_it_stays_silent_in_conversation(line: str) -> None:
    assert isinstance(grammar.read(line), Conversation)


@pytest.mark.parametrize("line", lines())
def test_it_stays_silent_soon_after_a_command_unless_a_noun_stands_alone(line: str) -> None:
    reading = grammar.read(line, Context(recent=True))
    if isinstance(reading, Batch):
        assert [command.verb for command in reading.commands] == [None]
        assert len(line) <= 6
    else:
        assert isinstance(reading, Conversation)


@pytest.mark.parametrize("line", lines())
def test_it_does_nothing_when_chatter_quotes_the_bot(line: str) -> None:
    reading = grammar.read(line, Context(quoted=True))
    assert not isinstance(reading, (SessionWord, Menu, Paste))


@pytest.mark.parametrize("line", lines())
def test_it_ignores_all_but_the_code_in_an_unclaimed_group(line: str) -> None:
    reading = grammar.read(line, Context(unclaimed=True))
    assert isinstance(reading, Conversation) or line.startswith("登録 0")


def test_it_reads_the_code_in_any_width() -> None:
    for line in (
        "登録 4827-1935",
        "登録　４８２７－１９３５",
        "登録 ４８２７ー１９３５",
        "/登録 48271935",
        "登録48271935",
    ):
        for context in (Context(unclaimed=True), Context()):
            reading = grammar.read(line, context)
            assert isinstance(reading, Batch)
            assert grammar.canonical(reading.commands[0]) == "登録 48271935"


def test_it_answers_everything_behind_a_slash() -> None:
    for line in lines():
        assert not isinstance(grammar.read(f"/{line}"), Conversation)
        assert not isinstance(grammar.read(f"／{line}"), Conversation)


def test_it_answers_only_prefixed_lines_in_a_private_talk() -> None:
    private = Context(private=True)
    assert isinstance(grammar.read("タグ 一覧", private), Conversation)
    assert isinstance(grammar.read("■シナリオ A\n▼すぐ\nx", private), Conversation)
    assert isinstance(grammar.read("/タグ 一覧", private), Batch)


def test_it_needs_the_prefix_when_the_shop_says_so() -> None:
    strict = Context(prefix_required=True)
    assert isinstance(grammar.read("タグ 一覧", strict), Conversation)
    assert isinstance(grammar.read("/タグ 一覧", strict), Batch)


def test_it_takes_session_words_only_from_who_is_asked() -> None:
    waiting = Context(waiting=True)
    assert grammar.read("４１２", waiting) == SessionWord("number", (412,))
    assert grammar.read("3", waiting) == SessionWord("number", (3,))
    assert grammar.read("3,5-7 タグ付ける VIP", waiting) == SessionWord("number", (3, 5, 6, 7), "タグ付ける VIP")
    assert grammar.read("はい", waiting) == SessionWord("yes")
    assert grammar.read("やめる", waiting) == SessionWord("no")
    assert grammar.read("次へ", waiting) == SessionWord("next")
    for line in ("3人来ます", "2 名様 ご案内", "12:00", "はい、わかりました"):
        assert isinstance(grammar.read(line, waiting), Conversation)


def mentioned(text: str, name: str, *, is_self: bool, user: str = "U1") -> heard.Mention:
    offset = len(text[: text.index(name)].encode("utf-16-le")) // 2
    return heard.Mention(offset, len(name.encode("utf-16-le")) // 2, user, is_self)


def test_it_hears_its_own_name() -> None:
    text = "@Ayumi タグ 一覧"
    reading = grammar.read(text, Context(mentions=[mentioned(text, "@Ayumi", is_self=True)]))
    assert isinstance(reading, Batch)
    assert reading.prefixed
    alone = Context(mentions=[mentioned("@Ayumi", "@Ayumi", is_self=True)])
    assert grammar.read("@Ayumi", alone) == Menu()
    within = "😊ねえ @Ayumi これ見て"
    assert grammar.read(within, Context(mentions=[mentioned(within, "@Ayumi", is_self=True)])) == Menu()


def test_it_knows_mentioned_staff_by_their_line_id() -> None:
    text = "😊\nスタッフ 追加 @山田 太郎 管理者".removeprefix("😊\n")
    reading = grammar.read(text, Context(mentions=[mentioned(text, "@山田 太郎", is_self=False, user="U77")]))
    assert isinstance(reading, Batch)
    person = reading.commands[0].objects(0)[0]
    assert isinstance(person, grammar.words.Person)
    assert (person.user_id, person.text) == ("U77", "@山田 太郎")
    assert grammar.words.person_name(person) == "山田 太郎"
    assert reading.commands[0].objects(1) == (grammar.words.Name("管理者"),)


def test_it_finds_a_mention_behind_an_emoji_and_on_a_later_line() -> None:
    text = "/タグ 一覧 😊\nスタッフ 停止 @佐藤"
    reading = grammar.read(text, Context(mentions=[mentioned(text, "@佐藤", is_self=False, user="U9")]))
    assert isinstance(reading, Batch)
    person = reading.commands[1].objects(0)[0]
    assert isinstance(person, grammar.words.Person)
    assert person.user_id == "U9"


def test_it_takes_a_quote_for_a_prefix() -> None:
    quoted = Context(quoted=True)
    reading = grammar.read("タグ付ける VIP", quoted)
    assert isinstance(reading, Batch)
    assert reading.commands[0].verb == "attach"
    reading = grammar.read("担当 自分", quoted)
    assert isinstance(reading, Batch)
    assert reading.commands[0].verb == "set"
    assert isinstance(grammar.read("16時空いています。変更しておきますね！", quoted), Conversation)
