// One talk on one phone: its newest lines, older ones as one reads up; follows what is new, and has read it.

import { el, icon } from "/phones/static/dom.js";
import { avatar } from "/phones/static/faces.js";
import { t } from "/phones/static/language.js";
import { Lines } from "/phones/static/lines.js";

const NEAR = 80;
const AT_ONCE = 120;
const OLDER_AT = 300;

export class Talk {
  /** acts: press(action, messageId, pointer), menu(about, anchor), link(address, messageId, fromBot) (whether it was
   * opened in the phone), played(messageId, percent). */
  constructor(store, acts) {
    this.store = store;
    this.acts = acts;
    this.list = el("div", {
      class: "talk", role: "log", tabIndex: 0, "aria-label": t("トーク"), "aria-live": "polite", "aria-relevant": "additions",
      data: { testid: "talk" }, on: { scroll: () => this.scrolled(), click: (event) => this.clicked(event) },
    });
    this.jump = el("button", { type: "button", class: "jump", hidden: true, data: { testid: "jump" },
      on: { click: () => this.down(true) } }, icon("down"), t("新着メッセージ"));
    this.empty = el("div", { class: "talk-empty" });
    this.root = el("div", { class: "talk-frame" }, this.list, this.empty, this.jump);
    this.following = true;
    this.waiting = null;
    this.sizes = new ResizeObserver(() => this.resized());
    this.sizes.observe(this.list);
    this.deaf = [
      store.on("talk", (chat, entry) => {
        if (chat !== this.chat) return;
        if (entry === null) this.fill();
        else this.append(entry);
      }),
      store.on("read", (chat) => chat === this.chat && this.showReads()),
      store.on("loading", (data) => data.chat === this.chat && this.typing(data.seconds)),
    ];
  }

  close() {
    for (const stop of this.deaf) stop();
    this.sizes.disconnect();
  }

  /** Show this chat as seen by that person; null: none is shown. */
  show(chat, viewer) {
    if (chat === this.chat && viewer === this.viewer) return;
    Object.assign(this, { chat, viewer, following: true, mark: null, tapped: null });
    this.list.dataset.chat = chat ?? "";
    this.stopTyping();
    if (chat === null) this.list.replaceChildren();
    else {
      this.fill();
      if (!this.store.talks.has(chat)) this.store.open(chat).catch(() => {});
      if (chat === viewer && this.store.people.has(viewer)) this.look().catch(() => {});
    }
  }

  /** What was on the screen before this page came: the bot writing, quick replies pressed away. */
  async look() {
    const { viewer } = this;
    const { loading, tapped } = await this.store.desk.screen(viewer);
    if (viewer !== this.viewer || this.chat !== viewer) return;
    this.tapped = tapped;
    if (loading > 0) this.typing(loading);
    this.store.tell("talk", viewer, null);
  }

  clicked(event) {
    const link = event.target.closest("a[href]");
    const { messageId, from } = link?.closest("[data-message-id]")?.dataset ?? {};
    if (messageId && this.acts.link(link.getAttribute("href"), messageId, from === "bot")) event.preventDefault();
  }

  /** Everything anew; the newest lines, or as many as were there. */
  fill() {
    if (this.chat === null) return;
    this.list.setAttribute("aria-busy", "true");
    const below = this.list.scrollHeight - this.list.scrollTop;
    this.messages = new Map();
    this.reads = new Map();
    const entries = this.store.entries(this.chat);
    const unread = this.firstUnread(entries);
    const wanted = Math.max(AT_ONCE, this.following ? 0 : entries.length - this.from, unread < 0 ? 0 : entries.length - unread + 8);
    this.from = Math.max(0, entries.length - wanted);
    this.lines = this.newLines();
    const nodes = document.createDocumentFragment();
    for (const [index, entry] of entries.entries()) {
      if (index < this.from) continue;
      if (index === unread) nodes.append(this.lines.unread());
      nodes.append(...this.lines.of(entry));
    }
    if (this.waiting) nodes.append(this.waiting);
    this.list.replaceChildren(nodes);
    this.empty.hidden = this.list.childElementCount > 0;
    this.showReads();
    if (this.following) this.down();
    else this.list.scrollTop = this.list.scrollHeight - below;
    this.list.removeAttribute("aria-busy");
    this.seen();
  }

  newLines() {
    const { store, chat, viewer, messages, reads } = this;
    return new Lines({ store, chat, viewer, messages, reads }, this.acts);
  }

  /** Where the unread line belongs (-1: nowhere); decided once, when the talk is opened. */
  firstUnread(entries) {
    const talk = this.store.talks.get(this.chat);
    if (!talk?.whole) return -1;
    if (this.mark === null) {
      const mark = talk.read[this.viewer];
      const first = mark === undefined ? undefined : entries.find((entry) => this.isNew(entry, mark));
      this.mark = first?.seq ?? -1;
    }
    return entries.findIndex((entry) => entry.seq === this.mark);
  }

  isNew(entry, mark) {
    if (entry.kind === "bot") return later(entry.ids.at(-1), mark);
    return entry.kind === "person" && entry.by !== this.viewer && later(entry.id, mark);
  }

