// The page put together: two phones, the clock, the drawer, and what the top line says.

import { Clock } from "/phones/static/clock.js";
import { customerPhone } from "/phones/static/customer.js";
import { chosenChannel, Desk } from "/phones/static/desk.js";
import { el } from "/phones/static/dom.js";
import { Log } from "/phones/static/log.js";
import { staffPhone } from "/phones/static/staff.js";
import { Store } from "/phones/static/store.js";

const FONT = '16px "IPAex Gothic Web"';
const PATIENCE_MS = 2_000;

const byId = (id) => document.getElementById(id);

async function open() {
  let channelId = null;
  try {
    channelId = await chosenChannel();
  } catch (problem) {
    byId("desk").replaceChildren(el("p", { class: "empty" }, problem.message));
    return setTimeout(open, 2000);
  }
  if (channelId === null) {
    byId("desk").replaceChildren(el("p", { class: "empty" }, "チャネルがまだありません。"));
    return setTimeout(open, 2000);
  }
  const store = new Store(new Desk(channelId));
  byId("desk").replaceChildren(customerPhone(store).root, staffPhone(store).root);
  new Clock(store, byId("clock-row"));
  new Log(store, byId("log"), byId("log-toggle"), byId("bot-state"));
  store.on("connection", connection);
  store.on("usage", () => usage(store.channel.usage));
  store.on("overview", () => {
    byId("brand-name").textContent = `${store.channel.name} シミュレーター`;
  });
  connection("lost");
  store.start();

}

function connection(state) {
  const words = state === "live" ? "接続中" : "再接続しています…";
  byId("connection").dataset.state = state;
  if (byId("connection").textContent !== words) byId("connection").textContent = words;
}

function usage({ used, limit }) {
  const node = byId("usage");
  node.dataset.used = String(used);
  node.dataset.limit = limit === null ? "" : String(limit);
  const full = limit !== null && used >= limit;
  node.classList.toggle("usage-full", full);
  node.replaceChildren("今月の送信数 ", el("b", {}, used.toLocaleString("ja-JP")), limit === null ? " 通（上限なし）" : ` / ${limit.toLocaleString("ja-JP")} 通`,
    limit === null ? "" : el("meter", { min: 0, max: Math.max(limit, 1), value: used, "aria-label": "今月の送信数" }));
}

function tabs() {
  const buttons = [...document.querySelectorAll(".phone-tabs button")];
  for (const button of buttons) {
    button.addEventListener("click", () => {
      byId("desk").dataset.shown = button.dataset.phone;
      for (const one of buttons) one.setAttribute("aria-pressed", String(one === button));
    });
  }
}

/** Chromium keeps the empty boxes of what it drew before a late font came, so nothing is drawn before it. */
async function showWithFont() {
  await Promise.race([document.fonts.load(FONT, "歩"), new Promise((over) => setTimeout(over, PATIENCE_MS))]).catch(() => {});
  document.body.classList.add("ready");
}

tabs();
showWithFont();
open();
