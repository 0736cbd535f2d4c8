"""フォーム: what customers answer inside LINE; pasted as ■ blocks, published, counted, its answers read."""

from functools import partial

from admin_commands import command, lifecycle
from admin_commands.command import Argument, Block, Command
from admin_commands.forms import answers, counts, deeds, drawing, edits, exporting, lines, looks, sending
from admin_commands.forms.looks import FORMS
from admin_commands.forms.writing import WAY as WAY
from admin_commands.forms.writing import reserve as reserve
from admin_commands.wizards import forms as wizards

EXAMPLE = """■フォーム 来店アンケート
説明: 1分で終わります
回答: 1人1回
お礼: ありがとうございました！
▼お名前 [短文] 必須 → 項目:氏名
▼ご希望のメニュー [複数] 必須
・カット → タグ付ける 希望カット
・カラー → タグ付ける 希望カラー
・その他(記入)
▼ご要望 [長文] 500字まで
＋回答後 タグ付ける 回答済"""

FORM = Argument("フォーム", takes="form")
PAGES = ("ページ",)

BLOCK = Block(
    "form",
    "下書きができます。公開するまで、お客様は開けません",
    EXAMPLE,
    "operator",
    1,
    most=2,
    lines=lines.LINES,
)

NOUN = command.Noun(
    "form",
    "お客様にLINEの中で答えていただく、アンケート・申し込み・診断・クイズです。",
    (
        Command(
            "form",
            "list",
            "一覧と、回答した人数",
            ("フォーム 一覧",),
            "viewer",
            0,
            looks.show_list,
            (Argument("語", optional=True),),
            options=PAGES,
        ),
        Command(
            "form",
            "find",
            "名前の一部で探す",
            ("フォーム 検索 {form}",),
            "viewer",
            0,
            looks.show_list,
            (Argument("語"),),
            options=PAGES,
        ),
        Command(
            "form",
            "show",
            "状態・回答の数・残りの人数と、リンクとQRコード",
            ("フォーム 表示 {form}",),
            "viewer",
            0,
            looks.show,
            (FORM,),
        ),
        Command(
            "form",
            "check",
            "お客様に見える形を絵で見る。「自分で開く」で、答えてみられます（何も保存しません）",
            ("フォーム 確認 {form}",),
            "viewer",
            0,
            drawing.check,
            (FORM,),
        ),
        Command(
            "form",
            "result",
            "質問ごとの数と平均。「問2」で1つの質問をグラフで見る",
            ("フォーム 結果 {form}", "フォーム 結果 {form} 問2"),
            "viewer",
            0,
            counts.show,
            (FORM, Argument("問", optional=True)),
        ),
        Command(
            "form",
            "answers",
            "だれが何と答えたか。「最新5」、友だち、「検索 言葉」、「12番」で絞る",
            (
                "フォーム 回答 {form}",
                "フォーム 回答 {form} 最新5",
                "フォーム 回答 {form} {friend}",
                "フォーム 回答 {form} 検索 カット",
            ),
            "viewer",
            0,
            answers.show,
            (FORM, Argument("最新・友だち・検索・番号", optional=True), Argument("言葉", optional=True, rest=True)),
            options=PAGES,
        ),
        Command(
            "form",
            "export",
            "すべての回答をCSVファイルで受け取る（ボットとの1対1で）",
            ("フォーム 出力 {form}",),
            "manager",
            1,
            exporting.export,
            (FORM,),
            whole=True,
        ),
        Command(
            "form",
            "new",
            "書き方を見る。名前なしなら、質問に答えて作る",
            ("フォーム 作成 来店予約の確認",),
            "operator",
            1,
            edits.new,
            (Argument("名前"),),
        ),
        Command(
            "form",
            "publish",
            "下書きを公開する",
            ("フォーム 公開 {form}",),
            "manager",
            2,
            deeds.publish,
            (FORM,),
        ),
        Command(
            "form",
            "send",
            "フォームを開くボタンの付いた、配信の下書きを作る（まだ送りません）",
            ("フォーム 送る {form}", "フォーム 送る {form} 対象: タグ:VIP"),
            "operator",
            1,
            sending.send,
            (FORM, Argument("対象", crowd=True, optional=True)),
            whole=True,
        ),
        Command(
            "form",
            "stop",
            "受付を止める（回答は残ります）",
            ("フォーム 停止 {form}",),
            "manager",
            1,
            deeds.stop,
            (FORM,),
        ),
        Command(
            "form",
            "resume",
            "止めた受付をまた始める",
            ("フォーム 再開 {form}",),
            "manager",
            2,
            deeds.resume,
            (FORM,),
        ),
        Command(
            "form",
            "set",
            "1つだけ変える（締切・定員・お礼などや、「問3 必須」のように1つの質問を）",
            (
                "フォーム 変更 {form} 締切=12/20 23:59 定員=30",
                "フォーム 変更 {form} 問3 必須",
                "フォーム 変更 {form} 問1 名前 ご氏名",
                "フォーム 変更 {form} 問2 削除",
                "フォーム 変更 {form} お礼 ありがとうございました",
            ),
            "operator",
            1,
            edits.change,
            (FORM, Argument("何を", optional=True), Argument("値", optional=True, rest=True)),
            most=2,
        ),
        Command(
            "form",
            "dump",
            "貼り付けられる形で書き出す",
            ("フォーム 書出 {form}", "フォーム 書出 {form} 版1"),
            "viewer",
            0,
            FORMS.dump,
            (FORM, Argument("版", optional=True)),
        ),
        Command(
            "form",
            "versions",
            "これまでの版",
            ("フォーム 版 {form}",),
            "viewer",
            0,
            looks.show_versions,
            (FORM,),
            options=PAGES,
        ),
        Command(
            "form",
            "uses",
            "使っている所と、使っているもの",
            ("フォーム 使用先 {form}",),
            "viewer",
            0,
            looks.show_uses,
            (FORM,),
        ),
        Command(
            "form",
            "rename",
            "名前を変える（お客様に見えるのは「題名」です）",
            ("フォーム 改名 {form} → 春のアンケート",),
            "manager",
            1,
            partial(lifecycle.rename, kind="forms"),
            (FORM, Argument("新しい名前", arrow=True)),
        ),
        Command(
            "form",
            "copy",
            "同じ内容の下書きを作る",
            ("フォーム 複製 {form} → 春のアンケート",),
            "operator",
            1,
            WAY.copy,
            (FORM, Argument("新しい名前", arrow=True, optional=True)),
        ),
        Command(
            "form",
            "revert",
            "ごみ箱から戻す。版を書くと、その版の内容に戻す",
            ("フォーム 元に戻す {form}", "フォーム 元に戻す {form} 版1"),
            "manager",
            1,
            WAY.revert,
            (FORM, Argument("版", optional=True)),
            most=2,
        ),
        Command(
            "form",
            "delete",
            "ごみ箱へ（30日。回答も一緒に）",
            ("フォーム 削除 {form}",),
            "manager",
            2,
            deeds.delete,
            (FORM,),
            most=3,
        ),
    ),
    bare="list",
    block=BLOCK,
    wizard=wizards.FORM,
    dumps=FORMS.dumps,
)