  append(entry) {
    if (entry.kind === "bot") this.stopTyping();
    const mine = entry.kind === "person" && entry.by === this.viewer;
    this.list.append(...this.lines.of(entry));
    this.empty.hidden = true;
    if (this.waiting) this.list.append(this.waiting);
    this.showReads();
    if (this.following || mine) this.downSoon();
    else this.jump.hidden = false;
    this.seen();
  }

  /** Older lines above; what one is reading stays where it is. */
  older() {
    if (this.from === 0 || this.chat === null) return;
    const entries = this.store.entries(this.chat);
    const from = Math.max(0, this.from - AT_ONCE);
    const lines = this.newLines();
    const nodes = document.createDocumentFragment();
    for (const entry of entries.slice(from, this.from)) nodes.append(...lines.of(entry));
    const first = this.list.firstElementChild;
    const { scrollHeight, scrollTop } = this.list;
    if (first?.dataset.day === lines.day) first.remove();
    this.list.setAttribute("aria-busy", "true");
    this.list.prepend(nodes);
    this.list.scrollTop = scrollTop + this.list.scrollHeight - scrollHeight;
    this.list.removeAttribute("aria-busy");
    this.from = from;
    this.showReads();
  }

  // --- reading ------------------------------------------------------------------------------------------------

  /** Whoever holds the phone has seen the newest bubble, if it can be seen. */
  seen() {
    const talk = this.store.talks.get(this.chat);
    if (!talk?.whole || document.hidden) return;
    const newest = this.store.entries(this.chat).findLast((entry) => entry.kind === "bot" || entry.kind === "person");
    const id = newest?.kind === "bot" ? newest.ids.at(-1) : newest?.id;
    if (id === undefined || !later(id, talk.read[this.viewer] ?? "0")) return;
    const { chat, viewer } = this;
    this.store.soon(`read ${chat} ${viewer}`, async () => {
      const leftSince = chat !== this.chat;
      if ((!leftSince && this.list.offsetParent === null) || !this.store.people.has(viewer)) return;
      talk.read[viewer] = id;
      await this.store.desk.person(viewer, "read", { message_id: id, ...(chat === viewer ? {} : { in: chat }) });
    });
  }

  /** 既読 beside one's own bubbles: by the bot, or by how many others. */
  showReads() {
    const marks = this.store.talks.get(this.chat)?.read ?? {};
    const group = this.store.groups.get(this.chat);
    const readers = group ? group.members.filter((id) => id !== this.viewer) : [this.store.channel.bot_user_id];
    for (const [id, node] of this.reads ?? []) {
      const count = readers.filter((reader) => reader in marks && !later(id, marks[reader])).length;
      const words = count === 0 ? "" : group ? t("既読 {count}", { count }) : t("既読");
      if (node.textContent !== words) node.textContent = words;
    }
  }

  typing(seconds) {
    this.stopTyping();
    this.waiting = el("div", { class: "line line-theirs", data: { testid: "typing" } }, avatar(this.store.channel.name, true),
      el("div", { class: "balloon typing", role: "img", "aria-label": t("入力中") }, el("i"), el("i"), el("i")));
    this.list.append(this.waiting);
    if (this.following) this.down();
    this.typingEnds = setTimeout(() => this.stopTyping(), seconds * 1000);
  }

  stopTyping() {
    clearTimeout(this.typingEnds);
    this.waiting?.remove();
    this.waiting = null;
  }

  // --- where one reads ----------------------------------------------------------------------------------------

  /** A talk that grows or shrinks stays at its end, if that is where one reads. */
  resized() {
    this.size = sizeOf(this.list);
    if (this.following) this.down();
    this.seen();
  }

  scrolled() {
    if (sizeOf(this.list) !== this.size) return;
    const { scrollTop, scrollHeight, clientHeight } = this.list;
    this.following = scrollHeight - scrollTop - clientHeight < NEAR;
    if (this.following) this.jump.hidden = true;
    if (scrollTop < OLDER_AT) this.older();
  }

  /** Once for all that come before the next frame. */
  downSoon() {
    this.following = true;
    if (this.going) return;
    this.going = true;
    requestAnimationFrame(() => {
      this.going = false;
      if (this.following) this.down();
    });
  }

  down(smooth = false) {
    this.list.scrollTo({ top: this.list.scrollHeight, behavior: smooth ? "smooth" : "instant" });
    this.jump.hidden = true;
    this.following = true;
  }

  /** The quick replies to be seen now: those of the very last bubble, if it is the bot's. */
  quickReplies() {
    const last = this.store.entries(this.chat).findLast((entry) => entry.kind === "bot" || (entry.kind === "person" && !entry.unsent));
    if (last?.kind !== "bot") return [];
    const message = last.messages.at(-1);
    const id = last.ids.at(-1);
    if (id === this.tapped) return [];
    return (message.quickReply?.items ?? []).map((item, index) => ({
      action: item.action ?? {},
      imageUrl: item.imageUrl,
      press: () => this.acts.press(item.action ?? {}, id, `/quickReply/items/${index}/action`),
    }));
  }
}

/** Message ids are numbers too long for a browser's own. */
function later(one, other) {
  return BigInt(one) > BigInt(other);
}

function sizeOf(list) {
  return `${list.clientWidth} ${list.clientHeight}`;
}
