"""Who a version that starts by itself leaves out, told before it goes live."""

from admin_commands import desk
from storage import scenarios as kept
from storage import segments


async def worn(at: desk.Desk, version: kept.KeptVersion) -> list[str]:
    """How many wear a tag already that shall start it from now on."""
    tags = [one["tag"] for one in version.definition["start"] if one["on"] == "tag"]
    new = [one for one in tags if version.scenario not in at.config.started_by_tag.get(one, ())]
    if not new:
        return []
    [count] = await segments.counts([{"any": [{"tag": one} for one in new]}], at.sight, ())
    if not count:
        return []
    return [
        f"「開始:」のタグがすでに付いている{count:,}人には始まりません。公開の後、「シナリオ 付ける」で入れられます。"
    ]
