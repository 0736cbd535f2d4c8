"""Calls that any SDK can make and what LINE answers: one list, played to every official SDK alike."""

from tests.simulator_checks.scenarios import (
    audiences,
    corporate,
    coupons,
    groups,
    reading,
    rich_menus,
    sending,
    settings,
    statistics,
)
from tests.simulator_checks.scenarios.steps import Scenario

ALL: list[Scenario] = [
    *sending.SCENARIOS,
    *reading.SCENARIOS,
    *groups.SCENARIOS,
    *rich_menus.SCENARIOS,
    *statistics.SCENARIOS,
    *audiences.SCENARIOS,
    *settings.SCENARIOS,
    *corporate.SCENARIOS,
    *coupons.SCENARIOS,
]

# Calls that no scenario makes, and why.
NOT_CALLED = {
    "attachModule": "it belongs to a fourth host, manager.line.biz, where only companies under contract call",
    "issueAccessToken": "no SDK has LINE Login",
    "verifyAccessToken": "the same",
    "verifyIdToken": "the same",
    "revokeAccessToken": "the same",
    "getUserInformation": "the same",
    "getUserInformationByPost": "the same",
    "getKeys": "the same",
    "getLoginProfile": "the same",
    "getFriendship": "the same",
    "deauthorize": "the same",
    "getOpenIdConfiguration": "the same",
}
