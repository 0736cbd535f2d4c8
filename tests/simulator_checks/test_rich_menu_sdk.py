"""LINE's own Python SDK makes, shows, names and exchanges rich menus; and a restart forgets none of it."""

from pathlib import Path
from typing import Any

import aiohttp
import pytest
from linebot.v3 import insight, messaging, webhook, webhooks  # type: ignore[import-untyped]
from linebot.v3.messaging.exceptions import ApiException  # type: ignore[import-untyped]

from tests.simulator import control
from tests.simulator.control import Channel, User
from tests.simulator_checks import menus
from tests.simulator_checks.bots import Bot, Line
from tests.simulator_checks.contract import process as watched


def request(name: str, *actions: Any) -> messaging.RichMenuRequest:
    height = 540 // len(actions)
    areas = [
        messaging.RichMenuArea(
            bounds=messaging.RichMenuBounds(x=0, y=index * height, width=800, height=height), action=action
        )
        for index, action in enumerate(actions)
    ]
    size = messaging.RichMenuSize(width=800, height=540)
    return messaging.RichMenuRequest(size=size, selected=True, name=name, chat_bar_text="メニュー", areas=areas)


async def test_it_goes_the_whole_way_with_the_official_sdk(
    channel: Channel, bot: Bot, tanaka: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    here = messaging.Configuration(access_token=channel.token, host=channel.api_url)
    there = messaging.Configuration(access_token=channel.token, host=channel.data_url)
    async with messaging.AsyncApiClient(here) as client, messaging.AsyncApiClient(there) as blob_client:
        api, blobs = messaging.AsyncMessagingApi(client), messaging.AsyncMessagingApiBlob(blob_client)
        made = []
        for name, alias in [("a", "tab-b"), ("b", "tab-a")]:
            to = messaging.RichMenuSwitchAction(label="切替", rich_menu_alias_id=alias, data=alias)
            wanted = request(name, to, messaging.PostbackAction(label="予約", data="b=1"))
            await api.validate_rich_menu_object(wanted)
            menu_id = (await api.create_rich_menu(wanted)).rich_menu_id
            headers = {"Content-Type": "image/png"}
            await blobs.set_rich_menu_image(menu_id, body=menus.PNG, _headers=headers)
            assert await blobs.get_rich_menu_image(menu_id) == menus.PNG
            await api.create_rich_menu_alias(
                messaging.CreateRichMenuAliasRequest(rich_menu_alias_id=f"tab-{name}", rich_menu_id=menu_id)
            )
            made.append(menu_id)
        one, two = made
        listed = (await api.get_rich_menu_list()).richmenus
        assert [menu.rich_menu_id for menu in listed] == made
        assert listed[0].areas[0].action.rich_menu_alias_id == "tab-b"
        assert (await api.get_rich_menu(two)).name == "b"

        await api.set_default_rich_menu(one)
        assert (await api.get_default_rich_menu_id()).rich_menu_id == one
        await tanaka.taps("切替")
        last = bot.webhooks[-1]
        [event] = webhook.WebhookParser(channel.secret).parse(last.raw.decode(), last.headers["x-line-signature"])
        assert isinstance(event, webhooks.PostbackEvent)
        assert event.postback.params == {"newRichMenuAliasId": "tab-b", "status": "SUCCESS"}
        assert (await api.get_rich_menu_id_of_user(tanaka.id)).rich_menu_id == two

        assert (await api.get_rich_menu_alias("tab-a")).rich_menu_id == one
        await api.update_rich_menu_alias("tab-a", messaging.UpdateRichMenuAliasRequest(rich_menu_id=two))
        aliases = (await api.get_rich_menu_alias_list()).aliases
        assert [(alias.rich_menu_alias_id, alias.rich_menu_id) for alias in aliases] == [("tab-a", two), ("tab-b", two)]
        await api.delete_rich_menu_alias("tab-a")

        operation = messaging.RichMenuBatchLinkOperation.from_dict({"type": "link", "from": two, "to": one})
        batch = messaging.RichMenuBatchRequest(operations=[operation], resume_request_key="key-1")
        await api.validate_rich_menu_batch_request(batch)
        accepted = await api.rich_menu_batch_with_http_info(batch)
        assert accepted.headers is not None
        request_id = accepted.headers["x-line-request-id"]
        assert (await api.get_rich_menu_batch_progress(request_id)).phase == "ongoing"
        await channel.advance(minutes=1)
        assert (await api.get_rich_menu_batch_progress(request_id)).phase == "succeeded"
        assert (await api.get_rich_menu_id_of_user(tanaka.id)).rich_menu_id == one

        await api.unlink_rich_menu_id_from_user(tanaka.id)
        await api.link_rich_menu_id_to_user(tanaka.id, two)
        await api.unlink_rich_menu_id_from_users(messaging.RichMenuBulkUnlinkRequest(user_ids=[tanaka.id]))
        await channel.advance(seconds=1)
        with pytest.raises(ApiException) as caught:
            await api.get_rich_menu_id_of_user(tanaka.id)
        assert caught.value.status == 404
        bulk = messaging.RichMenuBulkLinkRequest(rich_menu_id=one, user_ids=[tanaka.id])
        await api.link_rich_menu_id_to_users(bulk)
        await api.cancel_default_rich_menu()
        await api.delete_rich_menu(two)
        async with insight.AsyncApiClient(
            insight.Configuration(access_token=channel.token, host=channel.api_url)
        ) as counter:
            today = (await channel.now()).strftime("%Y%m%d")
            told = await insight.AsyncInsight(counter).get_rich_menu_insight_summary(one, today, today)
            assert (told.rich_menu_id, told.clicks) == (one, None)


async def test_it_keeps_menus_over_a_restart(tmp_path: Path) -> None:
    """pictures, aliases, links, the default, screens, what is still to be done, and counts"""
    state = ("--state", str(tmp_path / "state.json"))
    process = watched.start(*state)
    async with control.Simulator(process.base_url) as simulator, aiohttp.ClientSession() as session:
        channel = await simulator.new_channel(channel_id="kept")
        line, tanaka = Line(session, channel), await channel.user("田中 花子")
        await tanaka.follow()
        one = await menus.made(line, menus.switch("Bへ", "tab-b"))
        two = await menus.made(line, menus.postback("予約", "b=1"))
        await menus.named(line, "tab-b", two)
        await menus.set_default(line, one)
        await tanaka.taps("Bへ")
        await tanaka.taps("予約")
        await channel.change(menu_bulk_ms=3_600_000, manager_menu=menus.menu())
        await line.post("/v2/bot/richmenu/bulk/link", {"richMenuId": one, "userIds": [tanaka.id]})
        accepted = await line.post("/v2/bot/richmenu/batch", {"operations": [{"type": "unlink", "from": one}]})
        await menus.delete(line, two)
        before = await tanaka.menu()
        assert before is not None
        assert (before.id, before.deleted) == (two, True)
    assert process.stop() == 0

    process = watched.start(*state)
    async with control.Simulator(process.base_url) as simulator, aiohttp.ClientSession() as session:
        channel = await simulator.channel("kept")
        line, tanaka = Line(session, channel), await channel.user("田中 花子")
        assert await tanaka.menu() == before
        assert (await line.get(f"/data/v2/bot/richmenu/{one}/content")).raw == menus.PNG
        assert (await line.get("/v2/bot/user/all/richmenu")).body == {"richMenuId": one}
        assert (await line.get("/v2/bot/richmenu/alias/tab-b")).body["richMenuId"] == two
        request_id = accepted.headers["x-line-request-id"]
        path = f"/v2/bot/richmenu/progress/batch?requestId={request_id}"
        assert (await line.get(path)).body["phase"] == "ongoing"
        assert (await channel.overview())["settings"]["manager_menu"] == menus.menu()
        await channel.advance(hours=1)
        assert (await line.get(path)).body["phase"] == "succeeded"
        assert await menus.linked(line, tanaka.id) == one
    assert process.stop() == 0
