// Flex messages: bubbles and carousels, their blocks, and what they do when pressed.

import { el } from "/phones/static/dom.js";
import { colour } from "/phones/static/flexlooks.js";
import { acting, component } from "/phones/static/flexparts.js";
import { row } from "/phones/static/rows.js";
import { strip } from "/phones/static/strips.js";

const WIDTHS = { __proto__: null, nano: 120, micro: 160, deca: 220, hecto: 241, kilo: 260, mega: 300, giga: 386 };
const ROOM = { __proto__: null, nano: "10px", micro: "10px", deca: "13px", hecto: "13px", kilo: "13px" };
const BLOCKS = ["header", "hero", "body", "footer"];

export function flex(message, context) {
  const container = message.contents ?? {};
  if (container.type === "carousel") {
    return row((container.contents ?? []).map((one, index) => bubble(one, `/contents/contents/${index}`, context)));
  }
  return container.type === "bubble" ? bubble(container, "/contents", context) : strip(`flex/${container.type}`);
}

function bubble(container, pointer, context) {
  const size = container.size in WIDTHS ? container.size : "mega";
  const card = el("div", { class: `flex-bubble ${container.body ? "" : "flex-low"}`, data: { size } });
  card.style.width = `${WIDTHS[size]}px`;
  if (container.direction === "rtl") card.dir = "rtl";
  for (const name of BLOCKS) {
    const part = container[name];
    if (!part) continue;
    const block = el("div", { class: `flex-block flex-${name}` });
    block.style.setProperty("--room", name === "footer" ? "10px" : ROOM[size] ?? "20px");
    block.append(component(part, `${pointer}/${name}`, context, "vertical"));
    dress(block, container.styles?.[name] ?? {}, card.childElementCount > 0);
    card.append(block);
  }
  return acting(card, container.action, `${pointer}/action`, context);
}

/** A block's styles: {backgroundColor, separator, separatorColor}; there is no line above the first block. */
function dress(block, style, below) {
  colour(block, "backgroundColor", style.backgroundColor);
  if (style.separator === true && below) {
    block.classList.add("flex-parted");
    colour(block, "borderTopColor", style.separatorColor);
  }
}
