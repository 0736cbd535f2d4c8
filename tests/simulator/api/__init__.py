"""LINE's Messaging API as the bot sees it: the door every call passes, and the endpoints behind it."""
