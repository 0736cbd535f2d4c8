// What comes up below the input in place of letters: stickers, emoji, and other things to send.

import { el, icon, iconButton, refill } from "/phones/static/dom.js";
import { t } from "/phones/static/language.js";
import { emojiFace, stickerFace } from "/phones/static/stickerfaces.js";
import { EMOJI, LINE_EMOJI, STICKERS } from "/phones/static/stickers.js";

const THINGS = [
  ["photo", "写真", "image", "image/*"],
  ["video", "動画", "video", "video/*"],
  ["audio", "音声", "sound", "audio/*"],
  ["file", "ファイル", "file", ""],
];

export class Keyboard {
  /** acts: file(kind, File), sample(), place(), sticker({packageId, stickerId, keywords}), letters(text). */
  constructor(acts) {
    this.acts = acts;
    this.open = null;
    this.buttons = {
      more: this.toggle("add", t("ほかのものを送る"), "attach", "things"),
      stickers: this.toggle("smile", t("スタンプと絵文字"), "sticker-toggle", "stickers"),
    };
    this.root = el("div", { class: "keyboard", hidden: true, data: { testid: "keyboard" },
      on: { keydown: (event) => event.key === "Escape" && this.shut() } });
  }

  /** From within: the button that opened it is there again. */
  shut() {
    const button = this.open === "things" ? this.buttons.more : this.buttons.stickers;
    this.show(null);
    button.focus();
  }

  toggle(name, words, testid, panel) {
    const button = iconButton(name, words, testid, () => this.show(this.open === panel ? null : panel));
    button.setAttribute("aria-expanded", "false");
    return button;
  }

  /** things, stickers, line (LINE emoji), emoji, or null for none. */
  show(panel) {
    this.open = panel;
    this.root.hidden = panel === null;
    this.buttons.more.setAttribute("aria-expanded", String(panel === "things"));
    this.buttons.stickers.setAttribute("aria-expanded", String(panel !== null && panel !== "things"));
    if (panel === null) this.root.replaceChildren();
    else refill(this.root, ...(panel === "things" ? this.things() : this.pictures(panel)));
  }

  things() {
    const all = THINGS.map(([kind, words, name, accept]) => this.thing(kind, t(words), name, () => this.choose(kind, accept)));
    all.push(this.thing("place", t("位置情報"), "pin", () => this.acts.place()));
    all.push(this.thing("sample", t("見本の写真"), "scene", () => this.acts.sample()));
    return [el("div", { class: "things", role: "group", "aria-label": t("送るもの") }, all)];
  }

  thing(kind, words, name, act) {
    return el("button", { type: "button", class: "thing", data: { testid: `attach-${kind}` }, on: { click: () => {
      this.show(null);
      act();
    } } }, el("span", { class: "thing-mark" }, icon(name)), words);
  }

  /** Ask for a file; the field has to stand in the page for as long as that takes. */
  choose(kind, accept) {
    const field = el("input", { type: "file", accept, hidden: true, "aria-label": t("ファイル"), data: { testid: "attach-field" } });
    field.addEventListener("change", () => {
      field.remove();
      if (field.files.length > 0) this.acts.file(kind, field.files[0]);
    });
    field.addEventListener("cancel", () => field.remove());
    this.buttons.more.after(field);
    field.click();
  }

  pictures(panel) {
    const panels = {
      stickers: [t("スタンプ"), () => this.stickers()],
      line: [t("LINE絵文字"), () => this.emoji(LINE_EMOJI.map(({ written, productId, emojiId }) => [written, emojiFace(productId, emojiId)]))],
      emoji: [t("絵文字"), () => this.emoji(EMOJI.map((letters) => [letters, letters]))],
    };
    const tabs = Object.entries(panels).map(([name, [words]]) =>
      el("button", { type: "button", role: "tab", class: "tab", "aria-selected": String(name === panel),
        data: { testid: `keyboard-${name}` }, on: { click: () => this.show(name) } }, words));
    const [words, grid] = panels[panel];
    return [
      el("div", { class: "tabs", role: "tablist", "aria-label": t("スタンプと絵文字") }, tabs),
      el("div", { class: "keyboard-body", role: "tabpanel", "aria-label": words }, grid()),
    ];
  }

  stickers() {
    return el("div", { class: "sticker-grid" }, STICKERS.map((one) =>
      el("button", { type: "button", class: "sticker-key", data: { testid: "sticker", sticker: one.stickerId }, on: { click: () => this.acts.sticker(one) } },
        stickerFace(one.packageId, one.stickerId), one.keywords[0])));
  }

  /** keys: [letters, what is drawn for them]. */
  emoji(keys) {
    return el("div", { class: "emoji-grid" }, keys.map(([letters, drawn]) =>
      el("button", { type: "button", class: "emoji-key", title: letters, "aria-label": letters, data: { testid: "emoji" },
        on: { click: () => this.acts.letters(letters) } }, drawn)));
  }
}
