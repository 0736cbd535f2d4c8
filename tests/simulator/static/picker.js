// The date and time picker that a button of the bot opens in the phone.

import { el } from "/phones/static/dom.js";
import { t } from "/phones/static/language.js";
import { openSheet } from "/phones/static/sheet.js";

const TYPES = { __proto__: null, date: "date", time: "time", datetime: "datetime-local" };

/** Resolves to what was chosen, in the picker's own format, or to null. */
export function pick(screen, action) {
  const plain = (value) => (typeof value === "string" ? value.replace("t", "T") : undefined);
  const title = String(action.label ?? t("日時を選ぶ"));
  const field = el("input", {
    type: TYPES[action.mode] ?? "datetime-local", min: plain(action.min), max: plain(action.max),
    value: plain(action.initial) ?? plain(action.min) ?? "", required: true, autofocus: true, "aria-label": title,
    data: { testid: "picker-value" },
  });
  return new Promise((resolve) => {
    let chosen = null;
    const decide = (event) => {
      event.preventDefault();
      chosen = field.value;
      sheet.close();
    };
    const body = el("form", { class: "sheet-form", on: { submit: decide } }, field,
      el("div", { class: "sheet-buttons" },
        el("button", { type: "button", class: "control", on: { click: () => sheet.close() } }, t("キャンセル")),
        el("button", { type: "submit", class: "control control-strong", data: { testid: "picker-done" } }, t("決定"))));
    const sheet = openSheet(screen, { title, body, testid: "picker", closed: () => resolve(chosen) });
  });
}
