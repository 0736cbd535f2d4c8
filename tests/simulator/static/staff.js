// The right phone: the admin group as a member of staff sees it, or that member's own talk with the bot.

import { friendship, nobody, oneToOne } from "/phones/static/customer.js";
import { el, offer, refill } from "/phones/static/dom.js";
import { choose, remembered } from "/phones/static/memory.js";
import { action, attempt, Phone } from "/phones/static/phone.js";

export function staffPhone(store) {
  const chosen = { speaker: remembered("speaker"), group: remembered("group"), tab: remembered("tab") ?? "group" };
  const speaker = () => pickFrom(store.staff(), chosen.speaker);
  const group = () => pickFrom([...store.groups.values()], chosen.group);
  const inGroup = () => chosen.tab === "group";
  const where = () => {
    if (speaker() === null || (inGroup() && group() === null)) return null;
    return { person: speaker(), group: inGroup() ? group() : null };
  };
  const phone = new Phone(store, { testid: "phone-group", label: "スタッフのスマホ", inputLabel: "スタッフのメッセージ", where });
  const set = (what, value) => {
    chosen[what] = choose(what, value);
    show();
  };
  const speakers = el("fieldset", { class: "speakers" });
  const groups = el("select", { "aria-label": "グループ", data: { testid: "group-select" }, on: { change: () => set("group", groups.value) } });
  const tabs = {
    group: tab("グループ", "tab-group", () => set("tab", "group")),
    direct: tab("ボットと1:1", "tab-direct", () => set("tab", "direct")),
  };
  const deeds = el("span", { class: "control-group" });
  phone.controls.append(
    el("div", { class: "control-row" }, speakers),
    el("div", { class: "control-row" }, el("div", { class: "tabs", role: "group", "aria-label": "トークの切り替え" }, tabs.group, tabs.direct), groups, deeds));

  function show() {
    drawSpeakers();
    for (const [name, button] of Object.entries(tabs)) button.setAttribute("aria-pressed", String(name === chosen.tab));
    offer(groups, [...store.groups.values()], group()?.id);
    groups.hidden = store.groups.size < 2 || !inGroup();
    const here = where();
    if (here === null) {
      refill(deeds);
      phone.show(nobody(speaker() === null ? "スタッフがいません" : "グループがありません"));
    } else if (here.group === null) {
      refill(deeds, ...friendship(store, here.person));
      phone.show(oneToOne(store, here.person));
    } else {
      refill(deeds, ...membership(store, here));
      phone.show(groupTalk(store, here));
    }
  }

  function drawSpeakers() {
    const now = speaker();
    const names = store.staff().map((person) => {
      const radio = el("input", { type: "radio", name: "speaker", value: person.id, checked: person.id === now.id,
        data: { testid: "speaker" }, on: { change: () => set("speaker", person.id) } });
      return el("label", { class: "speaker" }, radio, el("span", {}, person.name));
    });
    refill(speakers, el("legend", { class: "control-label" }, "話す人"), ...names);
  }

  store.on("people", show);
  store.on("overview", show);
  return phone;
}

function pickFrom(all, id) {
  return all.find((one) => one.id === id) ?? all[0] ?? null;
}

function tab(words, testid, act) {
  return el("button", { type: "button", class: "tab", data: { testid }, on: { click: act } }, words);
}

function membership(store, { person, group }) {
  const does = (deed, user) => () => attempt(() => store.desk.group(group.id, deed, user));
  const inside = group.members.includes(person.id);
  return [
    group.bot_in
      ? action("ボットを外す", "bot-remove", does("remove-bot", inside ? person.id : undefined))
      : action("ボットを招待", "bot-invite", does("invite-bot", inside ? person.id : undefined), true),
    inside
      ? action("退出する", "member-leave", does("leave", person.id))
      : action("グループに戻る", "member-return", does("join", person.id), true),
  ];
}

function groupTalk(store, { person, group }) {
  const bot = store.channel.name;
  const inside = group.members.includes(person.id);
  const count = group.members.length + (group.bot_in ? 1 : 0);
  return {
    title: { name: group.name, more: `（${count}）`, words: `${person.name}のスマホ`, bot: false },
    notice: group.bot_in ? null : { words: `${bot}はまだこのグループにいません。上の「ボットを招待」で呼べます。` },
    bar: inside ? null : { words: `${person.name}さんはこのグループを退出しています。` },
  };
}
