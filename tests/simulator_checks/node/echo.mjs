// A bot with LINE's Node SDK that says every text back.
import { createServer } from "node:http";
import { LineBotClient, middleware } from "@line/bot-sdk";

const { LINE_API_URL: apiBaseURL, LINE_TOKEN: channelAccessToken, LINE_CHANNEL_SECRET: channelSecret } = process.env;
const line = LineBotClient.fromChannelAccessToken({ channelAccessToken, apiBaseURL });
const verified = middleware({ channelSecret });

async function hear(events) {
  for (const { type, replyToken, message } of events) {
    if (type !== "message" || message.type !== "text") continue;
    await line.replyMessage({ replyToken, messages: [{ type: "text", text: message.text, quoteToken: message.quoteToken }] });
  }
}

const server = createServer((request, response) =>
  verified(request, response, async (problem) => {
    if (!problem) await hear(request.body.events);
    response.writeHead(problem ? 400 : 200).end();
  }),
);
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
