"""A picture of numbers above a card, where phones can fetch it."""

from admin_commands import cards, desk
from jobs import charts
from jobs.messages import hosting
from storage import charts as kept


async def of(at: desk.Desk, chart: charts.Chart) -> tuple[cards.Message, ...]:
    """To be shown before the card; nothing as long as the server has no address of its own."""
    if not at.config.public:
        return ()
    address = hosting.chart(await kept.keep(charts.to_json(chart), at.now))
    return ({"type": "image", "originalContentUrl": address, "previewImageUrl": address},)
