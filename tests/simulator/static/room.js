// The talk room of a phone: its header, what is said above and below the talk, quick replies, the bar to write in.

import { choosePerson } from "/phones/static/ask.js";
import { attempt, copy } from "/phones/static/attempt.js";
import { Composer } from "/phones/static/composer.js";
import { el, icon, iconButton, picture, refill, toast } from "/phones/static/dom.js";
import { avatar } from "/phones/static/faces.js";
import { Keyboard } from "/phones/static/keyboard.js";
import { t } from "/phones/static/language.js";
import { openMenu } from "/phones/static/menu.js";
import { choosePlace } from "/phones/static/places.js";
import { Presses } from "/phones/static/presses.js";
import { RichMenu } from "/phones/static/richmenu.js";
import { parcel, sample, TooLarge } from "/phones/static/sending.js";
import { Talk } from "/phones/static/talk.js";

const ICONS = { __proto__: null, camera: "image", cameraRoll: "image", location: "pin" };
export const STATES = { stranger: "まだ友だちではありません", friend: "友だち", blocked: "ブロック中" };

export class Room {
  /** phone: {screen, person(), back(), inspect(messageId)}. */
  constructor(store, phone) {
    Object.assign(this, { store, phone, chat: null });
    this.presses = new Presses(store, this);
    this.talk = new Talk(store, {
      press: (action, id, pointer) => this.presses.press(action, id, pointer),
      menu: (about, anchor) => this.bubbleMenu(about, anchor),
      link: (address, id, fromBot) => this.presses.link(address, id, fromBot),
      played: (id, percent) => this.quietly("play", { message_id: id, percent }),
    });
    this.keyboard = new Keyboard({
      file: (kind, file) => this.sendFile(kind, file),
      sample: async () => this.sendFile("photo", await sample()),
      place: () => this.sendPlace(),
      sticker: (one) => this.sendSticker(one),
      letters: (letters) => this.composer.put(letters),
    });
    this.menu = new RichMenu({
      tap: (action, area) => this.presses.tap(action, area),
      turn: () => this.does("menu/bar"),
      write: () => this.write(true),
    });
    this.composer = new Composer({
      names: () => [store.channel.name, ...this.others().map((id) => store.nameOf(id)), "All"],
      say: (text, more) => this.does("say", { text, ...more }),
      change: (id, text, more) => this.does("edit", { message_id: id, text, ...more }),
      keyboard: this.keyboard,
      backToMenu: () => this.write(false),
    });
    this.header = el("header", { class: "room-header" });
    this.quick = el("div", { class: "quick", role: "group", "aria-label": t("クイックリプライ"), hidden: true, data: { testid: "quick-replies" } });
    this.notice = el("div", { class: "room-notice", hidden: true });
    this.bar = el("div", { class: "room-bar", hidden: true });
    this.root = el("div", { class: "view room", data: { testid: "room" } },
      this.header, this.notice, this.talk.root, this.quick, this.composer.root, this.menu.root, this.bar);
    this.deaf = [
      store.on("talk", (chat) => chat === this.chat && this.showQuickReplies()),
      store.on("people", () => this.draw()),
      store.on("overview", () => this.draw()),
      store.on("lists", () => this.drawUnread()),
      store.on("menu", ({ user, menu }) => user === this.chat && this.showMenu(menu)),
    ];
  }

  close() {
    for (const stop of this.deaf) stop();
    this.talk.close();
  }

  /** The group shown, or null: the person's talk with the bot. */
  group() {
    return this.store.groups.get(this.chat) ?? null;
  }

  others() {
    return (this.group()?.members ?? []).filter((id) => id !== this.phone.person().id);
  }

  /** anew: somebody has just come to this talk, it was not there before. */
  show(chat, anew = false) {
    const { id, name } = this.phone.person();
    this.chat = chat;
    this.showMenu(null);
    this.eyes(chat === id ? id : null, anew).catch(() => {});
    this.talk.show(chat, id);
    if (chat !== null) this.composer.turnTo(`${chat}/${id}`, t("{name}さんのメッセージ", { name }), this.group() !== null);
    if (this.group()) this.store.need(this.group().members).catch(() => {});
    this.draw();
  }

