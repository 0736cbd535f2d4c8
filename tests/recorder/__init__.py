"""A tape of what LINE and a bot really say to each other, without secrets, to hold against the simulator.

    python -m tests.recorder record --bot http://127.0.0.1:8000 --out live.jsonl
        stands between both: webhooks arrive here and are passed on to the bot; the bot calls LINE through here with
        LINE_API_URL=http://127.0.0.1:8090/api and LINE_DATA_API_URL=http://127.0.0.1:8090/data
    python -m tests.recorder compare live.jsonl [reference.jsonl]
        says what in the tape LINE's own description does not allow, and in what it differs from what the simulator
        did on the same walk (reference.jsonl, made by tests/recorder_checks)

Bytes pass through untouched; what is written down is masked first (masks.py). docs/live-checklist.md tells the walk.
"""
