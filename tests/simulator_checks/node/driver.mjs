// Reads {api, data, token, call, args} line by line, makes the call with LINE's SDK and writes what came of it.
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { channelAccessToken, HTTPFetchError, LineBotClient, middleware, validateSignature } from "@line/bot-sdk";

function client({ api, data, token, call }) {
  const bot = LineBotClient.fromChannelAccessToken({
    channelAccessToken: token,
    apiBaseURL: api,
    dataApiBaseURL: data,
  });
  return call in bot ? bot : new channelAccessToken.ChannelAccessTokenClient({ baseURL: api });
}

function argument(value) {
  if (value === null) return undefined;
  if (value?.$file === undefined) return value;
  return new Blob([Buffer.from(value.$file, "base64")], { type: value.type });
}

async function plain(body) {
  return body instanceof Readable ? { $file: (await buffer(body)).toString("base64") } : body;
}

async function made(asked) {
  try {
    const told = await client(asked)[`${asked.call}WithHttpInfo`](...asked.args.map(argument));
    const { status, headers } = told.httpResponse;
    return { status, headers: Object.fromEntries(headers), body: await plain(told.body) };
  } catch (problem) {
    if (!(problem instanceof HTTPFetchError)) throw problem;
    const { status, headers, body } = problem;
    return { status, headers: Object.fromEntries(headers), body: body ? JSON.parse(body) : null };
  }
}

// A webhook as the SDK's middleware takes it from a server: its body, or why it was refused.
async function heard({ secret, signature, body }) {
  const request = Readable.from([Buffer.from(body, "base64")]);
  request.headers = signature === null ? {} : { "x-line-signature": signature };
  const problem = await new Promise((resolve) => middleware({ channelSecret: secret })(request, {}, resolve));
  return problem ? { refused: problem.constructor.name } : { body: request.body };
}

function valid({ secret, signature, body }) {
  return { valid: validateSignature(Buffer.from(body, "base64"), secret, signature) };
}

const ANSWERS = { call: made, webhook: heard, signature: valid };

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  let told;
  try {
    told = await ANSWERS[asked.what ?? "call"](asked);
  } catch (problem) {
    told = { problem: String(problem?.stack ?? problem) };
  }
  process.stdout.write(`${JSON.stringify(told)}\n`);
}
