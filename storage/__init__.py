"""NOUNS: what is known, and the rules that keep it true, in PostgreSQL through Tortoise ORM."""
