"""An action list in canonical Japanese, which reads back the same."""

from collections.abc import Sequence
from dataclasses import fields

from admin_commands.grammar import normalise, schedules, segments, words
from admin_commands.grammar.actions import kinds, spellings
from admin_commands.grammar.actions.kinds import Action
from admin_commands.grammar.words import Name, Object
from jobs import timing

PARTING = "=+-:,<>!「」『』“”\"'‘’"
ASSIGNED = {"auto": "自動", "nobody": "なし"}
# Acts on one thing: their word, and what stands for none or all.
ON_ONE: dict[type[kinds.Act], tuple[str, str]] = {
    kinds.ScenarioStop: ("シナリオ停止", "全部"),
    kinds.ScenarioResume: ("シナリオ再開", "全部"),
    kinds.ScenarioSwitch: ("シナリオ切替", ""),
    kinds.ClearField: ("項目消す", ""),
    kinds.SetMenu: ("メニュー", "解除"),
    kinds.RemindOff: ("リマインド解除", ""),
    kinds.SetMark: ("マーク", ""),
    kinds.CancelBooking: ("予約キャンセル", ""),
    kinds.OfferBooking: ("予約案内", ""),
    kinds.JoinEvent: ("イベント申込", ""),
    kinds.LeaveEvent: ("イベント取消", ""),
    kinds.WaitFor: ("空き待ち", ""),
    kinds.RunAction: ("アクション", ""),
}
AUDIENCES = {"assigned": "担当", "on_duty": "当番", "everybody": "全員", "group": "グループ"}


def show(actions: Sequence[Action]) -> str:
    """The list on one line."""
    return " → ".join(map(one, actions))


def one(action: Action) -> str:
    if not isinstance(action, kinds.Qualified):
        return _act(action)
    pieces = [f"もし {segments.show(action.when)} なら"] if action.when is not None else []
    pieces.append(_act(action.act))
    if action.timing is not None:
        pieces.append(_timing(action.timing))
    if action.once:
        pieces.append("一度だけ")
    return " ".join(pieces)


def _timing(given: timing.Timing | kinds.Spread) -> str:
    if isinstance(given, kinds.Spread):
        return f"{given.least}〜{given.most}分後"
    return timing.describe(given)


def _act(act: kinds.Act) -> str:
    if type(act) in ON_ONE:
        word, nobody = ON_ONE[type(act)]
        given = getattr(act, fields(act)[0].name)
        return f"{word} {_name(given) if given else nobody}".rstrip()
    match act:
        case kinds.SendText(text):
            return f"送る {words.quote(text)}"
        case kinds.SendTemplate(template):
            return f"送る {words.show_reference('テンプレ', template)}"
        case kinds.TagOn(tags):
            return f"タグ付ける {', '.join(map(_name, tags))}"
        case kinds.TagOff(tags):
            return f"タグ外す {', '.join(map(_name, tags))}"
        case kinds.ScenarioStart(scenario, step):
            return f"シナリオ開始 {_name(scenario)}" + (f" {step}通目から" if step > 1 else "")
        case kinds.SetField(name, sign, value):
            return f"項目 {_field(name)}={_value(value)}" if sign == "=" else f"項目 {_field(name)} {sign}{value}"
        case kinds.Remind(reminder, at):
            return f"リマインド {_name(reminder)} {_moment(at)}"
    return _rest(act)


def _rest(act: kinds.Act) -> str:
    match act:
        case kinds.Hide():
            return "非表示"
        case kinds.Unhide():
            return "表示"
        case kinds.Assign(to):
            return f"担当 {ASSIGNED[to] if isinstance(to, str) else _name(to)}"
        case kinds.Notify(to, text, who):
            return " ".join(filter(None, ["通知", AUDIENCES.get(to), _name(who) if who else "", words.quote(text)]))
        case kinds.Score(sign, points, score):
            return f"{f'スコア:{_field(score)}' if score else 'スコア'} {sign}{points}"
        case kinds.Convert(conversion, amount):
            return f"計測 {_name(conversion)}" + (f" {amount}" if amount else "")
    raise ValueError(act)


def _moment(at: schedules.At | schedules.After | kinds.OwnDate) -> str:
    return f"{{{at.name}}}" if isinstance(at, kinds.OwnDate) else schedules.show(schedules.Schedule(at))


def _field(name: Object) -> str:
    """The name, in quotes where a sign within it would part it."""
    shown = _name(name)
    parted = isinstance(name, Name) and shown == name.text and any(c in normalise.lookup(shown).text for c in PARTING)
    return words.quote(shown) if parted else shown


def _value(value: str) -> str:
    return words.quote(value) if not value or words.needs_quotes(value) or _mistaken(value) else value


def _name(object_: Object) -> str:
    """The name, in quotes where it would be read as a time, as 全部, as a list or as another word of the language."""
    shown = words.show(object_)
    bare = isinstance(object_, Name) and shown == object_.text
    return words.quote(shown) if bare and _mistaken(shown) else shown


def _mistaken(shown: str) -> bool:
    folded = normalise.fold(normalise.lookup(shown).text)
    joins = spellings.ACTS.keys() | spellings.RESERVED
    return folded in joins or spellings.TIMED.match(folded) is not None or _begins_act(folded) or folded[:1] == "{"


def _begins_act(folded: str) -> bool:
    """Whether the name could be taken for the end of a longer act (項目 消す, タグ 付ける)."""
    return any(act.endswith(folded) for act in spellings.ACTS)
