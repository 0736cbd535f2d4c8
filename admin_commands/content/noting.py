"""What an action makes of a field or a shared value, in the one spelling of its kind."""

from typing import Any

from admin_commands.content.linking import Links
from admin_commands.grammar import values

Stored = dict[str, Any]


def change(action: Stored, links: Links) -> Stored:
    """What is done to a field or shared value, as staff have written it. Raises values.Wrong."""
    wish: Stored = action["change"]
    if action["do"] == "shared":
        wanted = values.Wanted(links.shared.get(action["shared"], "text"))
        noted = None
    else:
        noted = links.noted.get(action["field"])
        if noted is None:  # it is still to be made
            return wish
        wanted = values.Wanted(noted.kind, noted.choices, noted.yearly)
    if wish["sign"] != "=":
        if wanted.kind != "number":
            raise values.Wrong("は足せません。数値の項目だけが数えられます")
        return wish
    if wanted.kind == "image":
        raise values.Wrong("は動作では入れられません。画像は友だちごとに書いてください")
    if noted is not None and values.clears(wish["value"], wanted):
        raise values.Wrong(f"は入れられません。空にする時は「項目消す {noted.name}」と書いてください")
    return {"sign": "=", "value": values.lasting(wish["value"], wanted, links.now, links.zone)}
