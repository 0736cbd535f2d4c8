// A page in a sheet of the phone, as LINE opens LIFF apps and account links; it may close itself or open another.

import { el } from "/phones/static/dom.js";
import { openSheet } from "/phones/static/sheet.js";

const MAY = "allow-scripts allow-same-origin allow-forms allow-popups allow-modals allow-downloads";
let opened = 0;

/** Addresses that may lead to such a page; the desk knows. */
export const STAYS_INSIDE = /\/\d{10}-[A-Za-z0-9]{8}(?:[/?#]|$)|\/dialog\/bot\/accountLink\?/;

/** about: {url, size (compact, tall or full), name}; open(address, outside): the page wants another one opened. */
export function openPage(screen, about, open) {
  const frame = el("iframe", { class: "liff-frame", title: about.name, name: `liff-${Date.now()}-${++opened}`,
    allow: "clipboard-write", referrerPolicy: "no-referrer", data: { testid: "liff-frame" } });
  frame.setAttribute("sandbox", MAY);
  const hear = (event) => {
    if (event.source !== frame.contentWindow || event.data?.simulator !== "liff") return;
    if (event.data.do === "closeWindow") sheet.close();
    if (event.data.do === "openWindow") open(String(event.data.url), event.data.external === true);
  };
  window.addEventListener("message", hear);
  const size = ["compact", "tall", "full"].includes(about.size) ? about.size : "full";
  const sheet = openSheet(screen, { title: about.name, body: frame, size, testid: "liff",
    closed: () => window.removeEventListener("message", hear) });
  frame.src = about.url;
}
