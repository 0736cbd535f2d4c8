"""LINE, played by another process over HTTP: its Messaging API, its webhooks, its people and their phones.

Start it
    python -m tests.simulator [--host 127.0.0.1] [--port 0] [--state FILE]
        prints `simulator ready http://127.0.0.1:PORT` when it listens; ends on SIGTERM and SIGINT.
    python -m tests.simulator --sandbox --secret S --token T --webhook http://127.0.0.1:8000/line/webhook
        opens the channel "sandbox" with its cast: customers 田中 花子 and 鈴木 一郎 (no friends yet), staff 山田 太郎
        and 佐藤 美咲 in 管理グループ (the bot not yet invited). Ids follow from names and never change.
    --data-port 0: LINE's host for files on a port of its own, too, for clients that know hosts and no paths (the Node
        SDK); simulator.data_host() tells its address.
    python -m tests.simulator_checks.contract: the same under watch; every call it accepts, every answer and webhook it
        gives is held against LINE's OpenAPI files (tests/simulator_checks/openapi), and simulator.findings() tells what
        does not fit. What is accepted beyond the files, or answered beside them, is named in contract/overlay.py. The
        fixtures of all tests start it so and ask after each test.

Point a bot at it
    LINE_API_URL=http://127.0.0.1:PORT   LINE_DATA_API_URL=http://127.0.0.1:PORT/data
    LINE_LOGIN_URL=http://127.0.0.1:PORT/access   LIFF_URL=http://127.0.0.1:PORT/liff (MINI Apps: /miniapp)
    LIFF_SDK_URL=http://127.0.0.1:PORT/cdn/liff/edge/2/sdk.js
    Account links: LINE_LOGIN_URL/dialog/bot/accountLink?linkToken=...&nonce=...; on phones LINE's own address, too.
    LINE_LOGIN_CHANNEL_ID, LINE_LOGIN_CHANNEL_SECRET and LIFF_ID are a Login channel's (below).
    A channel is found by its Bearer token; any number of channels live in one process, apart from each other.
    Tokens of logins name LINE_LOGIN_URL as their issuer, so that they never pass for LINE's; a test may set another.

In tests (tests/simulator/control; a session fixture starts the process, each test opens a fresh channel)
    process = control.Process.start()                       # and process.stop() at the end
    async with control.Simulator(process.base_url) as simulator:
        channel = await simulator.new_channel(webhook="http://127.0.0.1:8000/line/webhook")
        channel.api_url, channel.data_url, channel.secret, channel.token, channel.bot_user_id
        tanaka = await channel.user("田中 花子")
        done = await tanaka.follow()                        # done.event, done.outcome ("ok"), done.status (200)
        await tanaka.says("こんにちは")                     # says/sends/presses(..., in_group=group), block, unblock
        bubble = await tanaka.sees("ようこそ")              # waits for it; .message .how .at_ms .id .retry_key
        await tanaka.presses("はい")                        # a button or quick reply by its label
        menu = await tanaka.menu()                          # the rich menu on the screen: .id .open .source .areas
        await tanaka.taps("予約"); await tanaka.taps(0)     # an area, by label or index; taps_bar(), reopens_talk()
        group = await channel.group("管理グループ", [yamada, sato])
        await group.invite_bot(); await yamada.says("ヘルプ", in_group=group); await group.texts()
        await channel.advance(days=3)                       # drive_bot=True: the bot's clock too, step by due step
        await channel.deliveries(); await channel.undelivered(); await channel.calls("push"); await channel.used()
        ids = await channel.crowd(500, webhooks=True)       # 500 friends at once; all_do(ids, "block")
        room = await channel.room("三人", [yamada, sato])   # the bot hears of it with the first event in it
        await tanaka.reads_all(); await tanaka.displays_again(id); await tanaka.follows_link(id, url)
        await tanaka.plays(id, percent=100)                 # what insight counts, a day later and from twenty people on
        await tanaka.change(gender="female", age=34, area="jp_13", app="ios"); await tanaka.deletes_account()
        await yamada.edits(id, "新しい文", in_group=group); await group.joins(a, b); await group.invite_other_bot()
        await tanaka.links_account(link_token, nonce); await tanaka.membership("joined", 3189)
        await tanaka.closes_talk(); await tanaka.opens_talk(); await tanaka.screen()
        await channel.change(verified=True, chat_on=True)   # every knob stands in channel.Settings
        await channel.change(rate_refills=False)            # count to a limit however slowly the test runs
        await channel.register_signing_key(jwk); await channel.long_lived_token(); await channel.reissue_secret()
        await channel.webhook_errors()                      # LINE's statistics of failed webhooks, by the minute
    LINE Login and LIFF (the packages login and liff say more)
        login = await channel.login_channel(callback="https://...")  # .id .secret .issuer .login_url .liff_url .sdk_url
        app = await login.liff_app(endpoint="http://127.0.0.1:8000/", bot_prompt="aggressive")       # .id, .address
        await page.goto(await app.opened_by(tanaka, "/f/3?x=1", in_group=group))   # in LINE; app.address: a browser
        await login.consents(tanaka)                        # agreed, no screen; forgets(tanaka) takes it back
        await login.tokens(tanaka, app=app, claims={"aud": "1"})      # {access_token, id_token}, true or an attacker's
        await login.rotate_keys(published=False); await login.session_cookie(tanaka); await login.channel_token()
    Faults
        await channel.fault("error_after", "push", calls=2)   # accepted, and the bot is told 500
        stop = await channel.stop_at(7, "after"); await stop.reached(); ...kill...; await stop.release()
        await channel.duplicate_webhooks(times=2, parallel=True)
        await channel.hold_webhooks(); ...; await channel.release_webhooks("reversed", batch=100)
        await channel.send_events([...]); await channel.send_bytes(b"...", signature="bad")
        await channel.send_hostile("lone_surrogates", tanaka) # strange but signed: webhooks/hostile has the kinds
        await channel.change(redelivery={"on": True, "times": 3, "pause_ms": 50})
        await channel.change(crawl_links=True, fetch_media=True); await channel.fetches()
    Load: new_channel(load=True, rate_scale=None) checks no messages and keeps counts only: counts(), received(). Its
    sends take a short way (api/express.py) on connections that bring nothing else.

The bot's side of a driven clock: POST {origin of the webhook}/sandbox/clock with a JSON body signed like a webhook
(x-line-signature): {"op": "now"} -> {"now": ISO}; {"op": "next", "until": ISO} -> {"next": ISO}, the earliest instant
at which anything falls due, at most `until`; {"op": "move", "to": ISO} -> {"now": ISO} once all due by then is done.

The desk under /sim (desk/routes.py lists it) is what control and the phones page speak to; the live stream of a
channel is GET /sim/channels/{id}/events (SSE): message, friend, group, clock, usage, webhook, call, undelivered,
held, loading, menu, read, scene, reset, trouble, resync. Scenes (scenes/, POST .../scenes/new-salon) fill a channel
with people and chatter; POST .../start-over empties its talks and replaces its customers.

Rooms: channel (one channel's whole state), people, providers (Login channels, LIFF apps, keys), menus, fetches,
clock, limits, ledger, faults, watchers, ids; acceptance (sends become bubbles), contents, reading, reactions,
screens, tallies and units (what is counted), statistics, demographics, audiences, narrowcasts, narrowcasting,
coupons, tokens, linking, webhook_address, links, japan (days and months as LINE counts them), nesting, aging,
abreast; api (LINE's endpoints), login (access.line.me and its tokens), liff (liff.line.me and the SDK's stand-in),
messages (limits on message objects), webhooks (events out), deeds (what people do), desk (the control API), driving
(time in step with the bot), scenes, starting_over, keeping (the state file), sandbox (the cast), phones and static
(the phones page), server, control (the client).
"""
