// Builds elements. Data only ever becomes text nodes, properties and checked attributes, never markup.

export function el(tag, options = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(options)) {
    if (value === undefined || value === null) continue;
    if (key === "class") node.className = value;
    else if (key === "data") Object.assign(node.dataset, value);
    else if (key === "on") for (const [kind, act] of Object.entries(value)) node.addEventListener(kind, act);
    else if (key.includes("-") || key === "role" || key === "for" || key === "list") node.setAttribute(key, value);
    else node[key] = value;
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const PATHS = {
  __proto__: null,
  add: "M12 5v14 M5 12h14",
  at: "M12 15.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7z M15.500 8.500v5a2.300 2.300 0 0 0 4.500.500v-2a8 8 0 1 0-3 6.300",
  back: "M14.500 5.500 8 12l6.500 6.500",
  check: "M5 12.500 10 17.500 19.500 7",
  code: "M8.500 7 3.500 12l5 5 M15.500 7l5 5-5 5",
  copy: "M9 9h10v11H9z M5 15V4h10",
  edit: "M5 19h3.500L19 8.500 15.500 5 5 15.500z",
  group: "M9 11.500a3.250 3.250 0 1 0 0-6.500 3.250 3.250 0 0 0 0 6.500z M3 19.500c.5-3.500 3-5 6-5s5.500 1.500 6 5 M16 5.400a3 3 0 0 1 0 5.900 M17.500 14.800c2 .6 3.200 2 3.500 4.700",
  keyboard: "M3 7h18v11H3z M7 11h.01 M10.300 11h.01 M13.700 11h.01 M17 11h.01 M8 14.500h8",
  menu: "M4.500 7h15 M4.500 12h15 M4.500 17h15",
  moon: "M19.500 14.500A8 8 0 0 1 9.500 4.500a8 8 0 1 0 10 10z",
  more: "M6 12h.01 M12 12h.01 M18 12h.01",
  next: "M5 5.500v13l9-6.500z M18.500 5.500v13",
  person: "M12 11.500a3.750 3.750 0 1 0 0-7.500 3.750 3.750 0 0 0 0 7.500z M4.500 20c.7-4 3.700-6 7.500-6s6.800 2 7.500 6",
  reply: "M9.500 6 4 11.500 9.500 17 M4.500 11.500H14c4 0 6 2.500 6 6.500",
  scene: "M4 9h16v11H4z M4 9l15.500-4.500 M8 8l-.500-2.500 M13 6.500 12.500 4",
  sun: "M12 16.500a4.500 4.500 0 1 0 0-9 4.500 4.500 0 0 0 0 9z M12 2.500v2 M12 19.500v2 M2.500 12h2 M19.500 12h2 M5.300 5.300l1.400 1.400 M17.300 17.300l1.400 1.400 M5.300 18.700l1.400-1.400 M17.300 6.700l1.400-1.400",
  trash: "M5 7h14 M9.500 7V4.500h5V7 M7 7l1 13h8l1-13",
  video: "M4 6.500h11v11H4z M15 10.500l5-3v9l-5-3",
  send: "M3 11.5 20.5 4 15 20.5l-3.2-6.8z M11.8 13.7 20.5 4",
  close: "M6 6l12 12 M18 6 6 18",
  play: "M8 5.5v13l11-6.5z",
  image: "M4 5h16v14H4z M4 16l5-5 4 4 3-3 4 4 M15.5 9.5h.01",
  smile: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z M8.5 14.5c1.8 2.3 5.2 2.3 7 0 M9 9.5h.01 M15 9.5h.01",
  sound: "M4 10v4h4l5 4V6L8 10z M16.5 9a4 4 0 0 1 0 6",
  file: "M6 3h8l4 4v14H6z M14 3v4h4",
  pin: "M12 21s7-6.2 7-11a7 7 0 1 0-14 0c0 4.800 7 11 7 11z M12 12.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z M12 7v5l3.500 2",
  warning: "M12 4 2.800 20h18.400z M12 10v4.500 M12 17.300h.01",
  left: "M14.500 5.500 8 12l6.500 6.500",
  right: "M9.500 5.500 16 12l-6.500 6.500",
  up: "M12 19V5 M5.500 11.500 12 5l6.500 6.500",
  down: "M12 5v14 M5.500 12.500 12 19l6.500-6.500",
};

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** The address if a browser may open it in a new tab, else null. */
export function openable(address) {
  try {
    const url = new URL(address);
    return url.protocol === "http:" || url.protocol === "https:" ? url.href : null;
  } catch {
    return null;
  }
}

/** A picture, or a tile that says it could not be loaded; never a jump in the layout. Without words it only adorns. */
export function picture(address, words, className = "") {
  const heard = words === "" ? { "aria-hidden": "true" } : { role: "img", "aria-label": words };
  const tile = el("span", { class: `picture ${className}`, ...heard });
  const failed = () => {
    tile.querySelector("img")?.remove();
    tile.prepend(icon("image"), el("span", { class: "picture-words" }, words));
    tile.classList.add("picture-missing");
  };
  const source = openable(address);
  if (source === null) {
    failed();
    return tile;
  }
  const image = el("img", { alt: "", referrerPolicy: "no-referrer", decoding: "async", draggable: false });
  image.addEventListener("error", failed);
  image.src = source;
  tile.append(image);
  return tile;
}

/** Other children for a node; whoever was working in there by keyboard stays there. */
export function refill(node, ...children) {
  const held = node.contains(document.activeElement) ? document.activeElement : null;
  node.replaceChildren(...children);
  if (held === null || node.contains(held)) return;
  const same = held.value ? `[value="${CSS.escape(held.value)}"]` : `[data-testid="${held.dataset.testid}"]`;
  (node.querySelector(same) ?? node.querySelector("button, input"))?.focus();
}

/** A button that shows an icon and is called by its words. */
export function iconButton(name, words, testid, act, className = "") {
  return el("button", { type: "button", class: `icon-button ${className}`, "aria-label": words, title: words, data: { testid },
    on: { click: act } }, icon(name));
}

export function toast(words, sign = "warning") {
  const note = el("div", { class: "toast", data: { testid: "toast" } }, icon(sign), el("span", {}, words));
  document.getElementById("toasts").append(note);
  setTimeout(() => note.remove(), 7000);
}
