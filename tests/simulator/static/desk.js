// Speaks with the simulator's desk: deeds and questions over HTTP, and the live stream of one channel.

export class Declined extends Error {}

async function ask(method, path, body) {
  let answer;
  try {
    answer = await fetch(path, {
      method,
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Declined("シミュレーターにつながりません。");
  }
  const given = await answer.json().catch(() => null);
  if (answer.status === 409 && given !== null) throw new Declined(given.error);
  if (!answer.ok || given === null) throw new Declined(`シミュレーターが ${answer.status} と答えました。`);
  return given;
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
    return ask("GET", this.base);
  }

  async talk(chat, after = 0) {
    return (await ask("GET", `${this.base}/talks/${chat}?after=${after}`)).entries;
  }

  async undelivered(after = 0) {
    const { columns, rows } = await ask("GET", `${this.base}/undelivered?after=${after}`);
    return rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index]])));
  }

  calls() {
    return ask("GET", `${this.base}/calls`);
  }

  webhooks() {
    return ask("GET", `${this.base}/webhooks`);
  }

  /** follow, block, unblock, say or press; what the bot makes of it is told in the stream. */
  person(user, deed, body = {}) {
    return ask("POST", `${this.base}/people/${user}/${deed}`, { wait: false, ...body });
  }

  /** invite-bot, remove-bot, join or leave. */
  group(group, deed, user) {
    return ask("POST", `${this.base}/groups/${group}/${deed}`, { wait: false, ...(user ? { user } : {}) });
  }

  advance(wanted) {
    return ask("POST", `${this.base}/clock/advance`, { wait: false, ...wanted });
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
    const kinds = ["hello", "message", "friend", "group", "clock", "usage", "webhook", "call", "undelivered", "loading"];
    for (const kind of [...kinds, "trouble", "resync"]) {
      stream.addEventListener(kind, (event) => {
        if (kind === "resync") {
          stream.close();
          this.watch(hear);
        } else hear(kind, JSON.parse(event.data));
      });
    }
  }
}
