"""The command reference, docs/commands.md: printed from the declarations, so that it cannot say anything else."""

from admin_commands import book, command, desk
from admin_commands.grammar import actions, lexicon
from admin_commands.grammar.segments import declaring, kinds
from jobs import triggers
from jobs.actions.kind import Kind

HEAD = """# Commands

What staff can say in the admin group. This page is printed from the declarations in `admin_commands`
(`./ayumi fix` writes it); do not edit it. Names in the examples stand for the shop's own.

A line is `noun verb object …`, with a space (half or full width) between the words; a leading `/` is always answered.
Several lines are carried out together or not at all. `■` begins a block.

What can be made question by question is begun by a command with nothing behind it (`シナリオ 作成`). The answers are
kept as a block for thirty days, whatever else is said or restarted meanwhile: `続ける` goes on, `戻る` goes back,
`とばす` (or `次へ`, `なし`) skips, `ブロックで続ける` prints the block so far, `やめる` lays it aside.

Roles, each with what the ones before it may do: {roles}.
Risk: {risks}.
"""

ACTIONS = """What follows `＋実行`, the arrow of a button, or a greeting: actions parted by `→` or `;`, done from top
to bottom. In front of one may stand `もし <condition> なら`, which is judged when it is its turn; behind it a time
(`15分後`, `1日後 12:00`, `次の 18:46`, `15〜20分後`) and `一度だけ`, by which each friend gets it once for ever."""


def text() -> str:
    """The whole page, in Markdown."""
    roles = ", ".join(f"{word} (`{role}`)" for role, word in desk.ROLES.items())
    risks = ", ".join(f"L{level} {told}" for level, told in command.LEVELS.items())
    parts = [HEAD.format(roles=roles, risks=risks)]
    parts += [_noun(noun) for noun in book.NOUNS]
    parts += [_triggers(), _actions(), _conditions()]
    return "\n".join(parts)


def _noun(noun: command.Noun) -> str:
    spelled = lexicon.NOUN[noun.key]
    aliases = "・".join(spelled.words[1:])
    letter = f" `#{spelled.letter}1`" if spelled.letter else ""
    lines = [f"## {noun.word}{letter}", "", f"{noun.about}" + (f" ({aliases})" if aliases else ""), ""]
    lines += ["| Command | What it does | Role | Risk |", "|---|---|---|---|"]
    lines += [_row(one) for one in noun.commands]
    lines += ["", "Examples:", "", "```"]
    lines += [command.filled(example, {}) for one in noun.commands for example in one.examples]
    lines.append("```")
    if noun.wizard is not None:
        begins = "・".join(f"`{one}`" for one in noun.wizard.begins)
        lines += ["", f"Question by question (from {desk.ROLES[noun.wizard.role]}): {begins}"]
    if noun.block is not None:
        block = noun.block
        lines += ["", f"Block (from {desk.ROLES[block.role]}, {_risk(block.risk, block.most)}): {block.does}", ""]
        lines += ["```", block.example, "```"]
        if block.lines:
            lines += ["", "| Line | What it does |", "|---|---|"]
            lines += [f"| `{line.replace('|', chr(92) + '|')}` | {does} |" for line, does in block.lines]
    return "\n".join([*lines, ""])


def _row(one: command.Command) -> str:
    usage = one.usage.replace("|", "\\|")
    return f"| `{usage}` | {one.does} | {desk.ROLES[one.role]} | {_risk(one.risk, one.most)} |"


def _risk(risk: desk.Level, most: desk.Level | None) -> str:
    return f"L{risk}" if most is None else f"L{risk}–L{most}"


TRIGGERS = """What can happen to a friend, and what follows from it. What is said at once, because of something a friend
has just done, goes into the one free reply."""


def _triggers() -> str:
    lines = ["## きっかけ", "", TRIGGERS, "", "| What happens | What follows | Example |", "|---|---|---|"]
    lines += [_trigger(one) for one in triggers.RULES.values()]
    return "\n".join([*lines, ""])


def _trigger(one: triggers.Trigger) -> str:
    example = "<br>".join(f"`{line}`" for line in one.example.split("\n"))
    return f"| {one.word} | {one.does} | {example} |"


def _actions() -> str:
    """Everything that ＋実行, buttons and greetings can do."""
    later = [kind for kind in actions.WRITTEN if kind.effect is None]
    lines = ["## 動作", "", ACTIONS, "", "| Action | What it does | Other spellings |", "|---|---|---|"]
    lines += [_action(kind) for kind in actions.WRITTEN if kind.effect is not None]
    lines += ["", "Read and refused by name until their nouns exist:", ""]
    return "\n".join(
        [*lines, "| Action | What it will do | Other spellings |", "|---|---|---|", *map(_action, later), ""]
    )


def _action(kind: Kind) -> str:
    examples = "<br>".join(f"`{example}`" for example in kind.examples)
    return f"| {examples} | {kind.tells} | {'・'.join(kind.spellings)} |"


CONDITIONS = """## 条件

Conditions on friends, wherever a command or a block takes 対象, もし or 範囲. They are joined by かつ, または, でない
and brackets; a new line is one more かつ. The blocked, the hidden and those who have opted out (配信停止) are left
out unless the condition names them.
"""


def _conditions() -> str:
    later = [kind for kind in kinds.KINDS if kind.later]
    lines = [CONDITIONS, "| Condition | Whom it finds |", "|---|---|"]
    lines += [_condition(kind) for kind in kinds.KINDS if not kind.later]
    lines += ["", "Read and refused by name until their nouns exist:", ""]
    return "\n".join([*lines, "| Condition | Whom it will find |", "|---|---|", *map(_condition, later), ""])


def _condition(kind: declaring.Kind) -> str:
    return f"| `{kind.example}` | {kind.does} |"
