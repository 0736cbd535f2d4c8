// The left phone: a customer's 1:1 talk with the bot.

import { el, offer, refill } from "/phones/static/dom.js";
import { choose, remembered } from "/phones/static/memory.js";
import { action, attempt, Phone } from "/phones/static/phone.js";

const MOST = 300;
export const STATES = { stranger: "まだ友だちではありません", friend: "友だち", blocked: "ブロック中" };

export function customerPhone(store) {
  let chosen = remembered("customer");
  const person = () => {
    const all = store.customers();
    return all.find((one) => one.id === chosen) ?? all[0] ?? null;
  };
  const phone = new Phone(store, {
    testid: "phone-customer",
    label: "お客様のスマホ",
    inputLabel: "お客様のメッセージ",
    where: () => (person() ? { person: person(), group: null } : null),
  });
  const select = el("select", { id: "customer", data: { testid: "customer-select" },
    on: { change: () => {
      chosen = choose("customer", select.value);
      show();
    } } });
  const deeds = el("div", { class: "control-row" });
  phone.controls.append(
    el("div", { class: "control-row" }, el("label", { for: "customer", class: "control-label" }, "お客様"), select), deeds);

  function show() {
    const now = person();
    offer(select, store.customers().slice(0, MOST), now?.id);
    refill(deeds, ...(now ? friendship(store, now) : []));
    phone.show(now ? oneToOne(store, now) : nobody("お客様がいません"));
  }
  store.on("people", show);
  store.on("overview", show);
  return phone;
}

/** The state of a friendship and what can be done about it. */
export function friendship(store, person) {
  const does = (deed) => () => attempt(() => store.desk.person(person.id, deed));
  const state = el("span", { class: "state", data: { testid: "friend-state", state: person.state } }, STATES[person.state]);
  if (person.state === "friend") return [state, action("ブロック", "friend-block", does("block"))];
  if (person.state === "blocked") return [state, action("ブロック解除", "friend-unblock", does("unblock"), true)];
  return [state, action("友だち追加", "friend-add", does("follow"), true)];
}

/** What a 1:1 talk with the bot shows around the bubbles. */
export function oneToOne(store, person) {
  const bot = store.channel.name;
  return {
    title: { name: bot, words: `${person.name}のスマホ`, bot: true },
    notice: person.state === "stranger" ? { words: `${bot}はまだ友だちではありません。上の「友だち追加」で始められます。` } : null,
    bar: person.state === "blocked" ? { words: `${bot}をブロックしています。メッセージは届きません。` } : null,
  };
}

export function nobody(words) {
  return { title: { name: words, words: "", bot: false }, notice: null, bar: { words } };
}
