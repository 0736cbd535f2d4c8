"""A whole send: one to five messages and what stands beside them."""

import re
from typing import Any

from tests.simulator import nesting
from tests.simulator.limits import MESSAGES
from tests.simulator.messages import objects
from tests.simulator.messages.places import Place, Problems

UNIT = re.compile(r"[a-zA-Z0-9_]{1,30}", re.ASCII)
DEEPEST = 200  # levels of JSON in one message; what LINE takes is not told


def problems(body: dict[str, Any], http_origins: tuple[str, ...]) -> Problems | None:
    """What LINE would refuse in this body; None when it is good."""
    found = Problems(http_origins)
    place = Place(found, body, "")
    for index, message in enumerate(place.items("messages", 1, MESSAGES)):
        before = len(found.details)
        if nesting.depth(message.value) > DEEPEST:
            found.add(message.path, "nested too deeply")
        else:
            objects.check(message)
        if found.flex_message is None and any(one["property"].startswith("/") for one in found.details[before:]):
            found.flex_message = index
    place.flag("notificationDisabled")
    check_units(place)
    return found if found.details else None


def check_units(place: Place) -> None:
    units = place.value.get("customAggregationUnits")
    if units is None:
        return
    if not isinstance(units, list) or len(units) > 1:
        place.wrong("customAggregationUnits", "Size must be between 0 and 1")
    elif any(not isinstance(unit, str) or not UNIT.fullmatch(unit) for unit in units):
        place.wrong("customAggregationUnits[0]", "invalid property")
