"""What a small salon's bot might send, to be looked at: every kind of bubble."""
