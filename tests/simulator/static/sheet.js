// A sheet that comes up inside a phone, in front of what stands there: fit, compact, tall or full.

import { el, iconButton } from "/phones/static/dom.js";
import { t } from "/phones/static/language.js";

/** body: a node. closed() is called however it is closed; the sheet is given: {root, close()}. */
export function openSheet(screen, { title, body, size = "fit", testid = "sheet", closed = () => {} }) {
  const before = document.activeElement;
  const hidden = [...screen.children].filter((child) => !child.inert);
  const panel = el("div", { class: `sheet sheet-${size}`, role: "dialog", "aria-modal": "true", "aria-label": title, tabIndex: -1,
    data: { testid, size } },
  el("div", { class: "sheet-head" }, el("h2", {}, title), iconButton("close", t("閉じる"), "sheet-close", () => close())), body);
  const root = el("div", { class: "sheet-veil", on: { pointerdown: (event) => event.target === root && close() } }, panel);
  function close() {
    if (!root.isConnected) return;
    root.remove();
    for (const child of hidden) child.inert = false;
    if (before?.isConnected) before.focus({ preventScroll: true });
    closed();
  }
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close();
  });
  screen.append(root);
  for (const child of hidden) child.inert = true;
  (body.querySelector("[autofocus]") ?? panel).focus({ preventScroll: true });
  return { root, close };
}
