// The phones on the desk: which there are, more of them, fewer; remembered for the next visit.

import { choosePerson } from "/phones/static/ask.js";
import { el, icon } from "/phones/static/dom.js";
import { t } from "/phones/static/language.js";
import { choose, remembered } from "/phones/static/memory.js";
import { Phone } from "/phones/static/phone.js";

export class Board {
  constructor(store, root, tabs) {
    Object.assign(this, { store, root, tabs });
    this.phones = [];
    this.shown = 0;
    this.more = el("button", { type: "button", class: "phone-add", data: { testid: "phone-add" }, on: { click: () => this.askForOne() } },
      icon("add"), el("span", {}, t("スマホを追加")));
    store.on("people", () => this.drawTabs());
    store.on("lists", () => this.drawTabs());
    store.on("reset", () => this.afterReset());
    document.addEventListener("visibilitychange", () => this.look());
  }

  /** The phones of the last visit, as far as their holders are still there; else a customer's and a member of staff's. */
  async begin() {
    const wanted = saved();
    await this.store.need(wanted.map((one) => one.holder));
    const left = wanted.filter((one) => this.store.people.has(one.holder));
    for (const one of left.length > 0 ? left : await this.first()) await this.add(one);
    this.root.replaceChildren(...this.phones.map((phone) => phone.root), this.more);
    this.changed();
  }

  async first() {
    const found = [];
    for (const kind of ["customer", "staff"]) {
      const person = (await this.store.desk.people({ kind })).people[0];
      if (person) found.push({ holder: this.store.meet(person).id, kind });
    }
    return found;
  }

  async add({ holder, kind, chat }) {
    await this.store.hold(holder);
    const phone = new Phone(this.store, this, { holder, kind, chat: null });
    const known = chat === null || chat === holder || this.store.groups.has(chat);
    phone.chat = chat === undefined || !known ? phone.first() : chat;
    this.phones.push(phone);
    if (this.more.isConnected) this.more.before(phone.root);
    phone.show();
    return phone;
  }

  async askForOne() {
    const person = await choosePerson(this.store, t("だれのスマホを出しますか"));
    if (person !== null) await this.bring(person);
  }

  /** Somebody's phone beside the others. */
  async bring(person) {
    const phone = await this.add({ holder: person.id, kind: person.staff ? "staff" : "customer" });
    this.shown = this.phones.length - 1;
    this.changed();
    phone.root.scrollIntoView({ inline: "nearest", block: "nearest", behavior: "smooth" });
    phone.button.focus({ preventScroll: true });
  }

  remove(phone) {
    this.drop(phone);
    this.changed();
    this.more.focus({ preventScroll: true });
  }

  drop(phone) {
    phone.close();
    this.phones = this.phones.filter((one) => one !== phone);
    this.shown = Math.max(0, Math.min(this.shown, this.phones.length - 1));
    if (!this.phones.some((one) => one.holder === phone.holder)) this.store.lists.delete(phone.holder);
  }

  /** After a start over customers are others: their phones go to the new ones. */
  async afterReset() {
    for (const phone of [...this.phones]) if (!this.store.people.has(phone.holder)) this.drop(phone);
    const kinds = new Set(this.phones.map((phone) => phone.kind));
    for (const one of await this.first()) if (!kinds.has(one.kind)) await this.add(one);
    this.phones.sort((one, other) => one.kind.localeCompare(other.kind));
    this.root.replaceChildren(...this.phones.map((phone) => phone.root), this.more);
    for (const phone of this.phones) phone.show();
    this.changed();
  }

  changed() {
    choose("phones", JSON.stringify(this.phones.map(({ holder, kind, chat }) => ({ holder, kind, chat }))));
    this.drawTabs();
    this.look();
  }

  tick(now) {
    for (const phone of this.phones) phone.tick(now);
  }

  /** What can be seen has been read. */
  look() {
    for (const phone of this.phones) phone.room.talk.seen();
  }

  /** On a narrow screen one phone is shown at a time. */
  drawTabs() {
    this.tabs.replaceChildren(...this.phones.map((phone, index) => {
      const { name } = phone.person();
      const unread = this.store.unreadOf(phone.holder);
      return el("button", { type: "button", "aria-pressed": String(index === this.shown), data: { testid: "phone-tab", holder: name },
        on: { click: () => this.turnTo(index) } }, name, unread > 0 ? el("span", { class: "badge" }, String(Math.min(unread, 999))) : null);
    }), el("button", { type: "button", class: "phone-tab-add", "aria-label": t("スマホを追加"), on: { click: () => this.askForOne() } }, icon("add")));
    for (const [index, phone] of this.phones.entries()) phone.root.classList.toggle("phone-shown", index === this.shown);
  }

  turnTo(index) {
    this.shown = index;
    this.drawTabs();
    this.tabs.children[index].focus();
    this.look();
  }
}

function saved() {
  try {
    const all = JSON.parse(remembered("phones") ?? "[]");
    return all.filter((one) => typeof one?.holder === "string" && ["staff", "customer"].includes(one.kind));
  } catch {
    return [];
  }
}
