// The page put together: the phones, the clock, the drawer, and the top line.

import { Board } from "/phones/static/board.js";
import { Clock } from "/phones/static/clock.js";
import { chosenChannel, Desk } from "/phones/static/desk.js";
import { el } from "/phones/static/dom.js";
import { t, translatePage } from "/phones/static/language.js";
import { Log } from "/phones/static/log.js";
import { Store } from "/phones/static/store.js";
import { applyTheme, topLine } from "/phones/static/top.js";

const FONT = '16px "IPAex Gothic Web"';
const PATIENCE_MS = 2_000;

const byId = (id) => document.getElementById(id);

async function open() {
  let channelId = null;
  let trouble = t("チャネルがまだありません。");
  try {
    channelId = await chosenChannel();
  } catch (problem) {
    trouble = problem.message;
  }
  if (channelId === null) {
    byId("desk").replaceChildren(el("p", { class: "empty" }, trouble));
    return setTimeout(open, 2000);
  }
  const store = new Store(new Desk(channelId));
  const board = new Board(store, byId("desk"), byId("phone-tabs"));
  topLine(store, board);
  new Clock(store, byId("clock-row"), (now) => board.tick(now));
  new Log(store, byId("log"), byId("log-toggle"), byId("bot-state"));
  const laidOut = store.on("overview", () => {
    laidOut();
    board.begin().catch((problem) => console.error(problem));
  });
  store.start();
}

/** Chromium keeps the empty boxes of what it drew before a late font came, so nothing is drawn before it. */
async function showWithFont() {
  await Promise.race([document.fonts.load(FONT, "歩"), new Promise((over) => setTimeout(over, PATIENCE_MS))]).catch(() => {});
  document.body.classList.add("ready");
}

applyTheme();
translatePage();
showWithFont();
open();
