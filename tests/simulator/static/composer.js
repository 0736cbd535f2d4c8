// The bar one writes in: many lines, Enter sends; mentions, a quoted bubble, an own text being changed, drafts.

import { el, icon, iconButton } from "/phones/static/dom.js";
import { t } from "/phones/static/language.js";
import { Mentions } from "/phones/static/mentions.js";
import { LINE_EMOJI } from "/phones/static/stickers.js";
import { gist } from "/phones/static/texts.js";

const TALLEST = 140;

export class Composer {
  /** say(text, {quotes, mentions, emojis}), change(id, text, {mentions, emojis}) return promises; names() can be mentioned. */
  constructor({ say, change, names, keyboard, backToMenu }) {
    Object.assign(this, { say, change, keyboard });
    this.quoted = null;
    this.changing = null;
    this.drafts = new Map();
    this.mentions = new Mentions(names, (name, instead) => this.mention(name, instead));
    this.input = el("textarea", {
      rows: 1, placeholder: t("メッセージを入力"), "aria-autocomplete": "list", "aria-controls": this.mentions.id, maxLength: 10_000,
      data: { testid: "input" }, spellcheck: false, autocomplete: "off", enterKeyHint: "send",
      on: { input: () => this.changed(), keydown: (event) => this.key(event), click: () => this.suggest() },
    });
    this.mentions.input = this.input;
    this.button = el("button", { type: "button", class: "send", "aria-label": t("送信"), title: t("送信（Enter）"), disabled: true,
      data: { testid: "send" }, on: { click: () => this.send() } }, icon("send"));
    this.at = iconButton("at", t("ボットへのメンションを入れる"), "bot-mention", () => this.mention(names()[0]));
    this.menu = iconButton("menu", t("メニューに戻る"), "menu-back", backToMenu);
    this.above = el("div", { class: "quoting", hidden: true, data: { testid: "quoting" } });
    this.root = el("div", { class: "composer" }, this.mentions.root, this.above,
      el("div", { class: "composer-row" }, this.menu, keyboard.buttons.more, this.at,
        el("div", { class: "composer-field" }, this.input, keyboard.buttons.stickers), this.button),
      keyboard.root);
  }

  /** Whose talk this is; what was being written elsewhere waits there. */
  turnTo(key, label, inGroup) {
    this.at.hidden = !inGroup;
    this.mentions.on = inGroup;
    this.input.setAttribute("aria-label", label);
    if (key === this.keyNow) return;
    if (this.keyNow && this.changing === null) this.drafts.set(this.keyNow, this.input.value);
    this.keyNow = key;
    this.keyboard.show(null);
    this.clear(this.drafts.get(key) ?? "");
  }

  clear(text = "") {
    this.quoted = null;
    this.changing = null;
    this.mentions.clear();
    this.above.hidden = true;
    this.above.replaceChildren();
    this.fill(text, false);
  }

  fill(text, focus = true) {
    this.input.value = text;
    if (focus) this.input.focus();
    this.changed();
  }

  /** Text where the cursor is. */
  put(text) {
    this.input.setRangeText(text, this.input.selectionStart, this.input.selectionEnd, "end");
    this.changed();
  }

  changed() {
    const { input } = this;
    this.button.disabled = input.value.trim() === "";
    input.style.height = "auto";
    input.style.height = `${Math.min(input.scrollHeight, TALLEST)}px`;
    this.suggest();
  }

  suggest() {
    this.mentions.suggest(this.input.value.slice(0, this.input.selectionStart));
  }

  key(event) {
    if (event.isComposing || event.keyCode === 229) return;
    if (this.mentions.key(event)) return;
    if (event.key === "Escape" && (this.quoted || this.changing)) this.clear(this.changing ? "" : this.input.value);
    else if (event.key === "Enter" && !event.shiftKey && !matchMedia("(pointer: coarse)").matches) this.send();
    else return;
    event.preventDefault();
  }

  /** Put "@name " where the cursor is, in place of the `instead` letters before it. */
  mention(name, instead = 0) {
    const at = this.input.selectionStart;
    this.input.setRangeText(`@${name} `, at - instead, this.input.selectionEnd, "end");
    this.mentions.picked.add(name);
    this.input.focus();
    this.changed();
  }

  quote(about) {
    this.changing = null;
    this.quoted = about;
    this.strip(about.name, gist(about.message), t("引用をやめる"));
  }

  edit(about) {
    this.clear(String(about.message.text));
    this.changing = about;
    for (const name of this.mentions.namesIn(this.input.value)) this.mentions.picked.add(name);
    this.strip(t("メッセージを編集"), gist(about.message), t("編集をやめる"));
  }

  strip(title, words, stop) {
    this.above.replaceChildren(
      el("div", { class: "quoting-words" }, el("b", {}, title), el("span", {}, words)),
      iconButton("close", stop, "quoting-stop", () => this.clear(this.changing ? "" : this.input.value)));
    this.above.hidden = false;
    this.input.focus();
  }

  async send() {
    const text = this.input.value;
    if (text.trim() === "") return;
    const { quoted, changing } = this;
    const mentions = this.mentions.pickedIn(text);
    const marks = { mentions, emojis: emojisIn(text) };
    this.clear();
    const done = changing
      ? await this.change(changing.id, text, marks)
      : await this.say(text, { ...(quoted ? { quotes: quoted.id } : {}), ...marks });
    if (done || this.input.value !== "") return;
    if (quoted) this.quote(quoted);
    if (changing) this.edit(changing);
    this.fill(text);
    for (const name of mentions) this.mentions.picked.add(name);
  }
}

/** The LINE emoji that stand written in a text, in order. */
function emojisIn(text) {
  const found = [];
  for (const { written, productId, emojiId } of LINE_EMOJI) {
    for (let index = text.indexOf(written); index >= 0; index = text.indexOf(written, index + 1)) {
      found.push({ index, length: written.length, productId, emojiId });
    }
  }
  return found.sort((one, other) => one.index - other.index);
}
