// Words as a phone shows them: line breaks kept, links to press, mentions in bold, LINE's emoji as small faces.

import { el, icon } from "/phones/static/dom.js";
import { t } from "/phones/static/language.js";

const LINK = /https?:\/\/[^\s<>"'「」『』（）【】、。]+/g;

/** Pieces of a text with marks on it: [{index, length, make(words)}] in UTF-16 units; what overlaps is left out. */
function marked(words, marks) {
  const pieces = [];
  let at = 0;
  for (const mark of [...marks].sort((one, other) => one.index - other.index)) {
    if (mark.index < at || mark.index + mark.length > words.length) continue;
    pieces.push(...linked(words.slice(at, mark.index)));
    pieces.push(mark.make(words.slice(mark.index, mark.index + mark.length)));
    at = mark.index + mark.length;
  }
  pieces.push(...linked(words.slice(at)));
  return pieces;
}

function linked(words) {
  const pieces = [];
  let at = 0;
  for (const found of words.matchAll(LINK)) {
    pieces.push(words.slice(at, found.index));
    pieces.push(el("a", { href: found[0], target: "_blank", rel: "noopener noreferrer" }, found[0]));
    at = found.index + found[0].length;
  }
  pieces.push(words.slice(at));
  return pieces.filter((piece) => piece !== "");
}

export function words(message) {
  const text = String(message.text ?? "");
  const emojis = (Array.isArray(message.emojis) ? message.emojis : []).map((emoji) => ({
    index: emoji.index,
    length: emoji.length ?? 1,
    make: () => face(`LINE絵文字 ${emoji.productId}/${emoji.emojiId}`),
  }));
  const mentions = (message.mention?.mentionees ?? []).map((one) => ({
    index: one.index,
    length: one.length,
    make: (name) => el("strong", { class: "mention" }, name),
  }));
  return marked(text, [...emojis, ...mentions]);
}

function face(label) {
  return el("span", { class: "emoji", role: "img", "aria-label": label, title: label }, icon("smile"));
}

/** One line that says what a message is, for quotes and for what never arrived. */
export function gist(message) {
  const kinds = {
    __proto__: null,
    image: "画像", video: "動画", audio: "音声", sticker: "スタンプ", location: "位置情報", file: "ファイル",
    imagemap: "イメージマップ",
  };
  return String(message.text ?? message.altText ?? t(kinds[message.type] ?? String(message.type)));
}
