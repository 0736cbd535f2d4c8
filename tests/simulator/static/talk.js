// One talk on one phone: dates, bubbles, grey lines, what never arrived; follows what is new, lets one read above.

import { bubble } from "/phones/static/bubbles.js";
import { el, icon } from "/phones/static/dom.js";
import { gist } from "/phones/static/texts.js";
import { day, hour } from "/phones/static/times.js";

const QUOTABLE = new Set(["text", "sticker", "image", "video", "template", "flex"]);
const REASONS = {
  blocked: "ブロックされているため",
  not_friend: "友だちではないため",
  unknown: "そのような相手がいないため",
};
const NEAR = 80;
const LONG_PRESS_MS = 450;

export class Talk {
  /** acts: press(action, messageId, pointer), quote({id, name, message}). */
  constructor(store, acts) {
    this.store = store;
    this.acts = acts;
    this.list = el("div", {
      class: "talk", role: "log", tabIndex: 0, "aria-label": "トーク", "aria-live": "polite", "aria-relevant": "additions",
      data: { testid: "talk" }, on: { scroll: () => this.scrolled() },
    });
    this.jump = el("button", { type: "button", class: "jump", hidden: true, data: { testid: "jump" },
      on: { click: () => this.down(true) } }, icon("down"), "新着メッセージ");
    this.empty = el("div", { class: "talk-empty" });
    this.root = el("div", { class: "talk-frame" }, this.list, this.empty, this.jump);
    this.following = true;
    new ResizeObserver(() => this.resized()).observe(this.list);
    store.on("talk", (chat, entry) => {
      if (chat !== this.chat) return;
      if (entry === null) this.fill();
      else this.append(entry);
    });
    store.on("loading", (data) => data.chat === this.chat && this.typing(data.seconds));
  }

  /** Show this chat as seen by that person. */
  show(chat, viewer, inGroup) {
    if (chat === this.chat && viewer === this.viewer) return;
    const moved = chat !== this.chat;
    Object.assign(this, { chat, viewer, inGroup });
    this.list.dataset.chat = chat ?? "";
    if (moved) this.following = true;
    this.fill();
    if (chat && !this.store.talks.has(chat)) this.store.open(chat).catch(() => {});
  }

  fill() {
    this.list.setAttribute("aria-busy", "true");
    const from = this.list.scrollTop;
    this.last = { day: null, author: null };
    this.messages = new Map();
    this.waiting = null;
    this.list.replaceChildren();
    const nodes = document.createDocumentFragment();
    for (const entry of this.store.entries(this.chat)) nodes.append(...this.nodes(entry));
    this.list.append(nodes);
    this.empty.hidden = this.list.childElementCount > 0;
    if (this.following) this.down();
    else this.list.scrollTop = from;
    this.list.removeAttribute("aria-busy");
  }

  append(entry) {
    if (entry.kind === "bot") this.stopTyping();
    const mine = entry.kind === "person" && entry.by === this.viewer;
    this.list.append(...this.nodes(entry));
    this.empty.hidden = true;
    if (this.waiting) this.list.append(this.waiting);
    if (this.following || mine) this.down();
    else this.jump.hidden = false;
  }

  nodes(entry) {
    const nodes = [];
    const today = day(entry.at_ms);
    if (today !== this.last.day) {
      nodes.push(el("div", { class: "date", data: { testid: "date" } }, el("span", {}, today)));
      this.last = { day: today, author: null };
    }
    if (entry.kind === "note") nodes.push(this.grey(this.note(entry), "note"));
    else if (entry.kind === "undelivered") nodes.push(this.undelivered(entry));
    else if (entry.unsent) nodes.push(this.grey(`${this.store.nameOf(entry.by)}がメッセージの送信を取り消しました`, "note"));
    else nodes.push(...this.lines(entry));
    return nodes;
  }

  grey(words, testid) {
    this.last.author = null;
    return el("div", { class: "note", data: { testid } }, el("span", {}, words));
  }

  note(entry) {
    const bot = this.store.channel.name;
    const who = entry.by ? this.store.nameOf(entry.by) : null;
    const words = {
      bot_joined: who ? `${who}が${bot}を招待しました` : `${bot}がグループに参加しました`,
      bot_removed: who ? `${who}が${bot}を退出させました` : `${bot}がグループから外されました`,
      bot_left: `${bot}がグループを退出しました`,
      member_joined: `${who}がグループに参加しました`,
      member_left: `${who}がグループを退出しました`,
    };
    return Object.hasOwn(words, entry.what) ? words[entry.what] : String(entry.what);
  }

  undelivered(entry) {
    this.last.author = null;
    const why = Object.hasOwn(REASONS, entry.why) ? REASONS[entry.why] : `理由: ${entry.why}`;
    return el("div", { class: "undelivered", data: { testid: "undelivered" } },
      el("div", { class: "undelivered-head" }, icon("warning"), `${why}届いていません（LINEは受け付けました） ${hour(entry.at_ms)}`),
      entry.messages.map((message) => el("div", { class: "undelivered-words" }, gist(message))));
  }

