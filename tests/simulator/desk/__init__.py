"""The control desk under /sim: everything tests and pages ask of the simulator, in JSON."""
