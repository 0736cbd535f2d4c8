// The input of a phone: many lines, Enter sends, mentions of the bot and of members, a quoted bubble above.

import { el, icon } from "/phones/static/dom.js";
import { gist } from "/phones/static/texts.js";

const AFTER_AT = /@([^\s@]*)$/;

export class Composer {
  /** say(text, {quotes, mentions}) returns a promise; names() are those that can be mentioned, the bot first. */
  constructor({ label, say, names, botName }) {
    Object.assign(this, { say, names });
    this.quoted = null;
    this.picked = new Set();
    this.drafts = new Map();
    this.input = el("textarea", {
      rows: 1, placeholder: "メッセージを入力", "aria-label": label, data: { testid: "input" }, spellcheck: false, autocomplete: "off",
      on: { input: () => this.changed(), keydown: (event) => this.key(event), click: () => this.suggest() },
    });
    this.button = el("button", { type: "button", class: "send", "aria-label": "送信", title: "送信（Enter）", disabled: true,
      data: { testid: "send" }, on: { click: () => this.send() } }, icon("send"));
    this.chip = el("button", { type: "button", class: "mention-chip", data: { testid: "bot-mention" },
      title: "ボットへのメンションを入れる", on: { click: () => this.mention(botName()) } });
    this.choices = el("div", { class: "choices", role: "group", "aria-label": "メンションする相手", hidden: true, data: { testid: "mention-choices" } });
    this.quoting = el("div", { class: "quoting", hidden: true, data: { testid: "quoting" } });
    this.root = el("div", { class: "composer" }, this.choices, this.quoting,
      el("div", { class: "composer-row" }, this.chip, this.input, this.button));
  }

  /** Whose talk this is; what was being written elsewhere waits there. */
  turnTo(key, botName, inGroup) {
    this.chip.replaceChildren(`@${botName}`);
    this.chip.hidden = !inGroup;
    this.inGroup = inGroup;
    if (key === this.keyNow) return;
    if (this.keyNow) this.drafts.set(this.keyNow, this.input.value);
    this.keyNow = key;
    this.picked.clear();
    this.input.value = this.drafts.get(key) ?? "";
    this.unquote();
    this.changed();
  }

  changed() {
    const { input } = this;
    this.button.disabled = input.value.trim() === "";
    input.style.height = "auto";
    input.style.height = `${Math.min(input.scrollHeight + 2, 220)}px`;
    this.suggest();
  }

  key(event) {
    if (event.isComposing || event.keyCode === 229) return;
    const open = !this.choices.hidden;
    if (open && event.key === "Tab" && !event.shiftKey) {
      event.preventDefault();
      this.choices.firstElementChild.click();
    } else if (event.key === "Escape") {
      this.choices.hidden = true;
      this.unquote();
    } else if (event.key === "Enter" && !event.shiftKey && !matchMedia("(pointer: coarse)").matches) {
      event.preventDefault();
      this.send();
    }
  }

  /** After an @ : those who can be mentioned, as buttons. */
  suggest() {
    const before = this.input.value.slice(0, this.input.selectionStart);
    const asked = this.inGroup ? AFTER_AT.exec(before) : null;
    const names = asked ? this.names().filter((name) => name.toLowerCase().startsWith(asked[1].toLowerCase()) && name !== asked[1]) : [];
    this.choices.hidden = names.length === 0;
    this.choices.replaceChildren(...names.map((name) =>
      el("button", { type: "button", class: "choice", on: { click: () => this.mention(name, asked[0].length) } }, `@${name}`)));
  }

  /** Put "@name " where the cursor is, in place of the `instead` letters before it. */
  mention(name, instead = 0) {
    const at = this.input.selectionStart;
    this.input.setRangeText(`@${name} `, at - instead, this.input.selectionEnd, "end");
    this.picked.add(name);
    this.choices.hidden = true;
    this.input.focus();
    this.changed();
  }

  fill(text) {
    this.input.value = text;
    this.input.focus();
    this.changed();
  }

  quote(message) {
    this.quoted = message;
    this.quoting.replaceChildren(
      el("div", { class: "quoting-words" }, el("b", {}, message.name), el("span", {}, gist(message.message))),
      el("button", { type: "button", class: "icon-button", "aria-label": "引用をやめる", data: { testid: "quoting-stop" },
        on: { click: () => this.unquote() } }, icon("close")));
    this.quoting.hidden = false;
    this.input.focus();
  }

  unquote() {
    this.quoted = null;
    this.quoting.hidden = true;
    this.quoting.replaceChildren();
  }

  async send() {
    const text = this.input.value;
    if (text.trim() === "") return;
    const { quoted } = this;
    const mentions = [...this.picked].filter((name) => text.includes(`@${name}`));
    this.input.value = "";
    this.picked.clear();
    this.unquote();
    this.changed();
    const sent = await this.say(text, { ...(quoted ? { quotes: quoted.id } : {}), ...(mentions.length > 0 ? { mentions } : {}) });
    if (sent || this.input.value !== "") return;
    this.input.value = text;
    for (const name of mentions) this.picked.add(name);
    if (quoted) this.quote(quoted);
    this.changed();
  }
}
