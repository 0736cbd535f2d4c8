// Pictures, films and sounds: tiles in the talk, and the dark screen in front of it on which they are looked at.

import { el, icon, iconButton, openable, picture } from "/phones/static/dom.js";
import { t } from "/phones/static/language.js";

export function image(message, context) {
  const own = message.contentProvider?.type === "line";
  const source = own ? context.picture(message.id) : message.previewImageUrl ?? message.contentProvider?.previewImageUrl;
  const full = own ? source : message.originalContentUrl ?? message.contentProvider?.originalContentUrl ?? source;
  return el("button", { type: "button", class: "media", "aria-label": t("画像を大きく見る"), data: { testid: "picture-open" },
    on: { click: (event) => look(event.currentTarget, t("画像"), picture(full ?? "", t("画像"), "picture-contain viewer-picture")) } },
  photo(source, t("画像")));
}

/** In its own proportions, as soon as they are known. */
function photo(source, words) {
  const tile = picture(source ?? "", words, "picture-photo");
  const shown = tile.querySelector("img");
  shown?.addEventListener("load", () => {
    const ratio = shown.naturalWidth / shown.naturalHeight;
    if (ratio > 0) tile.style.aspectRatio = String(Math.min(2, Math.max(0.6, ratio)));
  });
  return tile;
}

export function video(message, context) {
  const preview = message.previewImageUrl ?? message.contentProvider?.previewImageUrl;
  const address = message.originalContentUrl ?? message.contentProvider?.originalContentUrl;
  return el("button", { type: "button", class: "media", "aria-label": t("動画を再生"), data: { testid: "video-open" },
    on: { click: (event) => watch(event.currentTarget, { address, preview, context }) } }, tileToPlay(preview, "picture-photo"));
}

/** A still picture with the mark that it plays. */
export function tileToPlay(preview, className) {
  const tile = picture(preview ?? "", t("動画"), className);
  tile.append(el("span", { class: "play" }, icon("play")));
  return tile;
}

/** The film in front of the talk. film: {address, preview, context, after}; after(ended) comes when it is closed. */
export function watch(from, { address, preview, context, extra = null, after = () => {} }) {
  const source = typeof address === "string" ? openable(address) : null;
  const state = el("p", { class: "viewer-words", role: "status" });
  const seen = { most: 0, ended: false };
  const end = () => {
    if (seen.ended) return;
    seen.ended = true;
    state.textContent = t("最後まで再生しました");
    skip.hidden = true;
    context.played(100);
  };
  const film = el("video", { class: "viewer-film", controls: true, playsInline: true, preload: "metadata", data: { testid: "film" },
    poster: (typeof preview === "string" && openable(preview)) || "",
    on: {
      ended: end,
      timeupdate: () => {
        seen.most = Math.max(seen.most, (film.currentTime / (film.duration || Infinity)) * 100);
      },
      error: () => {
        state.textContent = t("動画を読み込めませんでした。");
        film.hidden = true;
      },
    } });
  const skip = el("button", { type: "button", class: "viewer-button", data: { testid: "film-skip" }, on: { click: end } }, t("最後まで見たことにする"));
  const close = look(from, t("動画"), el("div", { class: "viewer-stage" }, film, state, el("div", { class: "viewer-buttons" }, extra, skip)), () => {
    film.pause();
    film.removeAttribute("src");
    if (!seen.ended && seen.most >= 1) context.played(Math.floor(Math.min(seen.most, 99)));
    after(seen.ended);
  });
  if (source === null) film.dispatchEvent(new Event("error"));
  else {
    film.src = source;
    film.play().catch(() => {});
  }
  return close;
}

export function audio(message, context) {
  const address = message.originalContentUrl ?? message.contentProvider?.originalContentUrl;
  const source = typeof address === "string" ? openable(address) : null;
  const seconds = Math.round(Number(message.duration ?? 0) / 1000);
  const length = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  const mark = el("span", { class: "sound-mark" }, icon("play"));
  const button = el("button", { type: "button", class: "balloon sound", "aria-label": t("音声を再生 {length}", { length }), "aria-pressed": "false",
    data: { testid: "audio" }, on: { click: () => toggle() } },
  mark, el("span", { class: "sound-waves", "aria-hidden": "true" }, ...WAVES.map((height) => wave(height))), el("span", { class: "sound-length" }, length));
  let sound = null;
  function toggle() {
    if (sound === null) {
      sound = new Audio();
      sound.preload = "auto";
      for (const kind of ["play", "pause", "ended"]) sound.addEventListener(kind, () => show(!sound.paused));
      sound.addEventListener("ended", () => context.played?.(100));
      sound.addEventListener("error", () => button.classList.add("sound-missing"));
      if (source !== null) sound.src = source;
      else button.classList.add("sound-missing");
    }
    if (source === null) return;
    if (sound.paused) sound.play().catch(() => {});
    else sound.pause();
  }
  function show(playing) {
    button.setAttribute("aria-pressed", String(playing));
    mark.replaceChildren(icon(playing ? "sound" : "play"));
  }
  return button;
}

const WAVES = [6, 11, 8, 15, 20, 12, 17, 9, 14, 7, 12, 6];

function wave(height) {
  const node = el("i");
  node.style.height = `${height}px`;
  return node;
}

/** Something large and dark in front of the phone's screen, until it is closed; gives what closes it. */
export function look(from, title, body, closed = () => {}) {
  const screen = from.closest(".screen") ?? from.closest(".frame") ?? document.body;
  const hidden = [...screen.children].filter((child) => !child.inert);
  const shut = () => {
    if (!root.isConnected) return;
    root.remove();
    for (const child of hidden) child.inert = false;
    if (from.isConnected) from.focus({ preventScroll: true });
    closed();
  };
  const button = iconButton("close", t("閉じる"), "viewer-close", shut, "viewer-close");
  const root = el("div", { class: "viewer", role: "dialog", "aria-modal": "true", "aria-label": title, data: { testid: "viewer" },
    on: {
      keydown: (event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        shut();
      },
    } }, button, body);
  screen.append(root);
  for (const child of hidden) child.inert = true;
  button.focus({ preventScroll: true });
  return shut;
}
