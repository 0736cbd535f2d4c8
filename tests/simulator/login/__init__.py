"""LINE Login: the screens of access.line.me (here below /access) and what api.line.me knows of logins."""
