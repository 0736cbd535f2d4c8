// The talk list of a phone: each talk with its last line, its time and how much of it is unread.

import { nameGroup } from "/phones/static/ask.js";
import { attempt } from "/phones/static/attempt.js";
import { el, iconButton, refill } from "/phones/static/dom.js";
import { avatar } from "/phones/static/faces.js";
import { t } from "/phones/static/language.js";
import { note } from "/phones/static/lines.js";
import { STATES } from "/phones/static/room.js";
import { gist } from "/phones/static/texts.js";
import { day, dayOf, hour } from "/phones/static/times.js";

export class Talks {
  /** phone: {person(), open(chat)}. */
  constructor(store, phone) {
    Object.assign(this, { store, phone });
    this.rows = el("ul", { class: "talk-rows" });
    this.root = el("div", { class: "view talks", data: { testid: "talks" } },
      el("header", { class: "room-header talks-header" }, el("h2", {}, t("トーク")),
        iconButton("add", t("新しいグループ"), "group-new", () => this.newGroup())), this.rows);
    this.deaf = ["lists", "people", "overview"].map((kind) => store.on(kind, () => this.draw()));
  }

  close() {
    for (const stop of this.deaf) stop();
  }

  draw() {
    if (this.root.hidden) return;
    refill(this.rows, ...this.store.listOf(this.phone.person().id).map((one) => this.row(one)));
  }

  row({ chat, last, unread }) {
    const group = this.store.groups.get(chat) ?? null;
    const name = group?.name ?? this.store.channel.name;
    const badge = unread > 0 ? el("span", { class: "badge", data: { testid: "unread" } }, String(Math.min(unread, 999)),
      el("span", { class: "unseen" }, t("件の未読"))) : null;
    return el("li", {}, el("button", { type: "button", class: "talk-row", value: chat, data: { testid: "talk-row" }, on: { click: () => this.phone.open(chat) } },
      avatar(name, group === null),
      el("span", { class: "talk-main" },
        el("b", {}, name, group ? el("small", {}, `（${group.members.length + (group.bot_in ? 1 : 0)}）`) : null),
        el("span", { class: "talk-gist" }, this.words(last, group))),
      el("span", { class: "talk-side" }, el("time", {}, last ? this.when(last.at_ms) : ""), badge)));
  }

  words(last, group) {
    if (last === null) return group ? t("まだメッセージはありません") : t(STATES[this.phone.person().state]);
    if (last.kind === "note") return note(this.store, last);
    if (last.unsent) return t("{name}がメッセージの送信を取り消しました", { name: this.store.nameOf(last.by) });
    return gist(last.kind === "bot" ? last.messages.at(-1) : last.message);
  }

  /** The hour if it was today on the simulator's clock, else the day. */
  when(ms) {
    return day(ms) === day(Date.parse(this.store.channel.now)) ? hour(ms) : dayOf(ms);
  }

  async newGroup() {
    const name = await nameGroup();
    if (name === null) return;
    const person = this.phone.person().id;
    const group = await attempt(() => this.store.desk.newGroup(name, [person]));
    if (group === null) return;
    await this.store.overview();
    await this.store.hold(person);
    this.phone.open(group.id);
  }
}
