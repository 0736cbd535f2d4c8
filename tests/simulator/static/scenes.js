// Scenes that fill the desk with life, and the way back to an empty one.

import { dialog, sure } from "/phones/static/ask.js";
import { attempt } from "/phones/static/attempt.js";
import { el, toast } from "/phones/static/dom.js";
import { t } from "/phones/static/language.js";

const PAUSE_MS = 250;
const MOST_PHONES = 3;
const SCENES = [
  ["new-salon", "中村 結衣", "新しい美容室", "開店の日。はじめての5人が友だちになり、スタッフが喜びます。15分が過ぎます。"],
  ["busy-saturday", "伊藤 健太", "忙しい土曜日", "次の土曜日の9時から18時半まで。14人のお客様が、予約や質問、写真やスタンプを送ります。"],
];

/** Asks which scene to play, and plays it; one of those who act in it gets a phone, so that there is something to see. */
export async function chooseScene(store, board) {
  const scene = await dialog(t("場面を選ぶ"), "scenes", (close) => [
    el("p", { class: "dialog-words" }, t("お客様とスタッフの会話を再生します。ボットには、ふだんと同じWebhookが届きます。")),
    el("div", { class: "scene-cards" }, SCENES.map(([name, , title, words], index) =>
      el("button", { type: "button", class: "scene-card", autofocus: index === 0, data: { testid: `scene-${name}` }, on: { click: () => close(name) } },
        el("b", {}, t(title)), el("span", {}, t(words))))),
    el("div", { class: "dialog-buttons" }, el("button", { type: "button", class: "control", on: { click: () => close() } }, t("キャンセル"))),
  ]);
  if (scene === null || (await attempt(() => store.desk.play(scene, PAUSE_MS))) === null) return;
  const hero = SCENES.find(([name]) => name === scene)[1];
  const found = (await store.desk.people({ search: hero })).people[0];
  if (found && board.phones.length < MOST_PHONES && !board.phones.some((phone) => phone.holder === found.id)) await board.bring(store.meet(found));
}

/** Asks, and then begins anew. */
export async function startOver(store) {
  const really = await sure(t("はじめからにしますか"), [
    t("トークをすべて消し、お客様を新しい2人に入れかえます。ボットにはブロックとして伝わります。"),
    t("スタッフとグループ、時計、そしてボットの中のデータはそのままです。"),
  ], t("はじめからにする"));
  if (really && (await attempt(() => store.desk.startOver())) !== null) toast(t("はじめからにしました。"), "check");
}
