// Beside a phone: what went over the wire for the talk it shows, newest first, each with its JSON to copy.

import { copy } from "/phones/static/attempt.js";
import { el, icon, iconButton } from "/phones/static/dom.js";
import { coloured, pretty } from "/phones/static/json.js";
import { t } from "/phones/static/language.js";
import { stamp } from "/phones/static/times.js";

const MOST = 200;
const OUTCOMES = {
  __proto__: null,
  ok: "応答あり",
  could_not_connect: "接続できません",
  request_timeout: "2秒以内に応答がありません",
  error_status_code: "エラーを返しました",
  unclassified: "接続が切れました",
};

export const outcome = (post) => t(OUTCOMES[post.outcome] ?? post.outcome);

export class Inspector {
  constructor(store, phone, toggle) {
    Object.assign(this, { store, phone, opener: toggle, chat: null, posts: [] });
    toggle.setAttribute("aria-expanded", "false");
    this.rows = el("ol", { class: "wire" });
    this.none = el("p", { class: "wire-none" }, t("このトークの通信はまだありません。"));
    this.root = el("aside", { class: "inspector", "aria-label": t("通信"), hidden: true, data: { testid: "inspector" },
      on: { keydown: (event) => event.key === "Escape" && this.toggle() } },
    el("div", { class: "inspector-head" }, el("h2", {}, t("このトークの通信")), iconButton("close", t("閉じる"), "inspector-close", () => this.toggle())),
    el("p", { class: "inspector-words" }, t("→ ボットへのWebhook　← ボットが送ったもの。新しい順。")), this.none, this.rows);
    this.deaf = [
      store.on("webhook", (post) => this.hear(post)),
      store.on("talk", (chat) => chat === this.chat && this.draw()),
      store.on("connection", (now) => now === "live" && this.fetch()),
    ];
  }

  close() {
    for (const stop of this.deaf) stop();
  }

  toggle() {
    this.root.hidden = !this.root.hidden;
    this.opener.setAttribute("aria-expanded", String(!this.root.hidden));
    if (this.root.hidden) this.opener.focus();
    else this.fetch();
  }

  turnTo(chat) {
    if (chat === this.chat) return;
    Object.assign(this, { chat, posts: [] });
    this.fetch();
  }

  /** Open at what carried this message (null: at the newest). */
  async open(messageId) {
    if (this.root.hidden) {
      this.root.hidden = false;
      this.opener.setAttribute("aria-expanded", "true");
      await this.fetch();
    }
    const rows = [...this.rows.children];
    const row = messageId === null ? rows[0] : rows.find((one) => one.dataset.messages.split(" ").includes(messageId));
    for (const one of rows) one.classList.toggle("wire-asked", one === row && messageId !== null);
    if (!row) return;
    row.firstElementChild.open = true;
    row.scrollIntoView({ block: "nearest" });
    row.querySelector("summary").focus({ preventScroll: true });
  }

  async fetch() {
    const { chat } = this;
    if (this.root.hidden || chat === null) return this.draw();
    const posts = await this.store.desk.webhooks(chat).catch(() => []);
    if (chat !== this.chat) return undefined;
    this.posts = posts.filter((post) => this.isHere(post));
    return this.draw();
  }

  hear(post) {
    if (this.root.hidden || this.chat === null || !this.isHere(post)) return;
    this.posts.push(post);
    this.draw();
  }

  isHere(post) {
    return eventsIn(post).some(({ source }) => (source?.groupId ?? source?.roomId ?? source?.userId) === this.chat);
  }

  draw() {
    if (this.root.hidden) return;
    const open = new Set([...this.rows.children].filter((row) => row.firstElementChild.open).map((row) => row.dataset.seq));
    const sends = this.chat === null ? [] : this.store.entries(this.chat).filter((entry) => entry.kind === "bot" || entry.kind === "undelivered");
    const all = [...this.posts.map((post) => [post.seq, () => webhookRow(post)]), ...sends.map((send) => [send.seq, () => sendRow(send)])];
    all.sort((one, other) => other[0] - one[0]);
    this.rows.replaceChildren(...all.slice(0, MOST).map((one) => one[1]()));
    for (const row of this.rows.children) row.firstElementChild.open = open.has(row.dataset.seq);
    this.none.hidden = all.length > 0;
  }
}

function eventsIn(post) {
  try {
    return JSON.parse(post.body).events ?? [];
  } catch {
    return [];
  }
}

function webhookRow(post) {
  const events = eventsIn(post);
  const facts = [
    [t("応答"), `${outcome(post)}${post.status ? ` (${post.status})` : ""}`],
    [t("かかった時間"), `${post.took_ms} ms`],
    [t("再送"), post.redelivery ? t("はい") : t("いいえ")],
  ];
  const ids = events.map((event) => event.message?.id).filter(Boolean);
  return row("webhook", post.seq, Date.parse(post.at), "→", post.types.join(", "), outcome(post), post.outcome !== "ok", facts, parsed(post.body), ids);
}

function sendRow(send) {
  const lost = send.kind === "undelivered";
  const cost = lost ? 0 : send.cost;
  const facts = [
    [t("種類"), send.how],
    [t("費用"), cost === 0 ? t("無料") : t("{count} 通", { count: cost })],
    [t("リトライキー"), send.retry_key ?? t("なし")],
    [t("リクエストID"), send.request_id],
  ];
  const about = lost ? t("届いていません") : cost === 0 ? t("無料") : t("{count} 通", { count: cost });
  return row("send", send.seq, send.at_ms, "←", send.how, about, lost, facts, send.messages, send.ids ?? []);
}

function row(kind, seq, at, arrow, words, about, bad, facts, json, ids) {
  const text = typeof json === "string" ? json : pretty(json);
  const details = el("details", { class: bad ? "wire-bad" : "" },
    el("summary", {}, el("span", { class: "wire-arrow" }, arrow), el("b", {}, words), el("span", {}, about), el("time", {}, stamp(at))));
  const fill = () => {
    if (!details.open || details.childElementCount > 1) return;
    details.append(
      el("dl", { class: "facts" }, facts.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])),
      el("div", { class: "wire-json" },
        el("button", { type: "button", class: "control wire-copy", data: { testid: "wire-copy" }, on: { click: () => copy(text) } }, icon("copy"), t("JSONをコピー")),
        el("pre", { tabIndex: 0, "aria-label": "JSON" }, coloured(text))));
  };
  details.addEventListener("toggle", fill);
  return el("li", { data: { testid: "wire", kind, seq: String(seq), messages: ids.join(" ") } }, details);
}

function parsed(body) {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
