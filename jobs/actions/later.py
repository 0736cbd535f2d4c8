"""Actions whose nouns come later: staff can write them and are told that they cannot be used yet."""

from jobs.actions.arguments import OFF, Amount, Colleague, Moment, Points, Thing
from jobs.actions.kind import Aspect, Kind

REMINDER = Thing("reminder", "リマインド")
BOOKING = Thing("booking", "予約")
EVENT = Thing("event", "イベント")

KINDS = (
    Kind(
        do="menu",
        word="メニュー",
        spellings=("リッチメニュー", "menu"),
        arguments=(Thing("menu", "メニュー", instead=OFF),),
        examples=("メニュー 会員", "メニュー 解除"),
        tells="トークの下に出るメニューを変えます。",
        settles=Aspect("メニューを2回変えています（後のほうになります）"),
    ),
    Kind(
        do="remind",
        word="リマインド",
        spellings=("リマインダ", "remind"),
        arguments=(REMINDER, Moment()),
        examples=("リマインド 説明会 {説明会日時}", "リマインド 説明会 12/24 18:00"),
        tells="その日時に向けたリマインドを始めます。",
    ),
    Kind(
        do="remind_off",
        word="リマインド解除",
        spellings=("リマインド外す", "unremind"),
        arguments=(REMINDER,),
        examples=("リマインド解除 説明会",),
        tells="リマインドをやめます。",
    ),
    Kind(
        do="mark",
        word="マーク",
        spellings=("対応マーク", "mark"),
        arguments=(Thing("mark", "マーク"),),
        examples=("マーク 要対応",),
        tells="対応マークを付けます。",
        settles=Aspect("マークを2回変えています（後のほうになります）"),
    ),
    Kind(
        do="assign",
        word="担当",
        spellings=("assign",),
        arguments=(Colleague(),),
        examples=("担当 @山田", "担当 自動", "担当 なし"),
        tells="担当のスタッフを決めます。",
        settles=Aspect("担当を2回変えています（後のほうになります）"),
    ),
    Kind(
        do="booking_cancel",
        word="予約キャンセル",
        spellings=("予約取消",),
        arguments=(Thing("booking", "予約", optional=True),),
        examples=("予約キャンセル", "予約キャンセル カット"),
        tells="予約をキャンセルします。",
    ),
    Kind(
        do="booking_offer",
        word="予約案内",
        arguments=(BOOKING,),
        examples=("予約案内 カット",),
        tells="予約の入口を送ります。",
    ),
    Kind(
        do="event_join",
        word="イベント申込",
        spellings=("イベント申し込み",),
        arguments=(EVENT,),
        examples=("イベント申込 説明会",),
        tells="イベントに申し込んだことにします。",
    ),
    Kind(
        do="event_leave",
        word="イベント取消",
        spellings=("イベントキャンセル",),
        arguments=(EVENT,),
        examples=("イベント取消 説明会",),
        tells="イベントの申込を取り消します。",
    ),
    Kind(
        do="wait",
        word="空き待ち",
        spellings=("waitlist",),
        arguments=(Thing("what", "予約かイベント"),),
        examples=("空き待ち カット",),
        tells="空き待ちに加えます。",
    ),
    Kind(
        do="score",
        word="スコア",
        spellings=("点数", "score"),
        arguments=(Thing("score", "スコア", optional=True), Points()),
        examples=("スコア +5", "スコア:購入意欲 -10", "スコア =0"),
        tells="点数を足す・引く・決めます。",
    ),
    Kind(
        do="convert",
        word="計測",
        spellings=("コンバージョン", "cv", "conversion"),
        arguments=(Thing("conversion", "計測"), Amount()),
        examples=("計測 購入 4400", "計測 来店 {料金}"),
        tells="成果を記録します。金額を付けることもできます。",
    ),
)
