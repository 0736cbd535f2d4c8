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

/** A picture, or a tile that says it could not be loaded; never a jump in the layout. */
export function picture(address, words, className = "") {
  const tile = el("span", { class: `picture ${className}`, role: "img", "aria-label": words });
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

/** The options of a select, by id and name; left alone while they are what they were. */
export function offer(select, all, chosen) {
  const now = [...select.options].map((option) => `${option.value} ${option.textContent}`).join();
  if (now !== all.map((one) => `${one.id} ${one.name}`).join()) {
    select.replaceChildren(...all.map((one) => el("option", { value: one.id }, one.name)));
  }
  select.value = chosen ?? "";
}

export function toast(words) {
  const note = el("div", { class: "toast", data: { testid: "toast" } }, icon("warning"), el("span", {}, words));
  document.getElementById("toasts").append(note);
  setTimeout(() => note.remove(), 7000);
}
