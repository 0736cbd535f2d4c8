"""Bodies that are forms with a file in them."""

from email import message_from_bytes, policy

from tests.simulator.api import answers
from tests.simulator.api.calls import Call


def with_file(call: Call, name: str) -> tuple[dict[str, str], list[str]]:
    """The form's fields, and the lines of its one text file that are not empty."""
    if not call.content_type.lower().startswith("multipart/form-data"):
        raise answers.refuse(415, f"The content type, {call.content_type}, is not supported")
    head = f"Content-Type: {call.content_type}\r\n\r\n".encode("latin-1", "replace")
    whole = message_from_bytes(head + call.raw, policy=policy.HTTP)
    fields: dict[str, str] = {}
    files: list[list[str]] = []
    for part in whole.iter_parts():
        content = part.get_payload(decode=True)
        text = content.decode("utf-8", "replace") if isinstance(content, bytes) else ""
        field = str(part.get_param("name", header="content-disposition"))
        if field != name:
            fields[field] = text
        elif part.get_content_type() == "text/plain":
            files.append([line.strip() for line in text.splitlines() if line.strip()])
    if len(files) != 1:
        raise answers.in_body([{"message": "must be one file of text/plain", "property": name}])
    return fields, files[0]
