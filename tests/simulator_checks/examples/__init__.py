"""Bots as anybody would write them with LINE's SDKs, pointed at the simulator by its address alone."""
