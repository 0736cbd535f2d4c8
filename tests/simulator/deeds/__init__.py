"""What people do with their phones; each deed changes the channel and tells the bot by webhook."""
