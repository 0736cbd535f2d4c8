"""Customers' door: the pages inside LINE."""
