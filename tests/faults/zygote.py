"""Imported by the process our own are forked from: all that they import, so that it is there when they begin."""

import gc
import importlib
import pkgutil

from tortoise.backends import asyncpg

from bot import __main__, server, work
from storage import migrations

for found in pkgutil.iter_modules(migrations.__path__):
    importlib.import_module(f"{migrations.__name__}.{found.name}")

gc.collect()
gc.freeze()  # no child looks for garbage among these, and what nobody touches stays shared

__all__ = ["__main__", "asyncpg", "server", "work"]