  /** Whose talk with the bot is before somebody's eyes: there the bot is seen writing, and there is its menu. */
  async eyes(person, anew) {
    const before = this.watching;
    this.watching = person;
    if (this.store.people.has(before) && before !== person) await this.store.desk.person(before, "screen/close");
    if (!this.store.people.has(person)) return;
    if (before !== person) await this.store.desk.person(person, "screen/open");
    if (this.phone.person().state === "blocked") return this.showMenu(null);
    const menu = await this.store.desk.menu(person, anew);
    return person === this.chat && this.showMenu(menu);
  }

  showMenu(menu) {
    this.menu.show(menu);
    this.composer.menu.hidden = menu === null;
    this.write(this.menu.writing);
  }

  /** With a rich menu one writes or has the menu, as in LINE. */
  write(on) {
    this.menu.write(on);
    const barred = !this.bar.hidden;
    if (barred) this.menu.root.hidden = true;
    this.composer.root.hidden = barred || !this.menu.root.hidden;
    if (on && this.menu.menu !== null && this.root.contains(document.activeElement)) this.composer.input.focus({ preventScroll: true });
  }

  // --- what stands around the talk ----------------------------------------------------------------------------

  draw() {
    if (this.chat === null) return;
    const { id, state } = this.phone.person();
    if (this.watching === id && state !== this.state) this.eyes(id, false).catch(() => {});
    this.state = state;
    const about = this.group() ? this.groupTalk(this.group()) : this.oneToOne();
    const { name, bot, more, words, notice, bar } = about;
    const menu = iconButton("menu", t("トークのメニュー"), "room-menu", () => openMenu(menu, t("トークのメニュー"), this.choices()));
    menu.setAttribute("aria-haspopup", "menu");
    this.unread = el("span", { class: "back-count" });
    const back = iconButton("back", t("トーク一覧へ"), "back", () => this.phone.back(), "back");
    back.append(this.unread);
    refill(this.header, back, avatar(name, bot), el("div", { class: "room-title" }, el("h2", {}, name, more), words), menu);
    this.talk.empty.replaceChildren(avatar(name, bot), el("b", {}, name), el("span", {}, t("まだメッセージはありません")));
    strip(this.notice, notice);
    strip(this.bar, bar);
    this.write(this.menu.writing);
    this.showQuickReplies();
    this.drawUnread();
  }

  drawUnread() {
    if (!this.unread) return;
    const count = this.store.unreadOf(this.phone.person().id, this.chat);
    this.unread.textContent = count > 0 ? String(Math.min(count, 999)) : "";
  }

  oneToOne() {
    const { state } = this.phone.person();
    const bot = this.store.channel.name;
    const deed = (words, testid, name) => action(t(words), testid, () => this.does(name), true);
    return {
      name: bot,
      bot: true,
      more: "",
      words: el("p", { class: "state", data: { testid: "friend-state", state } }, t(STATES[state])),
      notice: state === "stranger" ? { words: t("{bot}を友だちに追加して始めましょう。", { bot }), button: deed("友だち追加", "friend-add", "follow") } : null,
      bar: state === "blocked" ? { words: t("{bot}をブロックしています。メッセージは届きません。", { bot }), button: deed("ブロック解除", "friend-unblock", "unblock") } : null,
    };
  }

  groupTalk(group) {
    const person = this.phone.person();
    const bot = this.store.channel.name;
    const inside = group.members.includes(person.id);
    const names = [...group.members.map((id) => this.store.nameOf(id)), ...(group.bot_in ? [bot] : [])];
    const invite = action(t("ボットを招待"), "bot-invite", () => this.inGroup("invite-bot", inside ? person.id : undefined), true);
    const back = action(t("グループに戻る"), "member-return", () => this.inGroup("join", person.id), true);
    return {
      name: group.name,
      bot: false,
      more: `（${names.length}）`,
      words: el("p", { title: names.join("、") }, names.join("、")),
      notice: group.bot_in ? null : { words: t("{bot}はまだこのグループにいません。", { bot }), button: invite },
      bar: inside ? null : { words: t("{name}さんはこのグループを退出しています。", { name: person.name }), button: back },
    };
  }

