// The components of Flex messages, each in a slot that takes its place among its neighbours.

import { el, picture } from "/phones/static/dom.js";
import * as looks from "/phones/static/flexlooks.js";
import { t } from "/phones/static/language.js";
import { tileToPlay, watch } from "/phones/static/media.js";
import { strip } from "/phones/static/strips.js";

const LAYOUTS = new Set(["horizontal", "vertical", "baseline"]);
const RIGID = new Set(["icon", "separator"]);
const SMALLEST = 8;

/** Any component in a box of that layout, with what it does when pressed. */
export function component(part, pointer, context, layout) {
  const draw = COMPONENTS[part?.type];
  if (!draw) return strip(`flex/${part?.type}`);
  const node = draw(part, pointer, context, layout);
  share(node, part, layout);
  looks.offsets(node, part);
  return ["button", "video"].includes(part.type) ? node : acting(node, part.action, `${pointer}/action`, context);
}

/** How much of its box a component takes. */
function share(node, part, layout) {
  if (part.type === "separator") return;
  const inRow = layout !== "vertical";
  const sized = part.type === "box" && (looks.length(part.width) || looks.length(part.height));
  const usual = inRow && !RIGID.has(part.type) && !sized ? 1 : 0;
  const wanted = part.type === "filler" ? Number(part.flex ?? 1) : sized && inRow ? 0 : Number(part.flex ?? usual);
  if (wanted > 0) node.style.flex = `${wanted} ${inRow ? "1 0" : "0 auto"}`;
  else node.style.flex = "0 0 auto";
}

function box(part, pointer, context) {
  const layout = LAYOUTS.has(part.layout) ? part.layout : "vertical";
  const node = el("div", { class: `flex-box flex-${layout}` });
  (part.contents ?? []).forEach((one, index) => {
    const child = component(one, `${pointer}/contents/${index}`, context, layout);
    const margin = looks.space(one.margin) ?? (index > 0 && one.type !== "filler" ? looks.space(part.spacing) : null);
    if (margin !== null && one.position !== "absolute") child.style[layout === "vertical" ? "marginTop" : "marginInlineStart"] = margin;
    node.append(child);
  });
  looks.dressBox(node, part);
  return part.background && part.background.type !== "linearGradient"
    ? el("div", { class: "flex-box flex-vertical" }, strip(`flex/background/${part.background.type}`), node) : node;
}

/** What stands in a slot, up or down in it. */
function slot(part, inner) {
  const node = el("div", { class: "flex-slot" }, inner);
  node.style.justifyContent = looks.placed(part.gravity, "flex-start");
  return node;
}

function text(part) {
  const node = el("div", { class: `flex-text ${part.wrap ? "flex-wrap" : ""}` });
  if (Array.isArray(part.contents) && part.contents.length > 0) {
    node.append(...part.contents.map((span) => span?.type === "span" ? letters(el("span", {}, String(span.text ?? "")), span) : strip(`flex/${span?.type}`)));
  } else node.append(String(part.text ?? ""));
  letters(node, part);
  node.style.textAlign = ["start", "end", "center"].includes(part.align) ? part.align : "start";
  const gap = looks.lineSpacing(part.lineSpacing);
  if (gap && part.wrap) {
    node.style.lineHeight = `calc(1.4em + ${gap})`;
    node.style.marginBlock = `calc(${gap} / -2)`;
  }
  if (part.wrap && Number(part.maxLines) > 0) {
    node.classList.add("flex-lines");
    node.style.setProperty("-webkit-line-clamp", String(Math.floor(Number(part.maxLines))));
  }
  const place = slot(part, node);
  if (part.adjustMode === "shrink-to-fit") shrink(place, node);
  return place;
}

function letters(node, part) {
  const size = looks.letterSize(part.size);
  if (size) node.style.fontSize = size;
  looks.colour(node, "color", part.color);
  if (part.weight) node.style.fontWeight = part.weight === "bold" ? "700" : "400";
  if (part.style) node.style.fontStyle = part.style === "italic" ? "italic" : "normal";
  if (["underline", "line-through"].includes(part.decoration)) node.style.textDecoration = part.decoration;
  return node;
}

