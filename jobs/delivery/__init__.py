"""The outbox to LINE: replies while a token lives, else multicasts and pushes; DELIVERY 13 to 20 live here."""

from jobs.delivery.endpoints import Turns as Turns
from jobs.delivery.rules import Rules as Rules
from jobs.delivery.sender import Delivery as Delivery
from jobs.delivery.sharing import Shared as Shared
from jobs.delivery.tally import LATE as LATE
