"""Audiences: groups of people by uploaded ids, by clicks or by impressions, made ready in the course of time."""

from dataclasses import dataclass, field

from tests.simulator import japan

UPLOAD, CLICK, IMP = "UPLOAD", "CLICK", "IMP"
IN_PROGRESS, READY, FAILED, EXPIRED = "IN_PROGRESS", "READY", "FAILED", "EXPIRED"
KEPT_MS = 180 * japan.DAY_MS
MOST = 1_000
LEAST_OF_REACTIONS = 50
SHOWN_FROM = 20
INSUFFICIENT, INTERNAL = "AUDIENCE_GROUP_AUDIENCE_INSUFFICIENT", "INTERNAL_ERROR"


@dataclass(slots=True)
class Job:
    """ids are added at done_ms, unless it fails then."""

    id: int
    description: str
    created_ms: int
    done_ms: int
    ids: list[str]
    fails: bool = False

    def status(self, now_ms: int) -> str:
        if now_ms >= self.done_ms:
            return "FAILED" if self.fails else "FINISHED"
        return "WORKING" if 2 * now_ms >= self.created_ms + self.done_ms else "QUEUED"


@dataclass(slots=True)
class Audience:
    """request_id and click_url say where the people of a CLICK or IMP audience come from. ifa: ids of advertisers."""

    id: int
    kind: str
    name: str
    created_ms: int
    jobs: list[Job] = field(default_factory=list)
    request_id: str | None = None
    click_url: str | None = None
    ifa: bool = False

    def members(self, now_ms: int) -> set[str]:
        return {one for job in self.jobs if job.status(now_ms) == "FINISHED" for one in job.ids}

    def status(self, now_ms: int) -> str:
        """An upload without anybody in it stays in progress."""
        if now_ms >= self.created_ms + KEPT_MS:
            return EXPIRED
        if self.jobs and self.jobs[0].status(now_ms) == "FAILED":
            return FAILED
        members = self.members(now_ms)
        if self.kind == UPLOAD:
            return READY if members else IN_PROGRESS
        if now_ms < self.jobs[0].done_ms:
            return IN_PROGRESS
        return READY if len(members) >= LEAST_OF_REACTIONS else FAILED

    def failed_type(self, now_ms: int) -> str | None:
        if self.status(now_ms) != FAILED:
            return None
        return INTERNAL if self.jobs[0].fails else INSUFFICIENT

    def shown_count(self, now_ms: int) -> int:
        """Fewer than twenty are told of uploads only."""
        count = len(self.members(now_ms))
        return count if self.kind == UPLOAD or count >= SHOWN_FROM else 0

    def working(self, now_ms: int) -> int:
        """Jobs under way."""
        return sum(now_ms < job.done_ms for job in self.jobs)


@dataclass(slots=True)
class Audiences:
    """by_id, oldest first."""

    by_id: dict[int, Audience] = field(default_factory=dict)
    next_id: int = 4_389_303_728_991
    next_job: int = 12_345_678

    def add(self, kind: str, name: str, now_ms: int) -> Audience:
        made = self.by_id[self.next_id] = Audience(self.next_id, kind, name, now_ms)
        self.next_id += 1
        return made

    def add_job(self, audience: Audience, description: str, ids: list[str], now_ms: int, takes_ms: int) -> Job:
        job = Job(self.next_job, description, now_ms, now_ms + takes_ms, ids)
        self.next_job += 1
        audience.jobs.append(job)
        return job

    def named(self, name: str) -> Audience | None:
        """Upper and lower case are the same."""
        wanted = name.casefold()
        return next((one for one in self.by_id.values() if one.name.casefold() == wanted), None)
