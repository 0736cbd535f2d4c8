"""From a deed to the bot: events in LINE's shapes, signed, posted, their answers noted."""
