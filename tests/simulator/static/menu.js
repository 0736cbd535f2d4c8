// A small menu beside a button: by mouse, finger or arrow keys.

import { el, icon } from "/phones/static/dom.js";

/** items: [{words, testid, icon, act, danger}]. It stands inside the screen of the phone the anchor is in. */
export function openMenu(anchor, label, items) {
  const screen = anchor.closest(".screen") ?? document.body;
  screen.querySelector(".menu")?.remove();
  const menu = el("div", { class: "menu", role: "menu", "aria-label": label, data: { testid: "menu" } },
    items.map((item) => el("button", {
      type: "button", role: "menuitem", tabIndex: -1, class: `menu-item ${item.danger ? "menu-danger" : ""}`,
      data: { testid: item.testid }, on: { click: () => close(item.act) },
    }, icon(item.icon), item.words)));
  const outside = (event) => menu.contains(event.target) || close();
  function close(act) {
    document.removeEventListener("pointerdown", outside, true);
    menu.remove();
    anchor.setAttribute("aria-expanded", "false");
    if (anchor.isConnected) anchor.focus({ preventScroll: true });
    act?.();
  }
  menu.addEventListener("keydown", (event) => {
    const at = items.findIndex((_, index) => menu.children[index] === document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (event.key === "Escape" || event.key === "Tab") close();
    else if (to !== undefined) menu.children[(to + items.length) % items.length].focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  document.addEventListener("pointerdown", outside, true);
  anchor.setAttribute("aria-expanded", "true");
  screen.append(menu);
  place(menu, anchor, screen);
  menu.firstElementChild.focus({ preventScroll: true });
}

function place(menu, anchor, screen) {
  const [from, room] = [anchor.getBoundingClientRect(), screen.getBoundingClientRect()];
  const below = from.bottom - room.top + 4;
  const top = below + menu.offsetHeight > room.height - 8 ? from.top - room.top - menu.offsetHeight - 4 : below;
  menu.style.top = `${Math.max(8, Math.min(top, room.height - menu.offsetHeight - 8))}px`;
  menu.style.left = `${Math.max(8, Math.min(from.right - room.left - menu.offsetWidth, room.width - menu.offsetWidth - 8))}px`;
}
