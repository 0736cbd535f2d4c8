// The round picture of somebody: their own, or the first letter of the name on a colour of its own.

import { el, openable } from "/phones/static/dom.js";

export function avatar(name, bot, address) {
  const hue = [...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 360, 7);
  const node = el("span", { class: `avatar ${bot ? "avatar-bot" : ""}`, "aria-hidden": "true" }, [...name][0] ?? "?");
  if (!bot) node.style.setProperty("--hue", String(hue));
  const source = typeof address === "string" ? openable(address) : null;
  if (source !== null) {
    const image = el("img", { alt: "", referrerPolicy: "no-referrer", on: { error: () => image.remove() } });
    image.src = source;
    node.append(image);
  }
  return node;
}
