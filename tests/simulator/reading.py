"""How far everybody has read in each talk: what 既読 and the unread counts are made of."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Reading:
    """marks: chat id -> reader (a person's id, or the bot's) -> the newest message id read there."""

    marks: dict[str, dict[str, int]] = field(default_factory=dict)

    def of(self, chat_id: str) -> dict[str, int]:
        return self.marks.get(chat_id, {})

    def reach(self, chat_id: str, reader: str, message_id: int) -> bool:
        """Read up to there; False when that much was read already."""
        readers = self.marks.setdefault(chat_id, {})
        if readers.get(reader, 0) >= message_id:
            return False
        readers[reader] = message_id
        return True
