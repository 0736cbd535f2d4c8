// What the page knows of one channel, kept true by the live stream: people, groups, talks, talk lists, usage.

import { t } from "/phones/static/language.js";

const A_MOMENT_MS = 40;
const AGAIN_MS = 1_500;

export class Store {
  constructor(desk) {
    this.desk = desk;
    this.channel = { name: "ボット", usage: { used: 0, limit: null }, settings: {}, bot_user_id: "" };
    this.people = new Map();
    this.groups = new Map();
    this.talks = new Map();
    this.lists = new Map();
    this.heard = new Map(); // the newest entry of each talk that the stream has told of
    this.listeners = new Map();
    this.undeliveredSeen = 0;
    this.asking = new Map();
  }

  /** Kinds: overview, people, talk (chat, entry or null when all is new), lists, read (chat), usage, clock, trouble,
   * webhook, call, loading, scene, reset, menu, connection. The way back is given: call it to hear no more. */
  on(kind, act) {
    this.listeners.set(kind, [...(this.listeners.get(kind) ?? []), act]);
    return () => this.listeners.set(kind, this.listeners.get(kind).filter((one) => one !== act));
  }

  tell(kind, ...details) {
    for (const act of this.listeners.get(kind) ?? []) act(...details);
  }

  start() {
    this.desk.watch((kind, data) => this.hear(kind, data));
  }

  hear(kind, data) {
    if (kind === "hello") this.begin();
    else if (kind === "lost") this.tell("connection", "lost");
    else if (kind === "message") this.add(data);
    else if (kind === "group") this.soon("group", () => this.catchUp(data.id ?? data.group));
    else if (kind === "friend") this.friend(data);
    else if (kind === "read") this.read(data);
    else if (kind === "undelivered") this.soon("undelivered", () => this.fetchUndelivered());
    else if (kind === "reset") this.startOver();
    else if (kind === "usage") {
      this.channel.usage = data;
      this.tell("usage");
    } else this.tell(kind, data);
  }

  /** One round for many events of a kind that come together: the newest act, a moment after the first event. */
  soon(kind, act) {
    if (!this.asking.has(kind)) {
      setTimeout(() => {
        const last = this.asking.get(kind);
        this.asking.delete(kind);
        Promise.resolve(last()).catch(() => {});
      }, A_MOMENT_MS);
    }
    this.asking.set(kind, act);
  }

  /** The stream has begun (again): everything is asked anew, because anything may have happened; until it is known. */
  async begin() {
    clearTimeout(this.again);
    try {
      this.undeliveredSeen = 0;
      await this.overview();
      await Promise.all([...this.lists.keys()].map((person) => this.hold(person)));
      for (const chat of [...this.talks.keys()]) {
        this.talks.delete(chat);
        if (this.people.has(chat) || this.groups.has(chat)) await this.open(chat);
      }
      await this.fetchUndelivered();
      this.tell("connection", "live");
    } catch {
      this.tell("connection", "lost");
      clearTimeout(this.again);
      this.again = setTimeout(() => this.begin(), AGAIN_MS);
    }
  }

  async startOver() {
    const before = [...this.people.keys()];
    const stayed = new Set();
    for (const part of parts(before)) for (const person of (await this.desk.people({ ids: part })).people) stayed.add(person.id);
    for (const gone of before.filter((id) => !stayed.has(id))) {
      this.people.delete(gone);
      this.lists.delete(gone);
      this.talks.delete(gone);
    }
    this.heard.clear();
    this.tell("reset");
    await this.begin();
  }

  async overview() {
    this.channel = await this.desk.overview();
    this.groups = new Map(this.channel.groups.map((group) => [group.id, group]));
    this.tell("overview");
    this.tell("usage");
  }

  // --- people -------------------------------------------------------------------------------------------------

  /** Get to know these people; those who are known already are not asked for. */
  async need(ids) {
    const unknown = [...new Set(ids)].filter((id) => id && !this.people.has(id));
    for (const part of parts(unknown)) for (const person of (await this.desk.people({ ids: part })).people) this.meet(person);
    if (unknown.length > 0) this.tell("people");
  }

  meet(person) {
    this.people.set(person.id, person);
    return person;
  }

  friend(data) {
    const person = this.people.get(data.user);
    if (person === undefined) return;
    person.state = data.state;
    this.tell("people");
  }

  nameOf(id) {
    return this.people.get(id)?.name ?? t("だれか");
  }

  // --- talk lists ---------------------------------------------------------------------------------------------

