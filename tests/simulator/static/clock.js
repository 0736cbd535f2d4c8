// The clock of the whole sandbox: shows its time, moves it with the bot, tells each step of the way.

import { attempt } from "/phones/static/phone.js";
import { el, icon, toast } from "/phones/static/dom.js";
import { day, field, fromField, second, short } from "/phones/static/times.js";

const STEPS = [
  ["1分", "advance-1m", 60],
  ["1時間", "advance-1h", 3_600],
  ["1日", "advance-1d", 86_400],
  ["3日進める", "advance-3d", 3 * 86_400],
];
const SILENCE_MS = 3_000;

export class Clock {
  constructor(store, root) {
    this.store = store;
    this.ahead = 0;
    this.driving = false;
    this.day = el("span", { class: "clock-day" });
    this.time = el("span", { class: "clock-time" });
    this.face = el("div", { class: "clock", role: "timer", "aria-label": "仮想の日時", "aria-live": "off", data: { testid: "clock", driving: "false" } },
      icon("clock"), this.day, this.time);
    this.buttons = STEPS.map(([words, testid, seconds]) =>
      el("button", { type: "button", class: `control ${seconds > 86_400 ? "control-strong" : ""}`, data: { testid },
        "aria-label": words.endsWith("進める") ? words : `${words}進める`, on: { click: () => this.advance({ seconds }) } }, words));
    this.to = el("input", { type: "datetime-local", "aria-label": "進める先の日時", data: { testid: "clock-to" },
      on: { keydown: (event) => event.key === "Enter" && this.go() } });
    this.goButton = el("button", { type: "button", class: "control", data: { testid: "clock-go" }, on: { click: () => this.go() } }, "ここまで進める");
    this.status = el("div", { class: "clock-status", role: "status", data: { testid: "clock-status", trouble: "false", steps: "0" } });
    this.progress = el("progress", { class: "clock-progress", max: 1, value: 0, hidden: true, "aria-label": "時計の進み具合" });
    root.append(this.face, el("span", { class: "clock-buttons" }, this.buttons),
      el("span", { class: "clock-to" }, this.to, this.goButton), this.status, this.progress);
    store.on("overview", () => this.adopt());
    store.on("clock", (told) => this.hear(told));
    store.on("trouble", (told) => this.fail(told.error));
    setInterval(() => this.tick(), 500);
  }

  now() {
    return Date.now() + this.ahead;
  }

  adopt() {
    this.ahead = Date.parse(this.store.channel.now) - Date.now();
    if (!this.store.channel.driving) this.drive(false);
    this.tick();
    if (this.to.value === "" || this.to.value < field(this.now())) this.to.value = field(this.now() + 86_400_000);
    if (this.status.childElementCount === 0) this.idle();
  }

  idle() {
    this.say(this.store.channel.settings.drive_bot ? "ボットの時計もいっしょに進みます" : "シミュレーターの時計だけが進みます");
  }

  tick() {
    if (!this.store.channel.now) return;
    const now = this.now();
    this.day.textContent = day(now);
    this.time.textContent = second(now);
    this.face.dataset.now = new Date(now).toISOString();
    this.to.min = field(now);
    if (this.driving && Date.now() - this.heard > SILENCE_MS) this.status.lastElementChild.textContent = "ボットの処理を待っています";
  }

  go() {
    if (this.to.value === "") return;
    const wanted = fromField(this.to.value);
    if (Date.parse(wanted) <= this.now()) toast("時計は前にしか進みません。いまより後の日時を選んでください。");
    else this.advance({ to: wanted });
  }

  async advance(wanted) {
    if (this.driving) return;
    this.startedAt = this.now();
    this.drive(true);
    this.trouble(false);
    this.say("進めています…");
    if ((await attempt(() => this.store.desk.advance(wanted))) === null) this.drive(false);
  }

  hear({ now, target, steps, driving }) {
    const at = Date.parse(now);
    const goal = Date.parse(target);
    this.ahead = at - Date.now();
    this.tick();
    if (!this.driving && driving) this.startedAt = at;
    if (driving) {
      this.drive(true);
      this.status.dataset.steps = String(steps);
      this.progress.value = goal > this.startedAt ? (at - this.startedAt) / (goal - this.startedAt) : 1;
      this.say(`${steps + 1} 歩目 ${short(at)}`, `目標 ${short(goal)}`);
      return;
    }
    this.drive(false);
    this.status.dataset.steps = String(steps);
    if (at >= goal - 1_000) {
      this.say(steps > 0 ? `${short(at)} まで ${steps} 歩で進みました` : `${short(at)} まで進みました`);
      this.to.value = field(at + 86_400_000);
    }
    this.store.overview().catch(() => {});
  }

  drive(on) {
    this.driving = on;
    this.heard = Date.now();
    this.face.dataset.driving = String(on);
    this.progress.hidden = !on;
    if (!on) this.progress.value = 0;
    for (const control of [...this.buttons, this.goButton]) control.disabled = on;
  }

  fail(error) {
    this.drive(false);
    this.trouble(true);
    console.warn(error);
    this.status.title = error;
    this.say("ボットの時計が応答しません", "起動を確かめて、もう一度進めてください");
  }

  trouble(on) {
    this.status.title = "";
    this.status.dataset.trouble = String(on);
  }

  say(words, more = "") {
    this.status.replaceChildren(el("span", {}, words), el("small", {}, more));
  }
}
