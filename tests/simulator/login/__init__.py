"""LINE Login: the screens of access.line.me (here below /access) and what api.line.me knows of logins.

The issuer of ID tokens is the simulator's own address (LINE_LOGIN_URL) unless a test sets another; LINE's own name in
it is for attacks only. Each Login channel signs with keys of its own, all published together in one JWKS. Where LINE's
documents are silent (the wording of most refusals, 401 and 403 of what is asked with a token, how long a screen waits,
whether the add-friend screen comes again) the choice is marked [?] at its place.
"""
