"""フォーム 送る: the draft of a broadcast with a button that opens the form; it is sent as every other."""

from admin_commands import cards, desk, drafted, objects
from admin_commands.forms import looks
from admin_commands.forms.looks import FORMS
from admin_commands.grammar import definitions, print_block, segments, words
from admin_commands.grammar.commands import Command as Said
from storage import named, names

MOST_SAME = 20  # drafts of one form that get a name by themselves


async def send(at: desk.Desk, said: Said) -> cards.Say:
    """Nothing leaves by this: what the draft costs, and whom it reaches, is told and confirmed there."""
    thing = await objects.thing(at, "forms", said)
    one = await FORMS.rows.get(thing.id)
    live = await FORMS.version(one, one.live)
    if live is None or one.state != "live":
        verb = "公開" if live is None or one.draft is not None else "再開"
        raise desk.Declined(
            f"フォーム「{one.name}」は{drafted.STATES[one.state]}のため、送れません。先に{verb}してください。",
            cards.Tap(verb, f"フォーム {verb} #Q{one.id}"),
        )
    if not at.config.liff:
        raise desk.Declined(looks.NO_LIFF)
    form = live.content["form"]
    target = said.target or segments.read(words.line_of("全員"))[0]
    text = "\n".join(filter(None, (form["title"], form["description"])))
    button = definitions.Button("答える", definitions.OpenForm(words.Name(one.name)))
    body = definitions.TemplatePart("body", "", (definitions.Text(text), button))
    at.then = print_block(definitions.Broadcast(await _name(one.name), (body,), target))
    return cards.Say("配信の下書きを作ります（まだ送りません）。文を直して、下の確認から送ってください。")


async def _name(form: str) -> str:
    """What no living broadcast is called yet."""
    end = "のご案内"
    first = f"{form[: named.LONGEST - len(end) - 3]}{end}"
    wanted = [first, *(f"{first} {place}" for place in range(2, MOST_SAME + 1))]
    taken = await named.by_names("broadcasts", wanted)
    free = [one for one in wanted if names.name_key(one) not in taken]
    if not free:
        raise desk.Declined(f"「{first}」という配信がたくさんあります。使わないものを削除してください。")
    return free[0]
