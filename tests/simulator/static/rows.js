// Cards side by side that are swiped, scrolled or stepped through with two small buttons.

import { el, icon } from "/phones/static/dom.js";
import { t } from "/phones/static/language.js";

export function row(cards) {
  const track = el("div", { class: "row-track", tabIndex: 0, role: "group", "aria-label": t("横に並んだ {count} 枚のカード", { count: cards.length }) }, cards);
  const back = step(track, -1, t("前のカード"), "left");
  const on = step(track, 1, t("次のカード"), "right");
  const fit = () => {
    const rest = track.scrollWidth - track.clientWidth;
    back.hidden = track.scrollLeft < 4;
    on.hidden = track.scrollLeft > rest - 4;
  };
  track.addEventListener("scroll", fit, { passive: true });
  new ResizeObserver(fit).observe(track);
  return el("div", { class: "row" }, track, back, on);
}

function step(track, direction, words, name) {
  const move = () => {
    const width = track.firstElementChild?.getBoundingClientRect().width ?? 200;
    track.scrollBy({ left: direction * (width + 8), behavior: "smooth" });
  };
  return el("button", { type: "button", class: `row-step row-step-${name}`, "aria-label": words, hidden: true, on: { click: move } },
    icon(name));
}
