// What the page knows of one channel, kept true by the live stream: people, groups, talks, usage.

export class Store {
  constructor(desk) {
    this.desk = desk;
    this.channel = { name: "ボット", usage: { used: 0, limit: null }, settings: {}, bot_user_id: "" };
    this.people = new Map();
    this.groups = new Map();
    this.talks = new Map();
    this.known = new Set();
    this.listeners = new Map();
    this.undeliveredSeen = 0;
    this.asking = new Map();
  }

  /** Kinds: overview, people, talk (chat, entry or null when all is new), usage, clock, trouble, webhook, call,
   * loading, connection. */
  on(kind, act) {
    this.listeners.set(kind, [...(this.listeners.get(kind) ?? []), act]);
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
    else if (kind === "undelivered") this.soon("undelivered", () => this.fetchUndelivered());
    else if (kind === "usage") {
      this.channel.usage = data;
      this.tell("usage");
    } else this.tell(kind, data);
  }

  /** One round for many events of a kind that come together. */
  soon(kind, act) {
    clearTimeout(this.asking.get(kind));
    this.asking.set(kind, setTimeout(() => act().catch(() => {}), 40));
  }

  /** The stream has begun (again): everything is asked anew, because anything may have happened. */
  async begin() {
    try {
      this.undeliveredSeen = 0;
      const open = [...this.talks.keys()];
      this.talks.clear();
      await this.overview();
      for (const chat of open) if (this.people.has(chat) || this.groups.has(chat)) await this.open(chat);
      for (const chat of this.groups.keys()) await this.open(chat);
      await this.fetchUndelivered();
      this.tell("connection", "live");
    } catch {
      this.tell("connection", "lost");
    }
  }

  async overview() {
    this.channel = await this.desk.overview();
    this.people = new Map(this.channel.people.map((person) => [person.id, person]));
    this.groups = new Map(this.channel.groups.map((group) => [group.id, group]));
    for (const group of this.groups.values()) for (const id of group.members) this.known.add(id);
    this.tell("overview");
    this.tell("people");
    this.tell("usage");
  }

  friend(data) {
    const person = this.people.get(data.user);
    if (person === undefined) return this.soon("overview", () => this.overview());
    person.state = data.state;
    this.tell("people");
  }

  async catchUp(group) {
    await this.overview();
    for (const entry of await this.desk.talk(group, this.talks.get(group)?.last ?? 0)) this.add(entry);
    this.tell("people");
  }

  /** Fetch a talk that is to be shown; afterwards it stays true by itself. */
  async open(chat) {
    if (this.talks.has(chat)) return;
    const talk = { entries: new Map(), last: 0 };
    this.talks.set(chat, talk);
    for (const entry of await this.desk.talk(chat)) this.keep(talk, entry);
    if (this.people.has(chat)) this.undeliveredOf(chat, await this.desk.undelivered());
    this.tell("talk", chat, null);
    this.tell("people");
  }

  async fetchUndelivered() {
    const rows = await this.desk.undelivered(this.undeliveredSeen);
    for (const row of rows) {
      this.undeliveredSeen = Math.max(this.undeliveredSeen, row.seq);
      this.add({ ...row, kind: "undelivered" });
    }
  }

  undeliveredOf(chat, rows) {
    for (const row of rows) if (row.chat === chat) this.keep(this.talks.get(chat), { ...row, kind: "undelivered" });
  }

  add(entry) {
    if (entry.kind === "person" && !this.people.has(entry.by)) this.soon("overview", () => this.overview());
    const talk = this.talks.get(entry.chat);
    if (talk === undefined) return;
    const before = talk.entries.get(entry.seq);
    if (before !== undefined && before.unsent === entry.unsent) return;
    const fresh = entry.seq > talk.last;
    this.keep(talk, entry);
    this.tell("talk", entry.chat, fresh ? entry : null);
  }

  keep(talk, entry) {
    talk.entries.set(entry.seq, entry);
    talk.last = Math.max(talk.last, entry.seq);
    if (this.groups.has(entry.chat) && entry.by) this.known.add(entry.by);
  }

  entries(chat) {
    const entries = [...(this.talks.get(chat)?.entries.values() ?? [])];
    return entries.sort((one, other) => one.seq - other.seq);
  }

  nameOf(id) {
    return this.people.get(id)?.name ?? "だれか";
  }

  /** Staff are those who are or were in a group; everybody else is a customer. */
  staff() {
    return [...this.people.values()].filter((person) => this.known.has(person.id));
  }

  customers() {
    return [...this.people.values()].filter((person) => !this.known.has(person.id));
  }
}
