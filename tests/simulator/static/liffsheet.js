// A LIFF page in a sheet of the phone, as LINE opens it: compact, tall or full; it may close itself or open another.

import { el } from "/phones/static/dom.js";
import { openSheet } from "/phones/static/sheet.js";

const MAY = "allow-scripts allow-same-origin allow-forms allow-popups allow-modals allow-downloads";
let opened = 0;

export const LIFF_ADDRESS = /\/\d{10}-[A-Za-z0-9]{8}(?:[/?#]|$)/;

/** about: {url, size, name}; open(address, outside): the page wants another one opened. */
export function openLiff(screen, about, open) {
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
