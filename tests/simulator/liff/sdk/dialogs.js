// Screens of the stand-in over the page: in a shadow tree with a constructed style sheet, so that no page's policy or
// style touches them.

const STYLE = new CSSStyleSheet();
STYLE.replaceSync(`
  dialog { width: min(92vw, 360px); max-height: 86vh; padding: 0; border: 1px solid #d2d7d0; border-radius: 16px;
    background: #fff; color: #1d2522; font-size: 16px; line-height: 1.6; }
  dialog::backdrop { background: rgb(0 0 0 / 45%); }
  .banner { margin: 0; padding: 4px 12px; background: #fdeee0; color: #8f3d0c; font-size: 12px; font-weight: 700;
    text-align: center; }
  form { display: grid; gap: 10px; padding: 18px; }
  h2 { margin: 0; font-size: 18px; line-height: 1.4; text-align: center; overflow-wrap: anywhere; }
  p { margin: 0; color: #56615c; font-size: 14px; text-align: center; }
  label { display: flex; align-items: center; gap: 10px; padding: 10px 12px; border: 1px solid #d2d7d0;
    border-radius: 12px; overflow-wrap: anywhere; }
  label span { flex: 1; }
  label small { display: block; color: #56615c; }
  input { width: 20px; height: 20px; margin: 0; accent-color: #1f6f5c; }
  button { min-height: 46px; border: 1px solid #d2d7d0; border-radius: 12px; background: #fff; color: inherit;
    font: inherit; cursor: pointer; }
  button.strong { border-color: #1f6f5c; background: #1f6f5c; color: #fff; font-weight: 700; }
  :focus-visible { outline: 3px solid #1f6f5c; outline-offset: 2px; }
`);

function node(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** Ask the person; the values of the chosen options, or null when they cancel. options: {value, name, note}. */
function dialog({ title, words = "", options = [], many = true, yes, no }) {
  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [STYLE];
  const inputs = options.map((one) => node("input", { type: many ? "checkbox" : "radio", name: "to", value: one.value }));
  const rows = options.map((one, at) =>
    node("label", {}, inputs[at], node("span", {}, one.name, ...(one.note ? [node("small", {}, one.note)] : []))),
  );
  const cancel = node("button", { type: "button", textContent: no });
  const form = node(
    "form",
    { method: "dialog" },
    node("h2", { textContent: title }),
    ...(words ? [node("p", { textContent: words })] : []),
    ...rows,
    node("button", { type: "submit", className: "strong", textContent: yes }),
    cancel,
  );
  const box = node("dialog", { ariaLabel: title }, node("p", { className: "banner", textContent: "シミュレーター" }), form);
  root.append(box);
  document.body.append(host);
  return new Promise((resolve) => {
    const end = (answer) => {
      host.remove();
      resolve(answer);
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      end(inputs.filter((input) => input.checked).map((input) => input.value));
    });
    cancel.addEventListener("click", () => end(null));
    box.addEventListener("cancel", () => end(null));
    box.showModal();
  });
}

/** Tell the page around a LIFF sheet (the phones page) what to do; false when there is none. */
function tellPhone(message) {
  if (window.parent === window) return false;
  window.parent.postMessage({ simulator: "liff", ...message }, new URL(API).origin);
  return true;
}
