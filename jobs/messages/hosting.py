"""What we serve ourselves, named in messages without a host: this install's address is put in as they leave."""

HOST = "https://media.invalid"  # RFC 2606: nobody can own it, and LINE's rules for addresses hold for it
IN_LINE = "https://liff.invalid"  # the same for our pages that LINE opens as an app of its own
CARD = "1024"  # as wide as a template or Flex takes a picture
ICON = "icon"  # square, for who a message says it comes from


def address(public_id: str, variant: str = "") -> str:
    """Of a whole picture, film or sound, or of one of its versions (preview, 1024)."""
    return f"{HOST}/m/{public_id}" + (f"/{variant}" if variant else "")


def download(token: str) -> str:
    """Of a file that is fetched once, outside of LINE, whose own browser keeps no files."""
    return f"{HOST}/d/{token}?openExternalBrowser=1"


def answers(token: str) -> str:
    """Of the answers to a form as a file, or of one that came with them: fetched once, outside of LINE."""
    return f"{HOST}/t/{token}?openExternalBrowser=1"


def preview(token: str) -> str:
    """Of a form's page as staff try it."""
    return f"{HOST}/preview/{token}"


def chart(public_id: str) -> str:
    """Of a picture of numbers, which is drawn when it is asked for."""
    return f"{HOST}/c/{public_id}"


def link(token: str, target: str) -> str:
    """Of a measured link, as one friend has it; what its target says to LINE's browser is said here."""
    outside = "?openExternalBrowser=1" if "openExternalBrowser=1" in target else ""
    return f"{HOST}/l/{token}{outside}"


def form(number: int) -> str:
    """Of a form's page, inside LINE."""
    return f"{IN_LINE}/f/{number}"


def for_card(address: str) -> str:
    """The same picture as small as a card takes it; foreign ones stay as they are."""
    return f"{address}/{CARD}" if address.startswith(f"{HOST}/") else address


def placed(messages: bytes, public_url: str, liff: str) -> bytes:
    """The messages as they leave, every address of ours at the host that serves it now; `liff` is the app's address."""
    for path in ("m", "d", "c", "t", "preview"):
        messages = messages.replace(f'"{HOST}/{path}/'.encode(), f'"{public_url}/{path}/'.encode())
    # a link stands inside of texts, too; what somebody else has written so is not signed and leads nowhere
    messages = messages.replace(f"{HOST}/l/".encode(), f"{public_url}/l/".encode())
    return messages.replace(f"{IN_LINE}/f/".encode(), f"{liff}/f/".encode())
