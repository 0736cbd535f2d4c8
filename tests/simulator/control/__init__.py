"""The simulator as tests and load tools use it: channels, people, groups, faults and the ledger, all typed."""

from tests.simulator.control.channel import Channel
from tests.simulator.control.desk import Declined
from tests.simulator.control.logins import LiffApp, LoginChannel
from tests.simulator.control.people import Group, User
from tests.simulator.control.process import ROOT, Process
from tests.simulator.control.seen import Delivery, Done, Fetch, Findings, Json, Menu, Seen, Undelivered
from tests.simulator.control.simulator import Simulator
from tests.simulator.control.stops import Stop

__all__ = [
    "ROOT",
    "Channel",
    "Declined",
    "Delivery",
    "Done",
    "Fetch",
    "Findings",
    "Group",
    "Json",
    "LiffApp",
    "LoginChannel",
    "Menu",
    "Process",
    "Seen",
    "Simulator",
    "Stop",
    "Undelivered",
    "User",
]
