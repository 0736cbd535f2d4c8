"""LIFF: the server API, liff.line.me (here /liff and /miniapp), a stand-in for the SDK, and what it asks of LINE.

How a phone opens an app: POST /sim/channels/{channel}/people/{user}/open with {"uri", "in": group id} is answered with
{"liff": null}, or {"liff": {"id", "url", "size", "module_mode", "name"}}. The page loads `url` in a sheet: a frame with
a name of its own, by which the SDK tells two open sheets apart. From there it hears, by postMessage,
    {"simulator": "liff", "do": "closeWindow"}
    {"simulator": "liff", "do": "openWindow", "url": ..., "external": true or false}

What of LINE_PLATFORM 9 is not played: links from one LIFF app to another inside the sheet (only liff.openWindow keeps
the person; the link alone opens the app as in a browser), channel consent simplification, shortcuts on the home screen,
subwindows, response modes other than query, QR and e-mail login, and a language of the screens other than Japanese.
"""
