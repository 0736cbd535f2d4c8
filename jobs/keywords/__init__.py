"""Keywords: rules of auto-replies ready to be matched in memory, hundreds of them against one text in one pass."""
