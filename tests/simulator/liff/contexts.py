"""What liff.getContext() tells, and what the stand-in of the SDK has to know of an app."""

import base64
import hashlib
from typing import Any

from tests.simulator.login.here import Here
from tests.simulator.providers.apps import LiffApp

Json = dict[str, Any]

COLOURS = {
    "adaptableColorSchemes": ["light"],
    **{
        f"{mode}ModeColor": {
            "iconColor": ink,
            "statusBarColor": bar,
            "titleTextColor": ink,
            "titleSubtextColor": faint,
            "titleButtonColor": ink,
            "titleBackgroundColor": ground,
            "progressBarColor": "#06C755",
            "progressBackgroundColor": ground,
        }
        for mode, ink, bar, faint, ground in (
            ("light", "#111111", "black", "#B7B7B7", "#FFFFFF"),
            ("dark", "#FFFFFF", "white", "#949494", "#111111"),
        )
    },
}


def context(here: Here, app: LiffApp, user_id: str | None, kind: str, access_token: str | None) -> Json:
    """kind: utou, group, room, none or external [LR#get-context]."""
    whole: Json = {
        "type": kind,
        "userId": None if user_id is None else here.login.subject(user_id),
        "liffId": app.id,
        "viewType": None if kind == "external" else app.size,
        "endpointUrl": app.url,
        "accessTokenHash": None if access_token is None else half_hash(access_token),
        "availability": availability(app, in_client=kind != "external"),
        "scope": sorted(app.scopes),
        "menuColorSetting": COLOURS,
        "miniDomainAllowed": app.mini,
        "permanentLinkPattern": "concat",
    }
    return {name: value for name, value in whole.items() if value is not None}


def availability(app: LiffApp, *, in_client: bool) -> Json:
    scan = app.scans is not None and app.qr_code and (app.size == "full" or not in_client)
    return {
        "shareTargetPicker": {"permission": app.share, "minVer": "10.3.0"},
        "multipleLiffTransition": {"permission": in_client, "minVer": "10.18.0"},
        "subwindowOpen": {"permission": True, "minVer": "11.7.0"},
        "scanCode": {"permission": False, "minVer": "9.4.0", "unsupportedFromVer": "9.19.0"},
        "scanCodeV2": {"permission": scan, "minVer": "11.7.0", "minOsVer": "14.3.0"},
        "getAdvertisingId": {"permission": False, "minVer": "7.14.0"},
        "addToHomeScreen": {"permission": False, "minVer": "9.16.0"},
        "bluetoothLeFunction": {"permission": False, "minVer": "9.14.0", "unsupportedFromVer": "9.19.0"},
        "skipChannelVerificationScreen": {"permission": False, "minVer": "11.14.0"},
        "addToHomeV2": {"permission": False, "minVer": "13.20.0"},
        "addToHomeHideDomain": {"permission": False, "minVer": "13.20.0"},
        "addToHomeLineScheme": {"permission": False, "minVer": "13.20.0"},
    }


def half_hash(access_token: str) -> str:
    """The first half of the SHA-256, in base64url."""
    digest = hashlib.sha256(access_token.encode()).digest()
    return base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()
