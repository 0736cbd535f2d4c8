// One phone: its header, the talk, quick replies, what stands instead of the input when one cannot write.

import { Composer } from "/phones/static/composer.js";
import { Declined } from "/phones/static/desk.js";
import { el, openable, picture, toast } from "/phones/static/dom.js";
import { pick } from "/phones/static/picker.js";
import { avatar, Talk } from "/phones/static/talk.js";

/** Do something at the desk; whether it was done. What was refused is said. */
export async function attempt(work) {
  try {
    return (await work()) ?? true;
  } catch (problem) {
    if (!(problem instanceof Declined)) throw problem;
    toast(`できませんでした: ${problem.message}`);
    return null;
  }
}

export class Phone {
  /** where() says what is on the screen: {person, group} (group null: the 1:1 talk), or null when there is nobody. */
  constructor(store, { testid, label, inputLabel, where }) {
    Object.assign(this, { store, where });
    const botName = () => store.channel.name;
    this.talk = new Talk(store, {
      press: (action, id, pointer) => this.press(action, id, pointer),
      quote: (message) => this.composer.quote(message),
    });
    this.composer = new Composer({
      label: inputLabel,
      botName,
      names: () => [botName(), ...this.others(), "All"],
      say: (text, more) => this.say(text, more),
    });
    this.header = el("header", { class: "phone-header" });
    this.quick = el("div", { class: "quick", role: "group", "aria-label": "クイックリプライ", hidden: true, data: { testid: "quick-replies" } });
    this.notice = el("div", { class: "phone-notice", hidden: true });
    this.bar = el("div", { class: "phone-bar", hidden: true });
    this.controls = el("div", { class: "controls" });
    this.frame = el("div", { class: "frame" }, this.header, this.notice, this.talk.root, this.quick, this.composer.root, this.bar);
    this.root = el("section", { class: "phone", "aria-label": label, data: { testid } }, this.controls, this.frame);
    store.on("talk", (chat) => chat === this.talk.chat && this.showQuickReplies());
  }

  others() {
    const { person, group } = this.where() ?? {};
    return (group?.members ?? []).filter((id) => id !== person.id).map((id) => this.store.nameOf(id));
  }

  /** Draw again for whoever holds this phone now. title: {name, words, bot, more}; notice and bar: {words, button} or null. */
  show({ title, notice, bar }) {
    const here = this.where();
    this.header.replaceChildren(avatar(title.name, title.bot), el("div", { class: "phone-title" },
      el("h2", {}, title.name, title.more ?? ""), el("p", {}, title.words)));
    this.talk.empty.replaceChildren(avatar(title.name, title.bot), el("b", {}, title.name), el("span", {}, "まだメッセージはありません"));
    this.frame.classList.toggle("frame-empty", here === null);
    if (here !== null) {
      const chat = here.group?.id ?? here.person.id;
      this.talk.show(chat, here.person.id, here.group !== null);
      this.composer.turnTo(`${chat}/${here.person.id}`, this.store.channel.name, here.group !== null);
    }
    line(this.notice, notice);
    line(this.bar, bar);
    this.composer.root.hidden = bar !== null || here === null;
    this.showQuickReplies();
  }

  showQuickReplies() {
    const replies = this.bar.hidden ? this.talk.quickReplies() : [];
    this.quick.hidden = replies.length === 0;
    this.quick.replaceChildren(...replies.map((reply) =>
      el("button", { type: "button", class: "quick-reply", on: { click: reply.press } },
        reply.imageUrl ? picture(reply.imageUrl, "", "quick-icon") : null, String(reply.action.label ?? ""))));
  }

  place() {
    const { person, group } = this.where();
    return [person.id, group === null ? {} : { in: group.id }];
  }

  say(text, more) {
    const [user, place] = this.place();
    return attempt(() => this.store.desk.person(user, "say", { text, ...more, ...place }));
  }

  async press(action, messageId, pointer) {
    const more = {};
    if (action.type === "uri") open_(action.uri);
    if (action.type === "clipboard") copy(String(action.clipboardText ?? ""));
    if (action.type === "datetimepicker") {
      more.value = await pick(action);
      if (more.value === null) return;
    }
    const [user, place] = this.place();
    const done = await attempt(() =>
      this.store.desk.person(user, "press", { message_id: messageId, pointer, ...more, ...place }));
    if (done === null) return;
    if (action.inputOption === "openKeyboard") this.composer.fill(String(action.fillInText ?? ""));
    if (["camera", "cameraRoll", "location"].includes(action.type)) toast("この操作はシミュレーターではまだ使えません。");
  }
}

function line(node, what) {
  node.hidden = what === null;
  if (what !== null) node.replaceChildren(el("span", {}, what.words), what.button ?? "");
}

export function action(words, testid, act, strong = false) {
  return el("button", { type: "button", class: `control ${strong ? "control-strong" : ""}`, data: { testid }, on: { click: act } }, words);
}

function open_(address) {
  const target = openable(address);
  if (target === null) toast(`この画面では開けないアドレスです: ${String(address)}`);
  else window.open(target, "_blank", "noopener,noreferrer");
}

function copy(words) {
  navigator.clipboard?.writeText(words).then(() => toast("コピーしました。"), () => toast("コピーできませんでした。"));
}
