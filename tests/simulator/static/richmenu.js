// The rich menu of a talk: its picture with areas to press, and the bar that opens and closes it.

import { el, icon, iconButton, picture, refill } from "/phones/static/dom.js";
import { t } from "/phones/static/language.js";

export class RichMenu {
  /** acts: tap(action, area), turn(), write(): the bar's keyboard was asked for. */
  constructor(acts) {
    this.acts = acts;
    this.menu = null;
    this.writing = false;
    this.face = el("div", { class: "menu-face", role: "group", data: { testid: "rich-menu" } });
    this.bar = el("div", { class: "menu-bar" });
    this.root = el("div", { class: "rich-menu", hidden: true }, this.face, this.bar);
  }

  /** As the desk describes it; null: there is none. */
  show(menu) {
    const same = JSON.stringify(menu) === JSON.stringify(this.menu);
    if (menu?.open && !this.menu?.open) this.writing = false;
    this.menu = menu;
    this.root.hidden = menu === null || this.writing;
    if (menu === null || same) return;
    this.face.hidden = !menu.open;
    this.face.dataset.menu = menu.id;
    this.face.setAttribute("aria-label", String(menu.name ?? t("リッチメニュー")));
    const { width, height } = menu.size;
    this.face.style.aspectRatio = `${Number(width)} / ${Number(height)}`;
    const drawn = picture(menu.picture ? location.origin + menu.picture : "", "", "menu-picture");
    refill(this.face, drawn, ...menu.areas.map((area, index) => this.area(area, index, width, height)));
    const turn = el("button", { type: "button", class: "menu-turn", "aria-expanded": String(menu.open), data: { testid: "menu-bar" },
      on: { click: () => this.acts.turn() } }, String(menu.bar ?? t("メニュー")), icon(menu.open ? "down" : "up"));
    refill(this.bar, iconButton("keyboard", t("キーボードで入力"), "menu-keyboard", () => this.acts.write()), turn);
  }

  area({ bounds, action }, index, width, height) {
    const { label, text, displayText, richMenuAliasId, uri, data } = action;
    const words = String(label ?? displayText ?? text ?? richMenuAliasId ?? uri ?? data ?? "");
    const area = el("button", { type: "button", class: "menu-area", value: String(index), "aria-label": words, title: words,
      data: { testid: "menu-area" }, on: { click: () => this.acts.tap(action, index) } });
    area.style.left = `${(bounds.x / width) * 100}%`;
    area.style.top = `${(bounds.y / height) * 100}%`;
    area.style.width = `${(bounds.width / width) * 100}%`;
    area.style.height = `${(bounds.height / height) * 100}%`;
    return area;
  }

  /** Write instead, or come back to the menu. */
  write(on) {
    this.writing = on;
    this.root.hidden = this.menu === null || on;
  }
}
