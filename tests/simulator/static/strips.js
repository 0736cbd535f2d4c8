// The strip that stands where something cannot be drawn: said, not hidden.

import { el, icon } from "/phones/static/dom.js";

export function strip(thing) {
  return el("div", { class: "strip" }, icon("warning"), el("span", {}, `表示できない種類です: ${String(thing?.type)}`));
}
