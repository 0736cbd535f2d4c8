"""The outbox to LINE: replies while a token lives, else multicasts and pushes; DELIVERY 13 to 20 live here."""

from jobs.delivery.rules import Rules as Rules
from jobs.delivery.sender import Delivery as Delivery
