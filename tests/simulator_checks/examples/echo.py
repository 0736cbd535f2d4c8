"""A bot with LINE's Python SDK that says every text back."""

import os
import socket

from aiohttp import web
from linebot.v3 import WebhookParser, messaging, webhooks  # type: ignore[import-untyped]

parser = WebhookParser(os.environ["LINE_CHANNEL_SECRET"])


async def hear(request: web.Request) -> web.Response:
    events = parser.parse(await request.text(), request.headers["x-line-signature"])
    configuration = messaging.Configuration(os.environ["LINE_API_URL"], access_token=os.environ["LINE_TOKEN"])
    async with messaging.AsyncApiClient(configuration) as client:
        for event in events:
            if isinstance(event, webhooks.MessageEvent) and isinstance(event.message, webhooks.TextMessageContent):
                words = messaging.TextMessage(text=event.message.text, quote_token=event.message.quote_token)
                reply = messaging.ReplyMessageRequest(reply_token=event.reply_token, messages=[words])
                await messaging.AsyncMessagingApi(client).reply_message(reply)
    return web.Response()


if __name__ == "__main__":
    app = web.Application()
    app.router.add_post("/callback", hear)
    listening = socket.create_server(("127.0.0.1", 0))
    os.write(1, f"{listening.getsockname()[1]}\n".encode())
    web.run_app(app, sock=listening, print=None)
