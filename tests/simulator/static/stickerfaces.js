// Faces of our own in place of LINE's stickers and emoji, whose pictures may not be copied: the same ids, the same face.

const NS = "http://www.w3.org/2000/svg";
const EYES = [
  [["circle", { cx: 36, cy: 46, r: 4 }], ["circle", { cx: 64, cy: 46, r: 4 }]],
  [["path", { d: "M30 48q6-8 12 0" }], ["path", { d: "M58 48q6-8 12 0" }]],
  [["path", { d: "M30 45l10 5-10 5" }], ["path", { d: "M70 45l-10 5 10 5" }]],
  [["path", { d: "M30 48h12" }], ["path", { d: "M58 48h12" }]],
  [["circle", { cx: 36, cy: 46, r: 7 }], ["circle", { cx: 64, cy: 46, r: 7 }], ["circle", { cx: 38, cy: 44, r: 2 }], ["circle", { cx: 66, cy: 44, r: 2 }]],
];
const MOUTHS = ["M38 62q12 12 24 0", "M40 68q10-10 20 0", "M38 64h24", "M36 60q14 20 28 0z", "M44 64q6 8 12 0q-6-6-12 0z"];
const EARS = ["M22 34l4-22 18 14z M78 34l-4-22-18 14z", "M24 30a12 12 0 1 1 20-12z M76 30a12 12 0 1 0-20-12z", "M34 24C26 6 34-2 42 20z M66 24C74 6 66-2 58 20z", ""];

function shape(name, attributes) {
  const node = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  return node;
}

/** A number that follows from the ids. */
function numberOf(...ids) {
  let number = 2166136261;
  for (const letter of ids.join("/")) number = Math.imul(number ^ letter.codePointAt(0), 16777619) >>> 0;
  return number;
}

function face(number, className) {
  const svg = shape("svg", { viewBox: "0 0 100 100", "aria-hidden": "true", class: className });
  svg.style.setProperty("--hue", String(number % 360));
  const ears = EARS[(number >>> 9) % EARS.length];
  if (ears) svg.append(shape("path", { class: "face-skin", d: ears }));
  svg.append(shape("ellipse", { class: "face-skin", cx: 50, cy: 54, rx: 38, ry: 34 }));
  svg.append(shape("circle", { class: "face-cheek", cx: 27, cy: 60, r: 6 }), shape("circle", { class: "face-cheek", cx: 73, cy: 60, r: 6 }));
  for (const [name, attributes] of EYES[(number >>> 12) % EYES.length]) {
    svg.append(shape(name, { class: attributes.r === 2 ? "face-light" : `face-line ${name === "circle" ? "face-ink" : ""}`, ...attributes }));
  }
  svg.append(shape("path", { class: "face-line", d: MOUTHS[(number >>> 16) % MOUTHS.length] }));
  return svg;
}

export function stickerFace(packageId, stickerId) {
  return face(numberOf(packageId, stickerId), "sticker-face");
}

export function emojiFace(productId, emojiId) {
  return face(numberOf(productId, emojiId), "emoji-face");
}
