// Words as a phone shows them: line breaks kept, links to press, mentions in bold, LINE's emoji as small faces.

import { el } from "/phones/static/dom.js";
import { t } from "/phones/static/language.js";
import { emojiFace } from "/phones/static/stickerfaces.js";

const LINK = /https?:\/\/[^\s<>"'「」『』（）【】、。]+/g;
const PLACEHOLDER = /\{\{|\}\}|\{([0-9a-zA-Z_]{1,20})\}/g;

export function words(message, context) {
  return message.type === "textV2" ? substituted(message, context) : marked(message);
}

/** A text with LINE emoji and mentions at their places, in UTF-16 units; what overlaps is left out. */
function marked(message) {
  const text = String(message.text ?? "");
  const pieces = [];
  let at = 0;
  for (const mark of marks(message).sort((one, other) => one.index - other.index)) {
    if (mark.index < at || mark.index + mark.length > text.length) continue;
    pieces.push(...linked(text.slice(at, mark.index)));
    pieces.push(mark.make(text.slice(mark.index, mark.index + mark.length)));
    at = mark.index + mark.length;
  }
  return [...pieces, ...linked(text.slice(at))];
}

function marks(message) {
  const emojis = (Array.isArray(message.emojis) ? message.emojis : []).map((emoji) => ({
    index: emoji.index, length: emoji.length ?? 1, make: () => face(emoji),
  }));
  const mentions = (message.mention?.mentionees ?? []).map((one) => ({ index: one.index, length: one.length, make: mention }));
  return [...emojis, ...mentions];
}

/** textV2: {key} stands for a mention or an emoji, doubled braces for themselves. */
function substituted(message, context) {
  const text = String(message.text ?? "");
  const pieces = [];
  let plain = "";
  let at = 0;
  for (const found of text.matchAll(PLACEHOLDER)) {
    plain += text.slice(at, found.index);
    at = found.index + found[0].length;
    const node = found[1] === undefined ? null : substitute(message.substitution?.[found[1]], context);
    if (node === null) plain += found[1] === undefined ? found[0][0] : found[0];
    else {
      pieces.push(...linked(plain), node);
      plain = "";
    }
  }
  return [...pieces, ...linked(plain + text.slice(at))];
}

function substitute(what, context) {
  if (what?.type === "emoji") return face(what);
  if (what?.type !== "mention") return null;
  return mention(`@${what.mentionee?.type === "all" ? "All" : context.nameOf(what.mentionee?.userId)}`);
}

function linked(text) {
  const pieces = [];
  let at = 0;
  for (const found of text.matchAll(LINK)) {
    pieces.push(text.slice(at, found.index), el("a", { href: found[0], target: "_blank", rel: "noopener noreferrer" }, found[0]));
    at = found.index + found[0].length;
  }
  pieces.push(text.slice(at));
  return pieces.filter((piece) => piece !== "");
}

function mention(name) {
  return el("strong", { class: "mention" }, name);
}

function face({ productId, emojiId }) {
  const label = t("LINE絵文字 {ids}", { ids: `${productId}/${emojiId}` });
  return el("span", { class: "emoji", role: "img", "aria-label": label, title: label }, emojiFace(productId, emojiId));
}

/** One line that says what a message is, for quotes and for what never arrived. */
export function gist(message) {
  const kinds = {
    __proto__: null,
    image: "画像", video: "動画", audio: "音声", sticker: "スタンプ", location: "位置情報", file: "ファイル",
    imagemap: "イメージマップ", coupon: "クーポン",
  };
  return String(message.text ?? message.altText ?? t(kinds[message.type] ?? String(message.type)));
}
