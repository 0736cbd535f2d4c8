// The drawer for developers: each request to the bot and each LINE call of the bot, newest first.

import { el } from "/phones/static/dom.js";
import { outcome } from "/phones/static/inspector.js";
import { coloured, pretty } from "/phones/static/json.js";
import { t } from "/phones/static/language.js";
import { stamp } from "/phones/static/times.js";

const KEPT = 300;

export class Log {
  constructor(store, root, toggle, state) {
    Object.assign(this, { store, root, toggle, state });
    this.rows = el("ol", { class: "log-rows" });
    const close = el("button", { type: "button", class: "control", on: { click: () => this.open(false) } }, t("閉じる"));
    root.append(el("div", { class: "log-head" }, el("h2", {}, t("通信ログ")), close),
      el("p", { class: "log-words" }, t("→ ボットへのWebhook　← ボットからのLINE API呼び出し。新しい順。")), this.rows);
    toggle.addEventListener("click", () => this.open(root.hidden));
    root.addEventListener("keydown", (event) => event.key === "Escape" && this.open(false));
    store.on("connection", (now) => now === "live" && this.fetch().catch(() => {}));
    store.on("webhook", (post) => this.add(webhookRow(post), post));
    store.on("call", (call) => this.add(callRow(call)));
    this.botState("unknown", t("ボット: {state}", { state: t("未確認") }));
  }

  open(on) {
    this.root.hidden = !on;
    this.toggle.setAttribute("aria-expanded", String(on));
    if (!on) this.toggle.focus();
  }

  async fetch() {
    const [webhooks, calls] = await Promise.all([this.store.desk.webhooks(), this.store.desk.calls()]);
    const all = [...webhooks.map((post) => [Date.parse(post.at), webhookRow(post)]), ...calls.map((call) => [call.at_ms, callRow(call)])];
    all.sort((one, other) => other[0] - one[0]);
    this.rows.replaceChildren(...all.slice(0, KEPT).map((pair) => pair[1]));
    if (webhooks.length > 0) this.heard(webhooks.at(-1));
  }

  add(row, post) {
    this.rows.prepend(row);
    while (this.rows.childElementCount > KEPT) this.rows.lastElementChild.remove();
    if (post) this.heard(post);
  }

  heard(post) {
    this.botState(post.outcome === "ok" ? "ok" : "failing", t("ボット: {state}", { state: outcome(post) }));
  }

  botState(state, words) {
    this.state.dataset.state = state;
    if (this.state.textContent !== words) this.state.textContent = words;
  }
}

function webhookRow(post) {
  const types = post.types.join(", ") || t("空");
  const fine = post.outcome === "ok";
  const about = `${post.status || post.outcome}  ${post.took_ms} ms${post.redelivery ? `  ${t("再送")}` : ""}`;
  return row("webhook", Date.parse(post.at), `→ ${types}`, about, fine, () => set(post.body));
}

function callRow(call) {
  const fine = call.status !== null && call.status < 400;
  const more = [call.path, `x-line-request-id: ${call.request_id}`];
  if (call.retry_key) more.push(`X-Line-Retry-Key: ${call.retry_key}`);
  if (call.note) more.push(call.note);
  const about = call.status === null ? t("切断") : String(call.status);
  return row("call", call.at_ms, `← ${call.endpoint}`, about, fine, () => more.join("\n"));
}

/** body() is drawn when the row is opened. */
function row(kind, at, words, about, fine, body) {
  const details = el("details", { class: fine ? "" : "log-bad" },
    el("summary", {}, el("time", {}, stamp(at)), el("b", {}, words), el("span", {}, about)));
  details.addEventListener("toggle", () => details.append(el("pre", { tabIndex: 0 }, body())), { once: true });
  return el("li", { data: { testid: "log-row", kind } }, details);
}

/** JSON in lines and colours; anything else as it is. */
function set(body) {
  try {
    return coloured(pretty(JSON.parse(body)));
  } catch {
    return body;
  }
}
