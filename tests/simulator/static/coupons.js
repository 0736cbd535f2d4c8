// Coupons: a ticket that says what the account made it say, as soon as that is known.

import { Declined } from "/phones/static/desk.js";
import { el } from "/phones/static/dom.js";
import { t } from "/phones/static/language.js";
import { stamp } from "/phones/static/times.js";

const REWARDS = { __proto__: null, discount: "割引", cashBack: "キャッシュバック", free: "無料", gift: "プレゼント", others: "特典" };

export function coupon(message, context) {
  const id = String(message.couponId ?? "");
  const words = el("span", { class: "coupon-words" }, el("b", {}, t("クーポン")), el("span", {}, id));
  const mark = el("span", { class: "coupon-mark", "aria-hidden": "true" }, "％");
  const node = el("div", { class: "coupon", data: { testid: "coupon", coupon: id } }, mark, words);
  context.coupon(id).then((found) => {
    words.replaceChildren(el("span", {}, t(REWARDS[found.reward?.type] ?? "クーポン")), el("b", {}, String(found.title ?? id)),
      el("span", {}, t("{time} まで", { time: stamp(Number(found.endTimestamp) * 1000) })));
    node.classList.toggle("coupon-over", found.status !== "RUNNING");
  }, (problem) => {
    if (!(problem instanceof Declined)) throw problem;
  });
  return node;
}
