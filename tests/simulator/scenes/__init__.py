"""Scenes: people and chatter that fill a channel, the same each time, through the deeds of everybody else."""
