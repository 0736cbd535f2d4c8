// Flex messages: bubbles and carousels of boxes, text, buttons, images; sizes and spaces as LINE lays them out.

import { el, picture } from "/phones/static/dom.js";
import { row } from "/phones/static/rows.js";
import { strip } from "/phones/static/strips.js";

const WIDTHS = { __proto__: null, nano: 120, micro: 160, deca: 220, hecto: 241, kilo: 260, mega: 300, giga: 386 };
const SMALL_PADDING = { __proto__: null, nano: "10px", micro: "10px", deca: "13px", hecto: "13px", kilo: "13px" };
const SPACES = { __proto__: null, none: "0", xs: "2px", sm: "4px", md: "8px", lg: "12px", xl: "16px", xxl: "20px" };
const LETTERS = { __proto__: null, xxs: 11, xs: 13, sm: 14, md: 16, lg: 19, xl: 22, xxl: 29, "3xl": 35, "4xl": 48, "5xl": 74 };
const PICTURES = { __proto__: null, xxs: 40, xs: 60, sm: 80, md: 100, lg: 120, xl: 140, xxl: 160, "3xl": 180, "4xl": 200, "5xl": 220 };
const BORDERS = { __proto__: null, none: "0", light: "0.5px", normal: "1px", "semi-bold": "2px", medium: "3px", bold: "4px" };
const PLACES = { __proto__: null, start: "flex-start", center: "center", end: "flex-end", top: "flex-start", bottom: "flex-end" };
const SPREADS = { __proto__: null, ...PLACES, "space-between": "space-between", "space-around": "space-around", "space-evenly": "space-evenly" };
const LENGTH = /^\d+(\.\d+)?(px|%)$/;
const OFFSET = /^-?\d+(\.\d+)?(px|%)$/;
const COLOUR = /^#[0-9a-fA-F]{6}([0-9a-fA-F]{2})?$/;

export function flex(message, context) {
  const container = message.contents ?? {};
  if (container.type === "carousel") {
    return row((container.contents ?? []).map((one, index) => bubble(one, `/contents/contents/${index}`, context)));
  }
  return container.type === "bubble" ? bubble(container, "/contents", context) : strip({ type: `flex/${container.type}` });
}

function bubble(container, pointer, context) {
  const size = container.size in WIDTHS ? container.size : "mega";
  const card = el("div", { class: "flex-bubble", data: { size } });
  card.style.width = `${WIDTHS[size]}px`;
  if (container.direction === "rtl") card.dir = "rtl";
  for (const name of ["header", "hero", "body", "footer"]) {
    const part = container[name];
    if (!part) continue;
    const block = el("div", { class: `flex-block flex-${name}` }, component(part, `${pointer}/${name}`, context, "vertical"));
    const inner = block.firstElementChild;
    if (part.type === "box" && name !== "hero" && !hasPadding(part)) {
      inner.style.padding = name === "footer" ? "10px" : SMALL_PADDING[size] ?? "20px";
    }
    dress(block, container.styles?.[name] ?? {});
    card.append(block);
  }
  return acting(card, container.action, `${pointer}/action`, context);
}

/** A block's styles: {backgroundColor, separator, separatorColor}. */
function dress(block, style) {
  colour(block, "backgroundColor", style.backgroundColor);
  if (style.separator) {
    block.classList.add("flex-parted");
    colour(block, "borderTopColor", style.separatorColor);
  }
}

function hasPadding(part) {
  return Object.keys(part).some((key) => key.startsWith("padding"));
}

/** Any component in a box of that layout, with what it does when pressed. */
function component(part, pointer, context, layout) {
  const draw = COMPONENTS[part?.type];
  if (!draw) return strip({ type: `flex/${part?.type}` });
  const node = draw(part, pointer, context, layout);
  place(node, part, layout);
  return part.type === "button" ? node : acting(node, part.action, `${pointer}/action`, context);
}

