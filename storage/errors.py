"""The one error that is an answer: something a person asked for cannot be done, and why."""


class Refused(Exception):
    """A request is turned down; `message` is a polite sentence for whoever asked, and nothing has changed."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
