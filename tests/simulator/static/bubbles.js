// One message object as a bubble: text, stickers, media, places, coupons, templates, Flex; else a visible strip.
// context: {messageId, fromBot, press(action, pointer), played(percent), picture(messageId), quoted(messageId),
//           nameOf(userId), coupon(couponId)} of the talk it stands in, which also hears of links that are followed.

import { coupon } from "/phones/static/coupons.js";
import { el, icon } from "/phones/static/dom.js";
import { flex } from "/phones/static/flex.js";
import { imagemap } from "/phones/static/imagemaps.js";
import { t } from "/phones/static/language.js";
import { audio, image, video } from "/phones/static/media.js";
import { stickerFace } from "/phones/static/stickerfaces.js";
import { strip } from "/phones/static/strips.js";
import { template } from "/phones/static/templates.js";
import { gist, words } from "/phones/static/texts.js";

export function bubble(message, context) {
  const draw = DRAWERS[message.type];
  try {
    return draw ? told(draw(message, context), message) : strip(message.type);
  } catch (problem) {
    console.error(problem);
    return strip(message.type);
  }
}

/** What LINE reads out for a bubble that is more than words. */
function told(node, message) {
  if (typeof message.altText === "string" && !node.hasAttribute("role")) {
    node.setAttribute("role", "group");
    node.setAttribute("aria-label", message.altText);
  }
  return node;
}

function text(message, context) {
  const body = el("div", { class: "words", data: { testid: "bubble-text" } }, words(message, context));
  return el("div", { class: "balloon" }, quotation(message, context), body);
}

function quotation(message, context) {
  const id = message.quotedMessageId ?? (context.fromBot ? quotedBy(message.quoteToken) : null);
  if (!id) return null;
  const there = context.quoted(id);
  const lines = there
    ? [el("b", {}, el("span", { class: "unseen" }, t("引用:"), " "), there.name), " ", el("span", {}, gist(there.message))]
    : [el("span", {}, t("もとのメッセージ"))];
  return el("button", { type: "button", class: "quotation", data: { testid: "quotation" },
    on: { click: (event) => showQuoted(event.currentTarget, id) } }, lines);
}

/** The message a bot quotes: the simulator's quote tokens carry its id. */
function quotedBy(token) {
  return /^q3(\d+)T/.exec(token ?? "")?.[1] ?? null;
}

function showQuoted(from, id) {
  const there = from.closest(".talk")?.querySelector(`[data-message-id="${CSS.escape(id)}"]`);
  if (!there) return;
  there.scrollIntoView({ block: "center", behavior: "smooth" });
  there.classList.remove("bubble-shown");
  there.getBoundingClientRect();
  there.classList.add("bubble-shown");
}

function sticker(message, context) {
  const label = t("スタンプ {ids}", { ids: `${message.packageId ?? "?"} / ${message.stickerId ?? "?"}` });
  const words = typeof message.text === "string" ? message.text : message.keywords?.[0];
  const face = el("div", { class: "sticker", role: "img", "aria-label": label }, stickerFace(message.packageId, message.stickerId),
    words ? el("span", { class: "sticker-words" }, String(words)) : null, el("span", { class: "sticker-ids" }, label));
  const quoted = quotation(message, context);
  return quoted ? el("div", {}, el("div", { class: "balloon" }, quoted), face) : face;
}

function place(message) {
  const map = `https://www.google.com/maps?q=${Number(message.latitude)},${Number(message.longitude)}`;
  const title = String(message.title ?? t("位置情報"));
  return el("a", { class: "place", href: map, target: "_blank", rel: "noopener noreferrer", "aria-description": t("地図を開く") },
    el("span", { class: "place-map", "aria-hidden": "true" }, icon("pin")),
    el("span", { class: "place-words" }, el("b", {}, title), " ", el("span", {}, String(message.address ?? ""))));
}

function attachment(message) {
  return el("div", { class: "balloon document" }, el("span", { class: "document-mark" }, icon("file")),
    el("span", { class: "document-words" }, el("b", {}, String(message.fileName ?? t("ファイル"))), el("span", {}, size(Number(message.fileSize ?? 0)))));
}

function size(bytes) {
  if (bytes < 1024) return t("{count} バイト", { count: bytes });
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

const DRAWERS = {
  __proto__: null,
  text,
  textV2: text,
  image,
  video,
  audio,
  sticker,
  location: place,
  file: attachment,
  coupon,
  imagemap,
  template,
  flex,
};