/** How a component stands among its neighbours: share of the room, margin, offsets. */
function place(node, part, layout) {
  const inRow = layout !== "vertical";
  const share = part.flex ?? (inRow && !["icon", "separator"].includes(part.type) ? 1 : 0);
  if (part.type !== "separator" && part.type !== "filler" && part.type !== "spacer") {
    node.style.flex = share > 0 ? `${Number(share)} 1 ${inRow ? "0" : "auto"}` : "0 0 auto";
    if (share === 0 && inRow && part.type === "text" && part.wrap) node.style.flexShrink = "1";
  }
  const margin = space(part.margin);
  if (margin !== null) node.style[inRow ? "marginInlineStart" : "marginTop"] = margin;
  if (part.position === "absolute") node.style.position = "absolute";
  for (const side of ["Top", "Bottom", "Start", "End"]) {
    const offset = part[`offset${side}`];
    if (offset === undefined) continue;
    const value = SPACES[offset] ?? (OFFSET.test(offset) ? offset : null);
    const property = { Top: "top", Bottom: "bottom", Start: "insetInlineStart", End: "insetInlineEnd" }[side];
    if (value !== null) node.style[property] = value;
  }
}

function box(part, pointer, context) {
  const layout = ["horizontal", "vertical", "baseline"].includes(part.layout) ? part.layout : "vertical";
  const node = el("div", { class: `flex-box flex-${layout}` });
  const style = node.style;
  const gap = space(part.spacing);
  (part.contents ?? []).forEach((one, index) => {
    const child = component(one, `${pointer}/contents/${index}`, context, layout);
    if (gap !== null && index > 0 && one.margin === undefined && one.position !== "absolute") {
      style.setProperty("--gap", gap);
      child.classList.add("flex-spaced");
    }
    node.append(child);
  });
  paddings(node, part);
  colour(node, "backgroundColor", part.backgroundColor);
  gradient(node, part.background);
  colour(node, "borderColor", part.borderColor);
  const border = BORDERS[part.borderWidth] ?? length(part.borderWidth);
  if (border) style.borderWidth = border;
  const corner = SPACES[part.cornerRadius] ?? length(part.cornerRadius);
  if (corner) style.borderRadius = corner;
  for (const key of ["width", "height", "maxWidth", "maxHeight"]) {
    const value = length(part[key]);
    if (value) style[key] = value;
  }
  if (part.justifyContent in SPREADS) style.justifyContent = SPREADS[part.justifyContent];
  if (part.alignItems in PLACES) style.alignItems = PLACES[part.alignItems];
  return node;
}

function paddings(node, part) {
  const sides = {
    paddingAll: ["padding"], paddingTop: ["paddingTop"], paddingBottom: ["paddingBottom"],
    paddingStart: ["paddingInlineStart"], paddingEnd: ["paddingInlineEnd"],
  };
  for (const [key, properties] of Object.entries(sides)) {
    const value = space(part[key]);
    if (value !== null) for (const property of properties) node.style[property] = value;
  }
}

function gradient(node, background) {
  if (background?.type !== "linearGradient") return;
  const stops = [background.startColor, background.centerColor, background.endColor].filter((one) => COLOUR.test(one ?? ""));
  const angle = /^\d+(\.\d+)?deg$/.test(background.angle ?? "") ? background.angle : "0deg";
  if (stops.length > 1) node.style.backgroundImage = `linear-gradient(${angle}, ${stops.join(", ")})`;
}

function text(part) {
  const node = el("div", { class: "flex-text" });
  if (Array.isArray(part.contents) && part.contents.length > 0) {
    node.append(...part.contents.map((span) => letters(el("span", {}, String(span.text ?? "")), span)));
  } else node.append(String(part.text ?? ""));
  letters(node, part);
  if (["start", "end", "center"].includes(part.align)) node.style.textAlign = part.align;
  if (part.wrap) node.classList.add("flex-wrap");
  if (part.wrap && Number(part.maxLines) > 0) {
    node.classList.add("flex-lines");
    node.style.setProperty("-webkit-line-clamp", String(Number(part.maxLines)));
  }
  gravity(node, part);
  return node;
}

