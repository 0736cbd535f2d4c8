// Turns a chosen file into a message a person sends: its kind, its length in time, its bytes.

import { t } from "/phones/static/language.js";

const MOST_BYTES = 50_000_000;
const PATIENCE_MS = 3_000;

export class TooLarge extends Error {}

/** {message, content}: as the desk wants it. kind: photo, video, audio or file. */
export async function parcel(kind, file) {
  if (file.size > MOST_BYTES) throw new TooLarge(t("ファイルが大きすぎます（50MBまで）。"));
  const content = await base64(file);
  if (kind === "file") return { message: { type: "file", fileName: file.name }, content };
  const contentType = file.type || undefined;
  if (kind === "photo") return { message: { type: "image", contentType }, content };
  return { message: { type: kind, contentType, duration: await duration(kind, file) }, content };
}

async function base64(file) {
  const address = await new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(reader.result));
    reader.addEventListener("error", () => reject(reader.error));
    reader.readAsDataURL(file);
  });
  return address.slice(address.indexOf(",") + 1);
}

/** Milliseconds; 0 where the browser does not know this kind of sound or film. */
async function duration(kind, file) {
  const address = URL.createObjectURL(file);
  const player = document.createElement(kind);
  try {
    return await new Promise((resolve) => {
      player.addEventListener("loadedmetadata", () => resolve(Number.isFinite(player.duration) ? Math.round(player.duration * 1000) : 0));
      player.addEventListener("error", () => resolve(0));
      setTimeout(() => resolve(0), PATIENCE_MS);
      player.preload = "metadata";
      player.src = address;
    });
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** A picture for those who have none at hand: a room in a colour of the day. */
export async function sample() {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: 640, height: 480 });
  const pen = canvas.getContext("2d");
  const hue = Math.floor(Math.random() * 360);
  const wall = pen.createLinearGradient(0, 0, 0, 480);
  wall.addColorStop(0, `hsl(${hue} 45% 88%)`);
  wall.addColorStop(1, `hsl(${hue} 35% 72%)`);
  pen.fillStyle = wall;
  pen.fillRect(0, 0, 640, 480);
  pen.fillStyle = `hsl(${hue} 30% 46%)`;
  pen.fillRect(0, 380, 640, 100);
  pen.fillStyle = `hsl(${(hue + 180) % 360} 30% 94%)`;
  pen.strokeStyle = `hsl(${(hue + 30) % 360} 40% 34%)`;
  pen.lineWidth = 16;
  pen.beginPath();
  pen.ellipse(240, 220, 110, 150, 0, 0, Math.PI * 2);
  pen.fill();
  pen.stroke();
  pen.fillStyle = "hsl(48 90% 82%)";
  pen.beginPath();
  pen.arc(500, 90, 52, 0, Math.PI * 2);
  pen.fill();
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
  return new File([blob], "sample.jpg", { type: "image/jpeg" });
}
