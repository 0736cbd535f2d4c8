// One message object as a bubble: text, pictures, media, stickers, places, templates, Flex; else a visible strip.
// context: {messageId, fromBot, press(action, pointer), picture(messageId), quoted(messageId)} of the talk it stands in.

import { el, icon, openable, picture } from "/phones/static/dom.js";
import { flex } from "/phones/static/flex.js";
import { strip } from "/phones/static/strips.js";
import { template } from "/phones/static/templates.js";
import { gist, words } from "/phones/static/texts.js";

export function bubble(message, context) {
  const draw = DRAWERS[message.type];
  try {
    return draw ? draw(message, context) : strip(message);
  } catch (problem) {
    console.error(problem);
    return strip(message);
  }
}

function text(message, context) {
  const body = el("div", { class: "words", data: { testid: "bubble-text" } }, words(message));
  return el("div", { class: "balloon" }, quotation(message, context), body);
}

function quotation(message, context) {
  const id = message.quotedMessageId ?? (context.fromBot ? quotedBy(message.quoteToken) : null);
  if (!id) return null;
  const there = context.quoted(id);
  const who = there ? el("b", {}, there.name) : null;
  const what = el("span", {}, there ? gist(there.message) : "もとのメッセージ");
  return el("div", { class: "quotation" }, who, what);
}

/** The message a bot quotes: the simulator's quote tokens carry its id. */
function quotedBy(token) {
  return /^q3(\d+)T/.exec(token ?? "")?.[1] ?? null;
}

function pressable(node, address, label) {
  const target = openable(address);
  if (target === null) return node;
  return el("a", { class: "media", href: target, target: "_blank", rel: "noopener noreferrer", "aria-label": label }, node);
}

function image(message, context) {
  const own = message.contentProvider?.type === "line";
  const source = own ? context.picture(message.id) : message.previewImageUrl ?? message.contentProvider?.previewImageUrl;
  const full = own ? source : message.originalContentUrl ?? message.contentProvider?.originalContentUrl;
  return pressable(picture(source, "画像", "picture-photo"), full, "画像を開く");
}

function video(message) {
  const source = message.previewImageUrl ?? message.contentProvider?.previewImageUrl;
  const tile = picture(source ?? "", "動画", "picture-photo");
  tile.append(el("span", { class: "play" }, icon("play")));
  return pressable(tile, message.originalContentUrl ?? message.contentProvider?.originalContentUrl, "動画を開く");
}

function audio(message) {
  const seconds = Math.round(Number(message.duration ?? 0) / 1000);
  const length = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  const pill = el("span", { class: "balloon sound" }, el("span", { class: "sound-mark" }, icon("sound")), "音声 ", length);
  return pressable(pill, message.originalContentUrl ?? message.contentProvider?.originalContentUrl, "音声を開く");
}

function sticker(message) {
  const label = `スタンプ ${message.packageId ?? "?"} / ${message.stickerId ?? "?"}`;
  return el("div", { class: "sticker", role: "img", "aria-label": label }, icon("smile"), el("span", {}, label));
}

function place(message) {
  const map = `https://www.google.com/maps?q=${Number(message.latitude)},${Number(message.longitude)}`;
  const card = el("span", { class: "balloon place" }, icon("pin"),
    el("span", {}, el("b", {}, String(message.title ?? "位置情報")), el("span", {}, String(message.address ?? ""))));
  return pressable(card, map, "地図を開く");
}

function document_(message) {
  return el("div", { class: "balloon place" }, icon("file"),
    el("span", {}, el("b", {}, String(message.fileName ?? "ファイル")), el("span", {}, `${Number(message.fileSize ?? 0)} バイト`)));
}

const DRAWERS = {
  __proto__: null,
  text,
  image,
  video,
  audio,
  sticker,
  location: place,
  file: document_,
  template,
  flex,
};
