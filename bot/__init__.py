"""The roof: the running process and the door to LINE."""
