"""What people have before their eyes in their 1:1 talk with the bot."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Screens:
    """A talk is open until its owner closes it.

    closed: users whose talk is closed. finished: user -> films watched to the end since the talk was opened.
    loading: user -> until when (ms) the loading animation is shown, if the bot says nothing before.
    tapped: user -> the message whose quick replies are gone, because one of them was tapped.
    """

    closed: dict[str, bool] = field(default_factory=dict)
    finished: dict[str, list[str]] = field(default_factory=dict)
    loading: dict[str, int] = field(default_factory=dict)
    tapped: dict[str, str] = field(default_factory=dict)
