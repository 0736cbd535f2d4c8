// The date and time picker that a button of the bot opens.

import { el } from "/phones/static/dom.js";

const TYPES = { date: "date", time: "time", datetime: "datetime-local" };

/** Resolves to what was chosen, in the picker's own format, or to null. */
export function pick(action) {
  const type = Object.hasOwn(TYPES, action.mode) ? TYPES[action.mode] : "datetime-local";
  const plain = (value) => (typeof value === "string" ? value.replace("t", "T") : undefined);
  const field = el("input", {
    type, min: plain(action.min), max: plain(action.max), value: plain(action.initial) ?? plain(action.min) ?? "",
    required: true, "aria-label": String(action.label ?? "日時"), data: { testid: "picker-value" },
  });
  return new Promise((resolve) => {
    const done = el("button", { type: "button", class: "control control-strong", data: { testid: "picker-done" },
      on: { click: () => field.reportValidity() && dialog.close(field.value) } }, "決定");
    const cancel = el("button", { type: "button", class: "control", on: { click: () => dialog.close("") } }, "キャンセル");
    const dialog = el("dialog", { class: "picker", data: { testid: "picker" } },
      el("h2", {}, String(action.label ?? "日時を選ぶ")), field, el("div", { class: "picker-buttons" }, cancel, done));
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "" ? null : dialog.returnValue);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
