// The strip that stands where something cannot be drawn: said, not hidden.

import { el, icon } from "/phones/static/dom.js";
import { t } from "/phones/static/language.js";

/** type: what it is, as the message names it: hologram, template/wheel, flex/video. */
export function strip(type) {
  return el("div", { class: "strip", data: { testid: "strip" } }, icon("warning"),
    el("span", {}, t("表示できない種類です: {type}", { type: String(type) })));
}
