"""The phones page: its door in plain HTTP, its words, and its life in a real browser."""
