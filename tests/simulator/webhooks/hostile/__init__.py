"""Strange webhooks, all of them signed and valid JSON, by the names that tests and the desk call them by."""

from collections.abc import Callable

from tests.simulator.channel import Channel
from tests.simulator.people import Person
from tests.simulator.webhooks.hostile import broken, coming

Made = Callable[[Channel, Person], bytes]


def body(kind: str, channel: Channel, person: Person) -> bytes:
    """The whole request body of one kind, as if it came from this person."""
    return KINDS[kind](channel, person)


KINDS: dict[str, Made] = {
    made.__name__: made
    for made in (
        coming.empty,
        coming.verify_dummies,
        coming.unknown_events,
        coming.unknown_messages,
        coming.unknown_sources,
        coming.unknown_enums,
        coming.unknown_fields,
        coming.standby,
        broken.lone_surrogates,
        broken.control_characters,
        coming.long_words,
        broken.wrong_types,
        broken.mentions_beyond,
        broken.wrong_times,
        broken.wrong_ids,
        coming.duplicates_in_one,
        coming.mixed_batch,
        broken.no_objects,
        broken.no_list,
        broken.not_for_us,
        broken.doubled_keys,
        broken.deeply_nested,
        coming.edited_and_unsent,
    )
}
