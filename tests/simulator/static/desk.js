// Speaks with the simulator's desk: deeds and questions over HTTP, and the live stream of one channel.

import { language, t } from "/phones/static/language.js";

export class Declined extends Error {}

const KINDS = [
  "hello", "message", "friend", "group", "clock", "usage", "webhook", "call", "undelivered", "loading", "read", "scene",
  "reset", "menu", "trouble",
];

async function ask(method, path, body) {
  let answer;
  try {
    answer = await fetch(path, {
      method,
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Declined(t("シミュレーターにつながりません。"));
  }
  const given = await answer.json().catch(() => null);
  if (answer.status === 409 && given !== null) throw new Declined(refusal(given));
  if (!answer.ok || given === null) throw new Declined(t("シミュレーターが {status} と答えました。", { status: answer.status }));
  return given;
}

/** What the desk would not do and why, in the visitor's language; it has no Japanese for what no phone asks for. */
export function refusal({ error, japanese }) {
  if (language === "en") return error;
  if (japanese === null) console.warn(error);
  return japanese ?? t("シミュレーターが受け付けませんでした。");
}

/** The channel named in the address, else the sandbox, else the first there is; null when there is none. */
export async function chosenChannel() {
  const wanted = new URLSearchParams(location.search).get("channel");
  if (wanted) return wanted;
  const ids = (await ask("GET", "/sim/channels")).map((channel) => channel.id);
  return ids.includes("sandbox") ? "sandbox" : ids[0] ?? null;
}

export class Desk {
  constructor(channelId) {
    this.channelId = channelId;
    this.base = `/sim/channels/${encodeURIComponent(channelId)}`;
  }

  overview() {
    return ask("GET", `${this.base}?people=no`);
  }

  /** {ids: [...]} or {search, kind: customer or staff}; {people, total}, at most fifty when they are searched for. */
  people({ ids, search = "", kind }) {
    const query = new URLSearchParams(ids ? { ids: ids.join(",") } : { search, ...(kind ? { kind } : {}) });
    return ask("GET", `${this.base}/people?${query}`);
  }

  newPerson(name) {
    return ask("POST", `${this.base}/people`, { name });
  }

  newGroup(name, members) {
    return ask("POST", `${this.base}/groups`, { name, members });
  }

  /** A person's talks: [{chat, last, unread}]. */
  talks(person) {
    return ask("GET", `${this.base}/people/${person}/talks`);
  }

  talk(chat, after = 0) {
    return ask("GET", `${this.base}/talks/${chat}?after=${after}`);
  }

  /** What a coupon says: {title, description, imageUrl, endTimestamp, reward, status, ...}. */
  coupon(id) {
    return ask("GET", `${this.base}/coupons/${encodeURIComponent(id)}`);
  }

  async undelivered(query) {
    const { columns, rows } = await ask("GET", `${this.base}/undelivered?${new URLSearchParams(query)}`);
    return rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index]])));
  }

  calls() {
    return ask("GET", `${this.base}/calls`);
  }

  /** Requests to the bot; with a chat only those in which its id stands. */
  webhooks(chat = "") {
    return ask("GET", `${this.base}/webhooks?chat=${chat}`);
  }

  /** follow, block, unblock, say, send, edit, unsend, press, read, menu/tap and others; what the bot makes of it is told in the stream. */
  person(user, deed, body = {}) {
    return ask("POST", `${this.base}/people/${user}/${deed}`, { wait: false, ...body });
  }

  /** What an address opens in the phone: {liff: {url, size, name}, account_link: address}, or nulls. */
  open(user, uri, place) {
    return ask("POST", `${this.base}/people/${user}/open`, { uri, ...place });
  }

  /** The rich menu on somebody's phone, or null; anew: they come back to the talk. */
  async menu(user, anew) {
    const base = `${this.base}/people/${user}/menu`;
    return (anew ? await ask("POST", `${base}/reopen`) : await ask("GET", base)).menu;
  }

  /** What stands on the screen of somebody's talk with the bot: {loading: seconds, tapped: message id}. */
  screen(user) {
    return ask("GET", `${this.base}/people/${user}/screen`);
  }

  /** invite-bot, remove-bot, join or leave. */
  group(group, deed, user) {
    return ask("POST", `${this.base}/groups/${group}/${deed}`, { wait: false, ...(user ? { user } : {}) });
  }

  advance(wanted) {
    return ask("POST", `${this.base}/clock/advance`, { wait: false, ...wanted });
  }

  play(scene, pauseMs) {
    return ask("POST", `${this.base}/scenes/${scene}`, { wait: false, pause_ms: pauseMs });
  }

  startOver() {
    return ask("POST", `${this.base}/start-over`);
  }

  picture(messageId) {
    return `${location.origin}/phones/${encodeURIComponent(this.channelId)}/pictures/${messageId}`;
  }

  /** hear(kind, data) for every event; "hello" comes whenever the stream has (again) begun, "lost" when it broke. */
  watch(hear) {
    const stream = new EventSource(`${this.base}/events`);
    let retry = null;
    stream.onerror = () => {
      hear("lost", {});
      if (stream.readyState === EventSource.CLOSED && retry === null) retry = setTimeout(() => this.watch(hear), 1500);
    };
    for (const kind of KINDS) stream.addEventListener(kind, (event) => hear(kind, JSON.parse(event.data)));
    stream.addEventListener("resync", () => {
      stream.close();
      this.watch(hear);
    });
  }
}
