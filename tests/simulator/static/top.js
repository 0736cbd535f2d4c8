// The page's top line: what this is, messages used, connections, and the buttons of the whole page.

import { el, iconButton } from "/phones/static/dom.js";
import { language, speak, t } from "/phones/static/language.js";
import { choose, remembered } from "/phones/static/memory.js";
import { chooseScene, startOver } from "/phones/static/scenes.js";

const byId = (id) => document.getElementById(id);
const NUMBER = new Intl.NumberFormat(language);

export function topLine(store, board) {
  store.on("connection", connection);
  store.on("usage", () => usage(store.channel.usage));
  store.on("overview", () => {
    byId("brand-name").replaceChildren(store.channel.name, el("span", { class: "brand-more" }, ` ${t("シミュレーター")}`));
  });
  const scene = el("button", { type: "button", class: "control", data: { testid: "scene-open" }, on: { click: () => chooseScene(store, board) } }, t("場面"));
  const playing = (on) => {
    scene.disabled = on;
    reset.disabled = on;
  };
  const reset = el("button", { type: "button", class: "control", data: { testid: "start-over" }, on: { click: () => startOver(store) } }, t("はじめから"));
  store.on("scene", (told) => playing(told.playing));
  store.on("overview", () => playing(store.channel.playing));
  byId("top-buttons").prepend(scene, reset);
  byId("top-buttons").append(theme(), tongue());
  connection("lost");
}

function connection(state) {
  const words = state === "live" ? t("接続中") : t("再接続しています…");
  byId("connection").dataset.state = state;
  if (byId("connection").textContent !== words) byId("connection").textContent = words;
}

function usage({ used, limit }) {
  const node = byId("usage");
  node.dataset.used = String(used);
  node.dataset.limit = limit === null ? "" : String(limit);
  node.classList.toggle("usage-full", limit !== null && used >= limit);
  const share = limit === null ? t("通（上限なし）") : t("/ {limit} 通", { limit: NUMBER.format(limit) });
  node.replaceChildren(el("span", { class: "usage-label" }, t("今月の送信数")), " ", el("b", {}, NUMBER.format(used)), " ", share,
    limit === null ? "" : el("meter", { min: 0, max: Math.max(limit, 1), value: used, "aria-label": t("今月の送信数") }));
}

/** Light, dark, as the system has it. */
export function applyTheme() {
  const wanted = remembered("theme", "everywhere");
  if (wanted === "light" || wanted === "dark") document.documentElement.dataset.theme = wanted;
}

function isDark() {
  const { theme: wanted } = document.documentElement.dataset;
  return wanted ? wanted === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function theme() {
  const button = el("span", { class: "theme" });
  const draw = () => {
    const dark = isDark();
    const held = button.contains(document.activeElement);
    button.replaceChildren(iconButton(dark ? "sun" : "moon", dark ? t("明るい表示にする") : t("暗い表示にする"), "theme", () => {
      document.documentElement.dataset.theme = choose("theme", isDark() ? "light" : "dark", "everywhere");
      draw();
    }, "control"));
    if (held) button.firstElementChild.focus();
  };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  draw();
  return button;
}

function tongue() {
  const other = language === "ja" ? "en" : "ja";
  return el("button", { type: "button", class: "control", lang: other, data: { testid: "language" }, on: { click: () => speak(other) } },
    other === "en" ? "EN" : "日本語");
}
