// Imagemaps: one picture in the size that fits, its areas as buttons on it, its film in its place.

import { el, openable, picture } from "/phones/static/dom.js";
import { t } from "/phones/static/language.js";
import { tileToPlay, watch } from "/phones/static/media.js";
import { strip } from "/phones/static/strips.js";

const WIDTHS = [240, 300, 460, 700, 1040];
const SHOWN = 300;
const BASE = 1040;

export function imagemap(message, context) {
  const height = Number(message.baseSize?.height) || BASE;
  const width = WIDTHS.find((one) => one >= SHOWN * devicePixelRatio) ?? BASE;
  const node = el("div", { class: "imagemap", data: { testid: "imagemap" } },
    picture(`${message.baseUrl}/${width}`, String(message.altText ?? ""), "imagemap-picture"));
  node.style.aspectRatio = `${BASE} / ${height}`;
  const within = (part, area) => {
    part.style.left = `${(Number(area?.x) / BASE) * 100}%`;
    part.style.top = `${(Number(area?.y) / height) * 100}%`;
    part.style.width = `${(Number(area?.width) / BASE) * 100}%`;
    part.style.height = `${(Number(area?.height) / height) * 100}%`;
    return part;
  };
  (message.actions ?? []).forEach((action, index) => {
    const area = el("button", { type: "button", class: "imagemap-area", "aria-label": name(action), title: name(action),
      data: { testid: "imagemap-area" }, on: { click: () => context.press(action, `/actions/${index}`) } });
    node.append(action.type in NAMES ? within(area, action.area) : strip(`imagemap/${action.type}`));
  });
  if (message.video) node.append(within(film(message.video, context), message.video.area));
  return node;
}

/** What an area is called: its label, or what it does. */
function name(action) {
  return action.label ? String(action.label) : t(NAMES[action.type] ?? "{words}", { words: String(action.text ?? action.linkUri ?? action.clipboardText ?? "") });
}

const NAMES = { __proto__: null, message: "「{words}」と送る", uri: "{words} を開く", clipboard: "「{words}」をコピー" };

/** A film on the picture; the label that leads on is shown once it has been watched. */
function film(video, context) {
  const node = el("div", { class: "imagemap-film" });
  const address = openable(video.externalLink?.linkUri ?? "");
  const link = el("a", { class: "film-link", href: address ?? "", target: "_blank", rel: "noopener noreferrer" },
    String(video.externalLink?.label ?? t("開く")));
  const play = el("button", { type: "button", class: "media", "aria-label": t("動画を再生"), data: { testid: "video-open" },
    on: {
      click: () => watch(play, {
        address: video.originalContentUrl, preview: video.previewImageUrl, context,
        after: (ended) => ended && address !== null && node.append(link),
      }),
    } }, tileToPlay(video.previewImageUrl, "imagemap-preview"));
  node.append(play);
  return node;
}
