"""The schema, step by step; made by `tortoise makemigrations`, hand-written where SQL says more."""