function letters(node, part) {
  const size = LETTERS[part.size] ? `${LETTERS[part.size]}px` : length(part.size);
  if (size) node.style.fontSize = size;
  colour(node, "color", part.color);
  if (part.weight) node.style.fontWeight = part.weight === "bold" ? "700" : "400";
  if (part.style === "italic") node.style.fontStyle = "italic";
  if (["underline", "line-through"].includes(part.decoration)) node.style.textDecoration = part.decoration;
  const height = length(part.lineSpacing);
  if (height) node.style.lineHeight = `calc(1.4em + ${height})`;
  return node;
}

function button(part, pointer, context) {
  const action = part.action ?? {};
  const style = ["primary", "secondary"].includes(part.style) ? part.style : "link";
  const node = el("button", {
    type: "button", class: `flex-button flex-button-${style} ${part.height === "sm" ? "flex-button-low" : ""}`,
    on: {
      click: (event) => {
        event.stopPropagation();
        context.press(action, `${pointer}/action`);
      },
    },
  }, String(action.label ?? ""));
  colour(node, style === "link" ? "color" : "backgroundColor", part.color);
  gravity(node, part);
  return node;
}

function image(part) {
  const [width, height] = /^\d+:\d+$/.test(part.aspectRatio ?? "") ? part.aspectRatio.split(":").map(Number) : [1, 1];
  const tile = picture(part.url, "画像", part.aspectMode === "cover" ? "" : "picture-contain");
  const frame = el("div", { class: "flex-image" }, tile);
  tile.style.width = part.size === "full" ? "100%" : PICTURES[part.size] ? `${PICTURES[part.size]}px` : length(part.size) ?? "100px";
  tile.style.aspectRatio = `${width} / ${Math.min(height, width * 3)}`;
  colour(tile, "backgroundColor", part.backgroundColor);
  frame.style.justifyContent = PLACES[part.align] ?? "center";
  gravity(frame, part);
  return frame;
}

function video(part, pointer, context) {
  return image({ ...part, url: part.previewUrl, size: "full", aspectMode: "cover" }, pointer, context);
}

function iconOf(part) {
  const tile = picture(part.url, "", "picture-contain flex-icon");
  const size = LETTERS[part.size] ?? LETTERS.md;
  tile.style.height = length(part.size) ?? `${size}px`;
  const [width, height] = /^\d+:\d+$/.test(part.aspectRatio ?? "") ? part.aspectRatio.split(":").map(Number) : [1, 1];
  tile.style.aspectRatio = `${width} / ${height}`;
  return tile;
}

function separator(part, pointer, context, layout) {
  const node = el("div", { class: layout === "vertical" ? "flex-line" : "flex-line flex-line-upright", role: "separator" });
  colour(node, "backgroundColor", part.color);
  return node;
}

function filler(part) {
  const node = el("div", { class: "flex-filler", "aria-hidden": "true" });
  node.style.flex = `${Number(part.flex ?? 1)} 1 0`;
  return node;
}

function spacer(part) {
  const node = el("div", { class: "flex-spacer", "aria-hidden": "true" });
  const size = SPACES[part.size] ?? SPACES.md;
  node.style.flex = `0 0 ${size}`;
  return node;
}

/** In a row: where a component stands up and down. */
function gravity(node, part) {
  if (part.gravity in PLACES) node.style.alignSelf = PLACES[part.gravity];
}

/** Makes a component pressable by pointer and by keyboard. */
function acting(node, action, pointer, context) {
  if (!action || typeof action !== "object") return node;
  const press = (event) => {
    event.stopPropagation();
    context.press(action, pointer);
  };
  node.classList.add("flex-pressable");
  node.tabIndex = 0;
  node.setAttribute("role", node.querySelector("button, [role=button]") ? "group" : "button");
  if (action.label) node.setAttribute("aria-label", String(action.label));
  node.addEventListener("click", press);
  node.addEventListener("keydown", (event) => {
    if (event.target === node && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      press(event);
    }
  });
  return node;
}

function colour(node, property, value) {
  if (typeof value === "string" && COLOUR.test(value)) node.style[property] = value;
}

function space(value) {
  return SPACES[value] ?? length(value);
}

function length(value) {
  return typeof value === "string" && LENGTH.test(value) ? value : null;
}

const COMPONENTS = { __proto__: null, box, text, button, image, video, icon: iconOf, separator, filler, spacer };
