// Those who can be mentioned, offered after an @; chosen with Enter, Tab, the arrow keys or a press.

import { el } from "/phones/static/dom.js";
import { t } from "/phones/static/language.js";

const AFTER_AT = /@([^\s@]*)$/;
let made = 0;

export class Mentions {
  /** names(): all who can be mentioned; choose(name, letters): one was chosen, in place of so many letters. */
  constructor(names, choose) {
    Object.assign(this, { names, choose });
    this.id = `mentions-${++made}`;
    this.on = false;
    this.picked = new Set();
    this.root = el("div", { class: "choices", role: "listbox", id: this.id, "aria-label": t("メンションする相手"), hidden: true,
      data: { testid: "mention-choices" } });
  }

  clear() {
    this.picked.clear();
    this.close();
  }

  /** The names among them that stand in a text after an @. */
  namesIn(text) {
    return this.names().filter((name) => text.includes(`@${name}`));
  }

  pickedIn(text) {
    return [...this.picked].filter((name) => text.includes(`@${name}`));
  }

  suggest(before) {
    const asked = this.on ? AFTER_AT.exec(before) : null;
    const begins = asked?.[1].toLowerCase();
    const names = asked ? this.names().filter((name) => name.toLowerCase().startsWith(begins) && name !== asked[1]) : [];
    this.letters = asked?.[0].length ?? 0;
    if (names.length === 0) return this.close();
    this.root.replaceChildren(...names.map((name, index) => el("div", {
      class: "choice", role: "option", id: `${this.id}-${index}`, data: { name },
      on: { pointerdown: (event) => event.preventDefault(), click: () => this.take(index) },
    }, `@${name}`)));
    this.root.hidden = false;
    this.mark(0);
  }

  close() {
    this.root.hidden = true;
    this.input?.removeAttribute("aria-activedescendant");
  }

  mark(index) {
    const all = [...this.root.children];
    this.at = (index + all.length) % all.length;
    for (const [place, option] of all.entries()) option.setAttribute("aria-selected", String(place === this.at));
    all[this.at].scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", `${this.id}-${this.at}`);
  }

  take(index) {
    const { name } = this.root.children[index].dataset;
    this.close();
    this.choose(name, this.letters);
  }

  /** Whether the key was meant for the choices. */
  key(event) {
    if (this.root.hidden) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.mark(this.at + step);
    else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey) this.take(this.at);
    else if (event.key === "Escape") this.close();
    else return false;
    event.preventDefault();
    return true;
  }
}
