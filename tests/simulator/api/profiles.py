"""What LINE tells about one person."""

from tests.simulator import ids, people
from tests.simulator.api import answers
from tests.simulator.api.answers import Answer
from tests.simulator.api.calls import Call, Endpoint
from tests.simulator.channel import Channel


def profile(channel: Channel, call: Call) -> Answer:
    """Friends, and others who wrote to us and have not blocked us [section 8]."""
    person = channel.people.get(user_id_in(call))
    if person is None or person.state in (people.BLOCKED, people.DELETED):
        raise answers.not_found()
    if person.state != people.FRIEND and person.wrote_ms is None:
        raise answers.not_found()
    body = {
        "userId": person.id,
        "displayName": person.name,
        "pictureUrl": person.picture_url,
        "statusMessage": person.status_message,
        "language": person.language,
    }
    return answers.ok({key: value for key, value in body.items() if value is not None})


def user_id_in(call: Call) -> str:
    user_id = call.parts["user_id"]
    if not ids.USER_ID.fullmatch(user_id):
        raise answers.bad_parameter("userId")
    return user_id


ENDPOINTS = [Endpoint("profile", "GET", "/v2/bot/profile/{user_id}", profile)]
