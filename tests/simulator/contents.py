"""The bytes of what people sent: prepared for a while, kept for a while, gone when taken back."""

from dataclasses import dataclass

PREPARED = frozenset({"video", "audio"})
WITH_PREVIEW = frozenset({"image", "video"})


@dataclass(slots=True)
class Content:
    """kind: image, video, audio or file. ready_ms: when LINE has prepared it, or has failed to (fails)."""

    content_type: str
    data: bytes
    kind: str = "file"
    sent_ms: int = 0
    ready_ms: int = 0
    fails: bool = False
    unsent: bool = False

    def state(self, now_ms: int) -> str:
        """processing, succeeded or failed."""
        if now_ms < self.ready_ms:
            return "processing"
        return "failed" if self.fails else "succeeded"