  /** Somebody holds a phone: their talk list is fetched, and then stays true. */
  async hold(person) {
    await this.need([person]);
    if (!this.people.has(person)) return;
    const talks = await this.desk.talks(person);
    await this.need(talks.map((one) => one.last?.by));
    this.lists.set(person, new Map(talks.map((one) => [one.chat, one])));
    // what was heard of while they were on their way is not in them: they are asked for once more
    const missed = talks.filter((one) => (this.heard.get(one.chat) ?? 0) > (one.last?.seq ?? 0));
    for (const one of missed) this.heard.delete(one.chat);
    if (missed.length > 0) this.soon(`list ${person}`, () => this.hold(person));
    this.tell("lists");
  }

  /** Newest first; a talk in which nothing was said stands below. */
  listOf(person) {
    const when = (one) => one.last?.at_ms ?? 0;
    return [...(this.lists.get(person)?.values() ?? [])].sort((one, other) => when(other) - when(one));
  }

  unreadOf(person, but = null) {
    return this.listOf(person).reduce((sum, one) => sum + (one.chat === but ? 0 : one.unread), 0);
  }

  /** A talk list hears of something new, or of something that has changed. */
  list(entry) {
    this.heard.set(entry.chat, entry.seq);
    for (const [person, list] of this.lists) {
      const one = list.get(entry.chat);
      if (one === undefined) continue;
      if (one.last !== null && entry.seq <= one.last.seq) this.soon(`list ${person}`, () => this.hold(person));
      else {
        one.last = entry;
        one.unread += entry.kind === "bot" ? entry.messages.length : entry.kind === "person" && entry.by !== person ? 1 : 0;
        if (entry.kind === "person" && entry.by === person) one.unread = 0;
        this.soon("lists", () => this.tell("lists"));
      }
    }
  }

  read({ chat, reader, message_id: messageId }) {
    const talk = this.talks.get(chat);
    if (talk !== undefined) talk.read[reader] = messageId;
    if (this.lists.has(reader)) this.soon(`list ${reader}`, () => this.hold(reader));
    this.tell("read", chat);
  }

  // --- talks --------------------------------------------------------------------------------------------------

  async catchUp(group) {
    await this.overview();
    await Promise.all([...this.lists.keys()].map((person) => this.hold(person)));
    await this.need(this.groups.get(group)?.members ?? []);
    const { entries } = await this.desk.talk(group, this.talks.get(group)?.last ?? 0);
    await this.need(entries.map((entry) => entry.by));
    for (const entry of entries) this.add(entry);
    this.tell("people");
  }

  /** Fetch a talk that is to be shown; afterwards it stays true by itself. */
  async open(chat) {
    if (this.talks.has(chat)) return;
    const talk = { entries: new Map(), last: 0, read: {} };
    this.talks.set(chat, talk);
    const { entries, read } = await this.desk.talk(chat);
    talk.read = read;
    for (const entry of entries) this.keep(talk, entry);
    if (this.groups.has(chat)) await this.need([...entries.map((entry) => entry.by), ...this.groups.get(chat).members]);
    else await this.missed(chat, talk);
    talk.whole = true;
    this.tell("talk", chat, null);
  }

  async missed(chat, talk) {
    for (const row of await this.desk.undelivered({ chat })) this.keep(talk, { ...row, kind: "undelivered" });
  }

  async fetchUndelivered() {
    for (const row of await this.desk.undelivered({ after: this.undeliveredSeen })) {
      this.undeliveredSeen = Math.max(this.undeliveredSeen, row.seq);
      this.add({ ...row, kind: "undelivered" });
    }
  }

  add(entry) {
    if (entry.kind !== "undelivered") this.list(entry);
    const talk = this.talks.get(entry.chat);
    if (talk === undefined) return;
    const before = talk.entries.get(entry.seq);
    if (before !== undefined && JSON.stringify(before) === JSON.stringify(entry)) return;
    const fresh = entry.seq > talk.last;
    this.keep(talk, entry);
    if (entry.by && !this.people.has(entry.by)) {
      this.soon("people", async () => {
        await this.need([entry.by]);
        this.tell("talk", entry.chat, null);
      });
    } else if (talk.whole) this.tell("talk", entry.chat, fresh ? entry : null);
  }

  keep(talk, entry) {
    talk.entries.set(entry.seq, entry);
    talk.last = Math.max(talk.last, entry.seq);
  }

  entries(chat) {
    return [...(this.talks.get(chat)?.entries.values() ?? [])].sort((one, other) => one.seq - other.seq);
  }
}

/** Fifty ids at a time fit into an address. */
function* parts(ids) {
  for (let at = 0; at < ids.length; at += 50) yield ids.slice(at, at + 50);
}