  lines(entry) {
    const bot = entry.kind === "bot";
    const messages = bot ? entry.messages : [entry.message];
    return messages.map((message, index) => this.line(entry, message, bot ? entry.ids[index] : entry.id));
  }

  line(entry, message, id) {
    const bot = entry.kind === "bot";
    const from = bot ? "bot" : entry.by === this.viewer ? "me" : "other";
    const name = bot ? String(message.sender?.name ?? this.store.channel.name) : this.store.nameOf(entry.by);
    const author = `${from}/${name}/${hour(entry.at_ms)}`;
    const goesOn = author === this.last.author;
    this.last.author = author;
    const quotable = QUOTABLE.has(message.type) && !entry.only_shown;
    if (quotable) this.messages.set(id, { id, name, message });
    const context = {
      messageId: id,
      fromBot: bot,
      press: (action, pointer) => this.acts.press(action, id, pointer),
      picture: (messageId) => this.store.desk.picture(messageId),
      quoted: (messageId) => this.messages.get(messageId),
    };
    const body = el("div", {
      class: "bubble",
      data: {
        testid: "bubble", from, type: String(message.type), messageId: id, at: String(entry.at_ms),
        ...(bot ? { how: entry.how } : {}),
      },
    }, bubble(message, context));
    const line = el("div", { class: `line line-${from === "me" ? "mine" : "theirs"} ${goesOn ? "line-goes-on" : ""}` },
      from === "me" ? null : avatar(name, bot, bot ? message.sender?.iconUrl : this.store.people.get(entry.by)?.picture_url),
      el("div", { class: "line-main" },
        from === "me" || goesOn ? null : el("div", { class: "line-name" }, name, bot ? el("span", { class: "tag" }, "BOT") : null),
        el("div", { class: "line-row" }, body,
          el("div", { class: "line-side" }, quotable ? this.quoter(id) : null,
            el("time", { class: "line-time", dateTime: new Date(entry.at_ms).toISOString() }, hour(entry.at_ms))))));
    if (quotable) longPress(body, line);
    return line;
  }

  quoter(id) {
    return el("button", { type: "button", class: "quote", data: { testid: "quote" },
      on: { click: () => this.acts.quote(this.messages.get(id)) } }, "引用");
  }

  typing(seconds) {
    this.stopTyping();
    this.waiting = el("div", { class: "line line-theirs" }, avatar(this.store.channel.name, true),
      el("div", { class: "balloon typing", role: "img", "aria-label": "入力中" }, el("i"), el("i"), el("i")));
    this.list.append(this.waiting);
    if (this.following) this.down();
    this.typingEnds = setTimeout(() => this.stopTyping(), seconds * 1000);
  }

  stopTyping() {
    clearTimeout(this.typingEnds);
    this.waiting?.remove();
    this.waiting = null;
  }

  /** A talk that grows or shrinks stays at its end, if that is where one reads. */
  resized() {
    this.size = sizeOf(this.list);
    if (this.following) this.down();
  }

  scrolled() {
    if (sizeOf(this.list) !== this.size) return;
    const { scrollTop, scrollHeight, clientHeight } = this.list;
    this.following = scrollHeight - scrollTop - clientHeight < NEAR;
    if (this.following) this.jump.hidden = true;
  }

  down(smooth = false) {
    this.list.scrollTo({ top: this.list.scrollHeight, behavior: smooth ? "smooth" : "instant" });
    this.jump.hidden = true;
    this.following = true;
  }

  /** The quick replies to be seen now: those of the very last bubble, if it is the bot's. */
  quickReplies() {
    const last = this.store.entries(this.chat).findLast((entry) => entry.kind === "bot" || entry.kind === "person");
    if (last?.kind !== "bot") return [];
    const message = last.messages.at(-1);
    const id = last.ids.at(-1);
    return (message.quickReply?.items ?? []).map((item, index) => ({
      action: item.action ?? {},
      imageUrl: item.imageUrl,
      press: () => this.acts.press(item.action ?? {}, id, `/quickReply/items/${index}/action`),
    }));
  }
}

function sizeOf(list) {
  return `${list.clientWidth} ${list.clientHeight}`;
}

export function avatar(name, bot, address) {
  const hue = [...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 360, 7);
  const node = el("span", { class: `avatar ${bot ? "avatar-bot" : ""}`, "aria-hidden": "true" }, [...name][0] ?? "?");
  if (!bot) node.style.setProperty("--hue", String(hue));
  if (typeof address === "string" && /^https?:/.test(address)) {
    const image = el("img", { alt: "", referrerPolicy: "no-referrer", on: { error: () => image.remove() } });
    image.src = address;
    node.append(image);
  }
  return node;
}

function longPress(body, line) {
  let timer = null;
  const stop = () => clearTimeout(timer);
  body.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "mouse") timer = setTimeout(() => line.classList.toggle("line-asked"), LONG_PRESS_MS);
  });
  for (const kind of ["pointerup", "pointermove", "pointercancel", "pointerleave"]) body.addEventListener(kind, stop);
}
