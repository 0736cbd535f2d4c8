"""QR codes, drawn into a page."""

import io

import segno
from markupsafe import Markup


def svg(address: str) -> Markup:
    """An <svg> of this address: dark on white by day and by night, since cameras want it so."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", scale=4, border=4, dark="#111", light="#fff", xmldecl=False, svgns=False, nl=False,
        omitsize=True, svgclass="qr", lineclass=None,
    )  # fmt: skip
    return Markup(out.getvalue().decode())  # noqa: S704 - squares
