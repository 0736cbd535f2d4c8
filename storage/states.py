"""What our tables looked like before each step of the migrations, worked out only for the steps that ask."""

from functools import cached_property

from tortoise.connection import ConnectionHandler
from tortoise.migrations.executor import MigrationExecutor
from tortoise.migrations.graph import MigrationKey
from tortoise.migrations.schema_generator.state import ModelState, State
from tortoise.migrations.schema_generator.state_apps import StateApps


class Executor(MigrationExecutor):
    """Tortoise draws every model anew before each of a hundred steps, ready for queries: six seconds of a first start.
    Few steps look back, and none asks a model for rows."""

    async def _project_state(self, applied: set[MigrationKey], *, upto: MigrationKey | None = None) -> State:
        state = _State()
        for key in self._full_plan():
            if key == upto:
                break
            migration = self.loader.graph.nodes[key]
            if migration is None:
                raise ValueError(f"Missing migration for {key}")
            if key in applied:
                await migration.apply(state, dry_run=True)
        return state


class _State(State):
    def __init__(self) -> None:
        super().__init__({}, StateApps(connections=ConnectionHandler()))

    def clone(self) -> State:
        return _Before({key: model.clone() for key, model in self.models.items()})


class _Before(State):
    def __init__(self, models: dict[tuple[str, str], ModelState]) -> None:
        self.models = models

    @cached_property
    def apps(self) -> StateApps:  # type: ignore[override]
        return StateApps(connections=ConnectionHandler()).clone(self.models)
