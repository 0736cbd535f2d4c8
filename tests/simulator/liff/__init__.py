"""LIFF: the server API, liff.line.me (here /liff and /miniapp), a stand-in for the SDK, and what it asks of LINE."""