/** Smaller letters until they fit the slot's width. */
function shrink(place, node) {
  const usual = node.style.fontSize;
  const fit = () => {
    node.style.fontSize = usual;
    const { scrollWidth, clientWidth } = node;
    if (clientWidth === 0 || scrollWidth <= clientWidth) return;
    const size = parseFloat(getComputedStyle(node).fontSize);
    node.style.fontSize = `${Math.max(SMALLEST, Math.floor((size * clientWidth) / scrollWidth))}px`;
  };
  new ResizeObserver(fit).observe(place);
}

function button(part, pointer, context) {
  const action = part.action ?? {};
  const style = ["primary", "secondary"].includes(part.style) ? part.style : "link";
  const label = el("span", { class: "flex-button-label" }, String(action.label ?? ""));
  const node = el("button", {
    type: "button", class: `flex-button flex-button-${style} ${part.height === "sm" ? "flex-button-low" : ""}`,
    on: {
      click: (event) => {
        event.stopPropagation();
        context.press(action, `${pointer}/action`);
      },
    },
  }, label);
  looks.colour(node, style === "link" ? "color" : "backgroundColor", part.color);
  const place = slot(part, node);
  if (part.adjustMode === "shrink-to-fit") shrink(place, label);
  return place;
}

function image(part) {
  const tile = picture(part.url, t("画像"), part.aspectMode === "cover" ? "" : "picture-contain");
  const width = looks.pictureSize(part.size);
  tile.style.width = width;
  tile.style.aspectRatio = looks.ratio(part.aspectRatio);
  looks.colour(tile, "backgroundColor", part.backgroundColor);
  const node = el("div", { class: "flex-image" }, tile);
  if (width.endsWith("%")) node.style.width = "100%";
  node.style.justifyContent = looks.placed(part.align, "center");
  node.style.alignItems = looks.placed(part.gravity, "flex-start");
  return node;
}

/** A hero's film; the label of its action is shown while it plays and when it has been watched. */
function video(part, pointer, context) {
  const action = part.action;
  const link = () => el("button", { type: "button", class: "film-link", on: { click: () => context.press(action, `${pointer}/action`) } },
    String(action.label ?? t("開く")));
  const tile = tileToPlay(part.previewUrl, "");
  tile.style.aspectRatio = looks.ratio(part.aspectRatio);
  const play = el("button", { type: "button", class: "media", "aria-label": t("動画を再生"), data: { testid: "video-open" },
    on: {
      click: (event) => {
        event.stopPropagation();
        watch(play, {
          address: part.url, preview: part.previewUrl, context, extra: action ? link() : null,
          after: (ended) => ended && action && node.querySelector(".film-link") === null && node.append(link()),
        });
      },
    } }, tile);
  const node = el("div", { class: "flex-video" }, play);
  return node;
}

function iconOf(part) {
  const tile = picture(part.url, "", "picture-contain flex-icon");
  tile.style.height = looks.letterSize(part.size) ?? looks.letterSize("md");
  tile.style.aspectRatio = looks.ratio(part.aspectRatio);
  return tile;
}

function separator(part, pointer, context, layout) {
  const node = el("div", { class: layout === "vertical" ? "flex-line" : "flex-line flex-line-upright", role: "separator",
    "aria-orientation": layout === "vertical" ? "horizontal" : "vertical" });
  looks.colour(node, "backgroundColor", part.color);
  return node;
}

function filler() {
  return el("div", { class: "flex-filler", "aria-hidden": "true" });
}

/** Makes a component pressable by pointer and by keyboard. */
export function acting(node, action, pointer, context) {
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

const COMPONENTS = { __proto__: null, box, text, button, image, video, icon: iconOf, separator, filler };
