// The clock of the whole sandbox: shows its time, moves it with the bot, runs it faster, tells each step of the way.

import { attempt } from "/phones/static/attempt.js";
import { refusal } from "/phones/static/desk.js";
import { el, icon, iconButton, toast } from "/phones/static/dom.js";
import { t } from "/phones/static/language.js";
import { day, field, fromField, second, short } from "/phones/static/times.js";

const STEPS = [
  ["1分", "1分進める", "advance-1m", 60],
  ["1時間", "1時間進める", "advance-1h", 3_600],
  ["1日", "1日進める", "advance-1d", 86_400],
  ["3日進める", "3日進める", "advance-3d", 3 * 86_400],
];
const SPEEDS = [[1, "ふつうの速さ"], [60, "1秒で1分"], [600, "1秒で10分"], [3_600, "1秒で1時間"]];
const NEXT_WITHIN = 31 * 86_400;
const SILENCE_MS = 3_000;

export class Clock {
  /** tick(now in ms) is called about twice a second. */
  constructor(store, root, tick) {
    Object.assign(this, { store, ticked: tick, ahead: 0, driving: false, speed: 1 });
    this.day = el("span", { class: "clock-day" });
    this.time = el("span", { class: "clock-time" });
    this.face = el("div", { class: "clock", role: "timer", "aria-label": t("仮想の日時"), "aria-live": "off", data: { testid: "clock", driving: "false" } },
      icon("clock"), this.day, this.time);
    this.buttons = STEPS.map(([words, label, testid, seconds]) =>
      el("button", { type: "button", class: `control ${seconds > 86_400 ? "control-strong" : ""}`, data: { testid },
        "aria-label": t(label), on: { click: () => this.advance({ seconds }) } }, t(words)));
    this.buttons.push(iconButton("next", t("次の予定まで進める"), "advance-next", () => this.advance({ next: true, seconds: NEXT_WITHIN }), "control"));
    this.speeds = el("select", { "aria-label": t("時計の速さ"), data: { testid: "clock-speed" }, on: { change: () => this.run(Number(this.speeds.value)) } },
      SPEEDS.map(([speed, words]) => el("option", { value: String(speed) }, t(words))));
    this.to = el("input", { type: "datetime-local", "aria-label": t("進める先の日時"), data: { testid: "clock-to" },
      on: { keydown: (event) => event.key === "Enter" && this.go() } });
    this.goButton = el("button", { type: "button", class: "control", data: { testid: "clock-go" }, on: { click: () => this.go() } }, t("ここまで進める"));
    this.status = el("div", { class: "clock-status", role: "status", data: { testid: "clock-status", trouble: "false", steps: "0" } });
    this.progress = el("progress", { class: "clock-progress", max: 1, value: 0, hidden: true, "aria-label": t("時計の進み具合") });
    root.append(this.face, el("span", { class: "clock-buttons" }, this.buttons), this.speeds,
      el("span", { class: "clock-to" }, this.to, this.goButton), this.status, this.progress);
    store.on("overview", () => this.adopt());
    store.on("clock", (told) => this.hear(told));
    store.on("trouble", (told) => this.fail(refusal(told)));
    store.on("scene", (told) => this.scene(told));
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
    this.say(this.store.channel.settings.drive_bot ? t("ボットの時計も進みます") : t("この時計だけが進みます"));
  }

  tick() {
    if (!this.store.channel.now) return;
    const now = this.now();
    this.store.channel.now = new Date(now).toISOString();
    this.day.textContent = day(now);
    this.time.textContent = second(now);
    this.face.dataset.now = this.store.channel.now;
    this.to.min = field(now);
    this.ticked(now);
    if (this.driving && Date.now() - this.heard > SILENCE_MS) this.status.lastElementChild.textContent = t("ボットの処理を待っています");
  }

  go() {
    if (this.to.value === "") return;
    const wanted = fromField(this.to.value);
    if (Date.parse(wanted) <= this.now()) toast(t("時計は前にしか進みません。いまより後の日時を選んでください。"));
    else this.advance({ to: wanted });
  }

  async advance(wanted) {
    if (this.driving) return;
    this.startedAt = this.now();
    this.drive(true);
    this.trouble(false);
    this.say(t("進めています…"));
    if ((await attempt(() => this.store.desk.advance(wanted))) !== null) return;
    this.drive(false);
    this.run(1);
    this.idle();
  }

  /** So many seconds pass in each; while this page is open. */
  run(speed) {
    clearTimeout(this.running);
    this.speed = speed;
    this.speeds.value = String(speed);
    if (speed > 1) this.runOn();
  }

  runOn() {
    clearTimeout(this.running);
    if (!this.driving) this.advance({ seconds: this.speed });
    this.running = setTimeout(() => this.speed > 1 && this.runOn(), 1_000);
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
      this.say(t("{step} 歩目 {time}", { step: steps + 1, time: short(at) }), t("目標 {time}", { time: short(goal) }));
      return;
    }
    this.drive(false);
    this.status.dataset.steps = String(steps);
    if (at >= goal - 1_000) {
      this.say(steps > 0 ? t("{steps} 歩で進みました", { steps }) : t("進みました"), short(at));
      this.to.value = field(at + 86_400_000);
    }
    this.store.soon("overview", () => this.store.overview());
  }

  scene({ name, step, of, playing }) {
    this.progress.hidden = !playing;
    this.progress.value = playing ? step / of : 0;
    this.status.dataset.scene = playing ? name : "";
    if (playing) this.say(t("場面を再生中 {step} / {of}", { step, of }), short(this.now()));
    else this.say(t("場面が終わりました"), short(this.now()));
  }

  drive(on) {
    this.driving = on;
    this.heard = Date.now();
    this.face.dataset.driving = String(on);
    this.progress.hidden = !on;
    if (!on) this.progress.value = 0;
    for (const control of [...this.buttons, this.goButton]) control.disabled = on;
  }

  fail(words) {
    this.drive(false);
    this.run(1);
    this.trouble(true);
    this.status.title = words;
    this.say(words, t("ボットの起動を確かめて、もう一度お試しください"));
  }

  trouble(on) {
    this.status.title = "";
    this.status.dataset.trouble = String(on);
  }

  say(words, more = "") {
    this.status.replaceChildren(el("span", {}, words), el("small", {}, more));
  }
}
