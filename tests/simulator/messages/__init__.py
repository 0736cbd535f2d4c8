"""LINE's limits on message objects (LINE_PLATFORM section 4): what breaks one is refused by its path."""
