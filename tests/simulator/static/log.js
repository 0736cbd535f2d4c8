// The drawer for developers: each request to the bot and each LINE call of the bot, newest first.

import { el } from "/phones/static/dom.js";
import { stamp } from "/phones/static/times.js";

const KEPT = 300;
const OUTCOMES = {
  ok: "応答あり",
  could_not_connect: "接続できません",
  request_timeout: "2秒以内に応答がありません",
  error_status_code: "エラーを返しました",
  unclassified: "接続が切れました",
};

export class Log {
  constructor(store, root, toggle, state) {
    Object.assign(this, { store, root, toggle, state });
    this.rows = el("ol", { class: "log-rows" });
    const close = el("button", { type: "button", class: "control", on: { click: () => this.open(false) } }, "閉じる");
    root.append(el("div", { class: "log-head" }, el("h2", {}, "通信ログ"), close),
      el("p", { class: "log-words" }, "→ ボットへのWebhook　← ボットからのLINE API呼び出し。新しい順。"), this.rows);
    toggle.addEventListener("click", () => this.open(root.hidden));
    root.addEventListener("keydown", (event) => event.key === "Escape" && this.open(false));
    store.on("connection", (now) => now === "live" && this.fetch().catch(() => {}));
    store.on("webhook", (post) => this.add(webhookRow(post), post));
    store.on("call", (call) => this.add(callRow(call)));
    this.botState("unknown", "ボット: 未確認");
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
    const words = OUTCOMES[post.outcome] ?? post.outcome;
    this.botState(post.outcome === "ok" ? "ok" : "failing", `ボット: ${words}`);
  }

  botState(state, words) {
    this.state.dataset.state = state;
    if (this.state.textContent !== words) this.state.textContent = words;
  }
}

function webhookRow(post) {
  const types = post.types.join(", ") || "空";
  const fine = post.outcome === "ok";
  const about = `${post.status || post.outcome}  ${post.took_ms} ms${post.redelivery ? "  再送" : ""}`;
  return row("webhook", Date.parse(post.at), `→ ${types}`, about, fine, pretty(post.body));
}

function callRow(call) {
  const fine = call.status !== null && call.status < 400;
  const more = [call.path, `x-line-request-id: ${call.request_id}`];
  if (call.retry_key) more.push(`X-Line-Retry-Key: ${call.retry_key}`);
  if (call.note) more.push(call.note);
  return row("call", call.at_ms, `← ${call.endpoint}`, call.status === null ? "切断" : String(call.status), fine, more.join("\n"));
}

function row(kind, at, words, about, fine, body) {
  return el("li", { data: { testid: "log-row", kind } },
    el("details", { class: fine ? "" : "log-bad" },
      el("summary", {}, el("time", {}, stamp(at)), el("b", {}, words), el("span", {}, about)),
      el("pre", { tabIndex: 0 }, body)));
}

function pretty(body) {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
