// Entries of a talk as lines: dates, bubbles with name and time, grey lines, what never arrived.

import { bubble } from "/phones/static/bubbles.js";
import { el, icon, iconButton } from "/phones/static/dom.js";
import { avatar } from "/phones/static/faces.js";
import { t } from "/phones/static/language.js";
import { gist } from "/phones/static/texts.js";
import { day, hour } from "/phones/static/times.js";

const QUOTABLE = new Set(["text", "textV2", "sticker", "image", "video", "template", "flex"]);
const REASONS = {
  __proto__: null,
  blocked: "ブロックされているため",
  not_friend: "友だちではないため",
  unknown: "そのような相手がいないため",
};
const LONG_PRESS_MS = 450;

/** One run of lines, oldest first. It knows what stood above, so that names and dates are not said twice. */
export class Lines {
  /** place: {store, chat, viewer, messages, reads}; acts: press(action, id, pointer), menu(about, anchor), played(id, percent). */
  constructor(place, acts) {
    Object.assign(this, { place, acts });
    this.day = null;
    this.author = null;
  }

  of(entry) {
    const nodes = [];
    const today = day(entry.at_ms);
    if (today !== this.day) {
      nodes.push(el("div", { class: "date", data: { testid: "date", day: today } }, el("span", {}, today)));
      this.day = today;
      this.author = null;
    }
    if (entry.kind === "note") nodes.push(this.grey(note(this.place.store, entry)));
    else if (entry.kind === "undelivered") nodes.push(this.undelivered(entry));
    else if (entry.unsent) {
      nodes.push(this.grey(t("{name}がメッセージの送信を取り消しました", { name: this.place.store.nameOf(entry.by) })));
    } else nodes.push(...this.bubbles(entry));
    return nodes;
  }

  unread() {
    this.author = null;
    return el("div", { class: "unread-line", role: "separator", data: { testid: "unread-line" } },
      el("span", {}, t("ここから未読メッセージ")));
  }

  grey(words) {
    this.author = null;
    return el("div", { class: "note", data: { testid: "note" } }, el("span", {}, words));
  }

  undelivered(entry) {
    this.author = null;
    const why = t(REASONS[entry.why] ?? "理由: {why}", { why: entry.why });
    return el("div", { class: "undelivered", data: { testid: "undelivered" } },
      el("div", { class: "undelivered-head" }, icon("warning"),
        t("{why}届いていません（LINEは受け付けました） {time}", { why, time: hour(entry.at_ms) })),
      entry.messages.map((message) => el("div", { class: "undelivered-words" }, gist(message))));
  }

  bubbles(entry) {
    const bot = entry.kind === "bot";
    const messages = bot ? entry.messages : [entry.message];
    return messages.map((message, index) => this.bubble(entry, message, bot ? entry.ids[index] : entry.id));
  }

  bubble(entry, message, id) {
    const { store, viewer, messages, reads } = this.place;
    const bot = entry.kind === "bot";
    const from = bot ? "bot" : entry.by === viewer ? "me" : "other";
    const name = bot ? botName(message, store.channel.name) : store.nameOf(entry.by);
    const author = `${from}/${name}/${hour(entry.at_ms)}`;
    const goesOn = author === this.author;
    this.author = author;
    const about = { id, name, message, entry, from, quotable: QUOTABLE.has(message.type) && !entry.only_shown };
    messages.set(id, about);
    const body = el("div", {
      class: "bubble",
      data: {
        testid: "bubble", from, type: String(message.type), messageId: id, at: String(entry.at_ms),
        ...(bot ? { how: entry.how } : {}),
      },
    }, bubble(message, this.context(about)));
    const read = from === "me" && !entry.only_shown ? el("span", { class: "line-read", data: { testid: "read" } }) : null;
    if (read !== null) reads.set(id, read);
    const more = iconButton("more", t("このメッセージのメニュー"), "bubble-menu", () => this.acts.menu(about, more), "line-more");
    more.setAttribute("aria-haspopup", "menu");
    const line = el("div", { class: `line line-${from === "me" ? "mine" : "theirs"} ${goesOn ? "line-goes-on" : ""}` },
      from === "me" ? null : avatar(name, bot, bot ? message.sender?.iconUrl : store.people.get(entry.by)?.picture_url),
      el("div", { class: "line-main" },
        from === "me" || goesOn ? null : el("div", { class: "line-name" }, name, bot ? el("span", { class: "tag" }, "BOT") : null),
        el("div", { class: "line-row" }, body,
          el("div", { class: "line-side" }, more, read, entry.edited ? el("span", { class: "line-edited" }, t("編集済み")) : null,
            el("time", { class: "line-time", dateTime: new Date(entry.at_ms).toISOString() }, hour(entry.at_ms))))));
    longPress(body, () => this.acts.menu(about, more));
    return line;
  }

  context({ id, entry }) {
    const { store, messages } = this.place;
    return {
      messageId: id,
      fromBot: entry.kind === "bot",
      press: (action, pointer) => this.acts.press(action, id, pointer),
      nameOf: (user) => (user === store.channel.bot_user_id ? store.channel.name : store.nameOf(user)),
      coupon: (couponId) => store.desk.coupon(couponId),
      picture: (messageId) => store.desk.picture(messageId),
      quoted: (messageId) => messages.get(messageId),
      played: (percent) => entry.kind === "bot" && this.acts.played(id, percent),
    };
  }
}

/** A sender's own name stands before the account's [R#icon-nickname-switch]. */
function botName(message, account) {
  return message.sender?.name ? `${message.sender.name} from ${account}` : account;
}

export function note(store, entry) {
  const bot = store.channel.name;
  const name = entry.by ? store.nameOf(entry.by) : null;
  const words = {
    __proto__: null,
    bot_joined: name ? "{name}が{bot}を招待しました" : "{bot}がグループに参加しました",
    bot_removed: name ? "{name}が{bot}を退出させました" : "{bot}がグループから外されました",
    bot_left: "{bot}がグループを退出しました",
    member_joined: "{name}がグループに参加しました",
    member_left: "{name}がグループを退出しました",
  };
  return t(words[entry.what] ?? String(entry.what), { name, bot });
}

/** A long press by finger or pen, and the other mouse button. */
function longPress(body, act) {
  let timer = null;
  const stop = () => clearTimeout(timer);
  body.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "mouse") timer = setTimeout(act, LONG_PRESS_MS);
  });
  for (const kind of ["pointerup", "pointermove", "pointercancel", "pointerleave"]) body.addEventListener(kind, stop);
  body.addEventListener("contextmenu", (event) => {
    if (event.target.closest("a") || !getSelection().isCollapsed) return;
    event.preventDefault();
    stop();
    act();
  });
}
