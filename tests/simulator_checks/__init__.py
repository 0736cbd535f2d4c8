"""Does the simulator keep LINE's contract? Numbers and tags are those of LINE_PLATFORM.md."""
