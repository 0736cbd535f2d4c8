"""LINE's Python SDK, in its waiting and in its asynchronous form."""

import asyncio
import base64
import importlib
import inspect
import re
import typing
from pathlib import Path
from typing import Any

import orjson

from tests.simulator_checks.scenarios.playing import Answer

# The package of the SDK, its class without "Async", and whether LINE's host for files is meant.
APIS = [
    ("messaging", "MessagingApi", False),
    ("messaging", "MessagingApiBlob", True),
    ("insight", "Insight", False),
    ("audience", "ManageAudience", False),
    ("audience", "ManageAudienceBlob", True),
    ("liff", "Liff", False),
    ("oauth", "ChannelAccessToken", False),
    ("module", "LineModule", False),
    ("shop", "Shop", False),
]


class Waiting:
    """linebot.v3.*.MessagingApi and its sisters; each call in a thread, since it waits for its answer."""

    client = "ApiClient"
    prefix = ""

    def __init__(self, api_url: str, data_url: str, folder: Path) -> None:
        """folder: for files that this SDK wants to read itself."""
        self.hosts = (api_url, data_url)
        self.folder = folder

    async def call(self, token: str, operation: str, args: list[Any]) -> Answer:
        return await asyncio.to_thread(self.called, token, operation, args)

    def called(self, token: str, operation: str, args: list[Any]) -> Answer:
        package, kind, host = find(operation, self.prefix, self.hosts)
        configuration = package.Configuration(access_token=token, host=host)
        with getattr(package, self.client)(configuration) as client:
            method = getattr(kind(client), f"{snake(operation)}_with_http_info")
            try:
                return good(method(*self.given(method, args), **extras(args)))
            except package.exceptions.ApiException as refusal:
                return bad(refusal)

    def given(self, method: Any, args: list[Any]) -> list[Any]:
        """JSON as the SDK's models, files as it wants them."""
        wanted = list(inspect.signature(method).parameters.values())
        return [self.converted(value, parameter) for value, parameter in zip(args, wanted, strict=False)]

    def converted(self, value: Any, parameter: inspect.Parameter) -> Any:
        """A file in a form is given by its path, a file that is the whole body by its bytes."""
        if isinstance(value, dict) and "$file" in value:
            content = base64.b64decode(value["$file"])
            return content if parameter.name == "body" else self.laid_down(content)
        model = model_in(parameter.annotation)
        return model.from_dict(value) if isinstance(value, dict) and model is not None else value

    def laid_down(self, content: bytes) -> str:
        path = self.folder / "upload.txt"
        path.write_bytes(content)
        return str(path)


class Asynchronous(Waiting):
    """linebot.v3.*.AsyncMessagingApi and its sisters."""

    client = "AsyncApiClient"
    prefix = "Async"

    async def call(self, token: str, operation: str, args: list[Any]) -> Answer:
        package, kind, host = find(operation, self.prefix, self.hosts)
        configuration = package.Configuration(access_token=token, host=host)
        async with getattr(package, self.client)(configuration) as client:
            method = getattr(kind(client), f"{snake(operation)}_with_http_info")
            try:
                return good(await method(*self.given(method, args), **extras(args)))
            except package.exceptions.ApiException as refusal:
                return bad(refusal)


def find(operation: str, prefix: str, hosts: tuple[str, str]) -> tuple[Any, Any, str]:
    """The package and the class that have the call, and where it goes."""
    for name, kind, files in APIS:
        package = importlib.import_module(f"linebot.v3.{name}")
        found = getattr(package, prefix + kind)
        if hasattr(found, snake(operation)):
            return package, found, hosts[files]
    raise LookupError(f"the Python SDK has no {operation}")


def snake(operation: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", operation).lower()


def model_in(annotation: Any) -> Any:
    if hasattr(annotation, "from_dict"):
        return annotation
    return next((found for one in typing.get_args(annotation) if (found := model_in(one)) is not None), None)


def extras(args: list[Any]) -> dict[str, Any]:
    """The type of a picture, which this SDK leaves to its user."""
    kinds = [one["type"] for one in args if isinstance(one, dict) and "$file" in one]
    return {"_headers": {"Content-Type": kinds[0]}} if kinds and kinds[0].startswith("image/") else {}


def good(answer: Any) -> Answer:
    return Answer(answer.status_code, plain(answer.data), lower(answer.headers))


def plain(data: Any) -> Any:
    if isinstance(data, bytes | bytearray):
        return {"$file": base64.b64encode(data).decode()}
    return orjson.loads(data.json(by_alias=True)) if hasattr(data, "to_dict") else data


def bad(refusal: Any) -> Answer:
    body = refusal.body
    return Answer(refusal.status, orjson.loads(body) if body else None, lower(refusal.headers))


def lower(headers: Any) -> dict[str, str]:
    return {str(name).lower(): str(value) for name, value in headers.items()}
