// LINE's template messages: buttons, confirm, carousel, image carousel.

import { el, picture } from "/phones/static/dom.js";
import { t } from "/phones/static/language.js";
import { row } from "/phones/static/rows.js";
import { strip } from "/phones/static/strips.js";

const COLOUR = /^#[0-9a-fA-F]{6}$/;

export function template(message, context) {
  const inner = message.template ?? {};
  const draw = KINDS[inner.type];
  return draw ? draw(inner, context) : strip(`template/${inner.type}`);
}

function buttons(inner, context) {
  return card(inner, inner, "/template", context);
}

function confirm(inner, context) {
  const actions = inner.actions.map((action, index) => pressed(action, `/template/actions/${index}`, context));
  return el("div", { class: "card confirm" },
    el("div", { class: "card-words" }, String(inner.text ?? "")), el("div", { class: "card-actions side" }, actions));
}

function carousel(inner, context) {
  return row(inner.columns.map((column, index) => card(column, inner, `/template/columns/${index}`, context)));
}

function imageCarousel(inner, context) {
  return row(inner.columns.map((column, index) => {
    const action = column.action ?? {};
    const { label } = action;
    return el("button", {
      type: "button", class: "image-column", on: { click: () => context.press(action, `/template/columns/${index}/action`) },
    }, picture(column.imageUrl, label ? "" : t("画像 {number}", { number: index + 1 }), "picture-square"),
    label ? el("span", { class: "image-label" }, String(label)) : null);
  }));
}

/** A buttons template or one column of a carousel; look holds imageAspectRatio and imageSize. */
function card(part, look, pointer, context) {
  const main = [];
  if (part.thumbnailImageUrl) {
    const shape = look.imageAspectRatio === "square" ? "picture-square" : "picture-wide";
    const tile = picture(part.thumbnailImageUrl, t("画像"), `${shape} ${look.imageSize === "contain" ? "picture-contain" : ""}`);
    tile.style.backgroundColor = COLOUR.test(part.imageBackgroundColor ?? "") ? part.imageBackgroundColor : "#ffffff";
    main.push(tile);
  }
  if (part.title) main.push(el("div", { class: "card-title" }, String(part.title)), " ");
  main.push(el("div", { class: "card-words" }, String(part.text ?? "")));
  const top = part.defaultAction
    ? el("button", { type: "button", class: "card-main", "aria-description": part.defaultAction.label,
        on: { click: () => context.press(part.defaultAction, `${pointer}/defaultAction`) } }, main)
    : el("div", { class: "card-main" }, main);
  const actions = part.actions.map((action, index) => pressed(action, `${pointer}/actions/${index}`, context));
  return el("div", { class: "card" }, top, el("div", { class: "card-actions" }, actions));
}

function pressed(action, pointer, context) {
  return el("button", { type: "button", class: "card-button", on: { click: () => context.press(action, pointer) } },
    String(action.label ?? ""));
}

const KINDS = { __proto__: null, buttons, confirm, carousel, image_carousel: imageCarousel };
