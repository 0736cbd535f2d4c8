// One phone on the desk: who holds it, its screen with the talk list or a talk room, its inspector beside it.

import { choosePerson } from "/phones/static/ask.js";
import { el, icon, iconButton } from "/phones/static/dom.js";
import { avatar } from "/phones/static/faces.js";
import { Inspector } from "/phones/static/inspector.js";
import { t } from "/phones/static/language.js";
import { Room } from "/phones/static/room.js";
import { Talks } from "/phones/static/talks.js";
import { hour } from "/phones/static/times.js";

export class Phone {
  /** board: {changed(), remove(phone)}; holder: a person's id; chat: the room it shows, null for the talk list. */
  constructor(store, board, { holder, chat, kind }) {
    Object.assign(this, { store, board, holder, chat, kind });
    this.clock = el("span", { class: "status-clock" });
    this.views = el("div", { class: "views" });
    this.screen = el("div", { class: "screen" },
      el("div", { class: "status", "aria-hidden": "true" }, this.clock, el("span", { class: "status-signs" })), this.views);
    this.room = new Room(store, this);
    this.talks = new Talks(store, this);
    this.views.append(this.talks.root, this.room.root);
    this.button = el("button", { type: "button", class: "holder", "aria-haspopup": "dialog", data: { testid: "holder" }, on: { click: () => this.pass() } });
    this.inspectorButton = iconButton("code", t("このスマホの通信を調べる"), "inspector-toggle", () => this.inspector.toggle(), "holder-tool");
    this.inspector = new Inspector(store, this, this.inspectorButton);
    this.root = el("section", { class: "phone" },
      el("div", { class: "phone-body" },
        el("div", { class: "holder-bar" }, this.button, this.inspectorButton,
          iconButton("close", t("このスマホを片づける"), "phone-remove", () => board.remove(this), "holder-tool")),
        el("div", { class: "device" }, this.screen)),
      this.inspector.root);
    this.deaf = [store.on("people", () => this.draw())];
    this.draw();
    this.show();
  }

  close() {
    for (const part of [this.room, this.talks, this.inspector]) part.close();
    for (const stop of this.deaf) stop();
    this.root.remove();
  }

  person() {
    return this.store.people.get(this.holder) ?? { id: this.holder, name: "", state: "stranger", staff: false };
  }

  draw() {
    const { name, picture_url: address } = this.person();
    this.root.setAttribute("aria-label", t("{name}のスマホ", { name }));
    Object.assign(this.root.dataset, { testid: `phone-${this.kind}`, holder: name });
    this.button.replaceChildren(avatar(name, false, address), el("span", { class: "holder-name" }, name),
      el("span", { class: `kind kind-${this.kind}` }, this.kind === "staff" ? t("スタッフ") : t("お客様")), icon("down"));
    this.button.title = t("持つ人を変える");
  }

  tick(now) {
    const words = hour(now);
    if (this.clock.textContent !== words) this.clock.textContent = words;
  }

  /** Somebody else takes the phone. */
  async pass() {
    const person = await choosePerson(this.store, t("だれのスマホにしますか"));
    if (person === null || person.id === this.holder) return;
    this.holder = person.id;
    this.kind = person.staff ? "staff" : "customer";
    await this.store.hold(person.id);
    this.chat = this.first();
    this.draw();
    this.show(true);
    this.board.changed();
  }

  /** The room a phone opens at: of staff their group, of customers the talk with the bot. */
  first() {
    const group = [...this.store.groups.values()].find((one) => one.members.includes(this.holder));
    return this.kind === "staff" && group ? group.id : this.holder;
  }

  open(chat) {
    this.chat = chat;
    this.show(true);
    this.board.changed();
    this.room.composer.input.focus({ preventScroll: true });
  }

  back() {
    const { chat } = this;
    this.chat = null;
    this.show();
    this.board.changed();
    (this.talks.rows.querySelector(`[value="${CSS.escape(chat)}"]`) ?? this.talks.rows.querySelector("button"))?.focus();
  }

  /** anew: the room was not there before. */
  show(anew = false) {
    this.talks.root.hidden = this.chat !== null;
    this.room.root.hidden = this.chat === null;
    this.talks.draw();
    this.room.show(this.chat, anew);
    this.inspector.turnTo(this.chat);
  }

  inspect(messageId) {
    this.inspector.open(messageId);
  }
}