  /** What the room's menu offers. */
  choices() {
    const group = this.group();
    const person = this.phone.person();
    const all = [{ words: t("通信を調べる"), testid: "menu-inspect", icon: "code", act: () => this.phone.inspect(null) }];
    if (group === null) {
      if (person.state === "friend") all.push({ words: t("ブロック"), testid: "friend-block", icon: "close", danger: true, act: () => this.does("block") });
      return all;
    }
    all.push({ words: t("メンバーを追加"), testid: "member-add", icon: "person", act: () => this.addMember() });
    if (group.bot_in) {
      all.push({ words: t("ボットを外す"), testid: "bot-remove", icon: "close", danger: true,
        act: () => this.inGroup("remove-bot", group.members.includes(person.id) ? person.id : undefined) });
    }
    if (group.members.includes(person.id)) {
      all.push({ words: t("グループを退出"), testid: "member-leave", icon: "back", danger: true, act: () => this.inGroup("leave", person.id) });
    }
    return all;
  }

  async addMember() {
    const person = await choosePerson(this.store, t("だれを追加しますか"), { without: this.group().members });
    if (person !== null) await this.inGroup("join", person.id);
  }

  bubbleMenu(about, anchor) {
    const { id, message, entry, from, quotable } = about;
    const mine = from === "me" && !entry.only_shown;
    const all = [];
    if (quotable) all.push({ words: t("リプライ"), testid: "bubble-quote", icon: "reply", act: () => this.composer.quote(about) });
    if (typeof message.text === "string") all.push({ words: t("コピー"), testid: "bubble-copy", icon: "copy", act: () => copy(message.text) });
    if (mine && this.group() && message.type === "text") {
      all.push({ words: t("編集"), testid: "bubble-edit", icon: "edit", act: () => this.composer.edit(about) });
    }
    if (mine) all.push({ words: t("送信取消"), testid: "bubble-unsend", icon: "trash", danger: true, act: () => this.does("unsend", { message_id: id }) });
    all.push({ words: t("通信を調べる"), testid: "bubble-inspect", icon: "code", act: () => this.phone.inspect(id) });
    openMenu(anchor, t("メッセージのメニュー"), all);
  }

  showQuickReplies() {
    const replies = this.bar.hidden ? this.talk.quickReplies() : [];
    this.quick.hidden = replies.length === 0;
    this.quick.replaceChildren(...replies.map((reply) =>
      el("button", { type: "button", class: "quick-reply", on: { click: reply.press } },
        reply.imageUrl ? picture(reply.imageUrl, "", "quick-icon") : ICONS[reply.action.type] ? icon(ICONS[reply.action.type]) : null, String(reply.action.label ?? ""))));
  }

  // --- what the holder does -----------------------------------------------------------------------------------

  /** A deed of the person who holds the phone, in this talk. */
  does(deed, body = {}) {
    return attempt(() => this.store.desk.person(this.phone.person().id, deed, { ...body, ...this.place() }));
  }

  /** A deed nobody waits for, and that may well be refused. */
  quietly(deed, body) {
    this.store.desk.person(this.phone.person().id, deed, { ...body, ...this.place() }).catch(() => {});
  }

  place() {
    return this.group() ? { in: this.chat } : {};
  }

  /** A quick reply of that message was pressed: they go. */
  tapped(messageId) {
    this.talk.tapped = messageId;
    this.showQuickReplies();
  }

  inGroup(deed, user) {
    return attempt(() => this.store.desk.group(this.chat, deed, user));
  }

  async sendFile(kind, file) {
    try {
      const { message, content } = await parcel(kind, file);
      await this.does("send", { message, content });
    } catch (problem) {
      toast(problem instanceof TooLarge ? problem.message : t("ファイルを読めませんでした。"));
    }
  }

  async sendPlace() {
    const place = await choosePlace(this.phone.screen);
    if (place !== null) await this.does("send", { message: { type: "location", ...place } });
  }

  sendSticker({ packageId, stickerId, keywords }) {
    const quotes = this.composer.quoted ? { quotedMessageId: this.composer.quoted.id } : {};
    if (this.composer.quoted) this.composer.clear(this.composer.input.value);
    const message = { type: "sticker", packageId, stickerId, stickerResourceType: "STATIC", keywords, ...quotes };
    return this.does("send", { message });
  }
}

function strip(node, what) {
  node.hidden = what === null;
  if (what === null) node.replaceChildren();
  else refill(node, el("span", {}, what.words), what.button);
}

export function action(words, testid, act, strong = false) {
  return el("button", { type: "button", class: `control ${strong ? "control-strong" : ""}`, data: { testid }, on: { click: act } }, words);
}

