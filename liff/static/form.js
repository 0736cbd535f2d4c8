// One form on a phone: a page at a time, what is not asked out of sight, a draft that survives, sent exactly once.

const about = window.ayumi.data("form-data");
const words = about.words;
const by = (id) => document.getElementById(id);
const form = by("form"), onward = by("onward"), back = by("back"), say = by("say"), wrong = by("wrong");
const questions = about.pages.flatMap((page) => page.questions);
const kinds = Object.fromEntries(questions.map((question) => [question.key, question]));
const CHOICES = ["single", "multiple", "pulldown"], SILENT = ["heading", "note", "picture"];
const place = (key) => form.querySelector(`[data-q="${key}"]`);
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const previews = {};
let now = 0, busy = false, over = false;

function el(name, attributes = {}, ...inside) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...inside);
  return made;
}

// --- answers ---------------------------------------------------------------------------------------------------

function read(key) {
  const at = place(key), { kind } = kinds[key];
  if (CHOICES.includes(kind)) {
    const inputs = kind === "pulldown" ? at.querySelectorAll("option:checked") : at.querySelectorAll("input:checked");
    const chosen = [...inputs].map((input) => input.value).filter(Boolean);
    const other = at.querySelector(".other-text");
    return { chosen, other: other && !other.hidden ? other.value : "" };
  }
  if (kind === "address")
    return Object.fromEntries([...at.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part.value]));
  if (kind === "consent") return at.querySelector("input").checked ? "1" : "";
  if (kind === "rating" || kind === "scale") return at.querySelector("input:checked")?.value ?? "";
  if (kind === "image" || kind === "file") return at.dataset.token;
  if (kind === "hidden") return at.value;
  return by(key).value;
}

function write(key, value) {
  const at = place(key), question = kinds[key];
  if (!at || !question || SILENT.includes(question.kind) || question.kind === "hidden") return;
  const { kind } = question;
  if (CHOICES.includes(kind)) {
    const chosen = value?.chosen ?? [];
    for (const input of at.querySelectorAll("input[name]")) input.checked = chosen.includes(input.value) && !input.disabled;
    for (const option of at.querySelectorAll("option"))
      if (chosen.includes(option.value) && !option.disabled) option.selected = true;
    const other = at.querySelector(".other-text");
    if (other) other.value = value?.other ?? "";
  } else if (kind === "address") {
    for (const part of at.querySelectorAll("[data-part]")) part.value = value?.[part.dataset.part] ?? "";
  } else if (kind === "consent") at.querySelector("input").checked = value === "1";
  else if (kind === "rating" || kind === "scale") {
    for (const input of at.querySelectorAll("input")) input.checked = input.value === value;
  } else if (kind === "image" || kind === "file") uploaded(at, value || "", value ? words.upload_kept : "");
  else by(key).value = typeof value === "string" ? value : "";
}

const blank = (value) =>
  value == null || (typeof value === "string" ? !value.trim()
    : "chosen" in value ? !value.chosen.length : !Object.values(value).some((part) => part.trim()));

/** One spelling for width, case and kana. */
const folded = (text) => String(text).normalize("NFKC").trim().toLowerCase()
  .replace(/[\u30a1-\u30f6]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 96));

/** Whether a condition is true of these answers, as jobs/forms/reaching.py judges it. */
function fits(when, known) {
  if (!when) return true;
  if (when.all) return when.all.every((one) => fits(one, known));
  if (when.any) return when.any.some((one) => fits(one, known));
  if (when.not) return !fits(when.not, known);
  const value = known[when.q];
  if ("filled" in when) return !blank(value) === when.filled;
  if (blank(value)) return false;
  if (when.is) return when.is.some((option) => (value.chosen ?? []).includes(option));
  if ("text" in when) return folded(value) === folded(when.text);
  const number = Number(folded(value).replaceAll(",", ""));
  return !Number.isNaN(number) && (when.from == null || number >= when.from) && (when.to == null || number <= when.to);
}

/** What is asked, in order; what is not asked counts as not answered. */
function asked() {
  const known = {}, reached = [];
  for (const page of about.pages) {
    if (!fits(page.when, known)) continue;
    const keys = [];
    for (const { key, kind, when } of page.questions) {
      if (!fits(when, known)) continue;
      keys.push(key);
      if (!SILENT.includes(kind)) known[key] = read(key);
    }
    if (keys.some((key) => kinds[key].kind !== "hidden")) reached.push({ key: page.key, keys });
    else if (keys.length) reached.push({ key: page.key, keys, unseen: true });
  }
  return { known, pages: reached.filter((page) => !page.unseen), all: reached };
}

// --- what is in sight ------------------------------------------------------------------------------------------

const steps = (pages) => (about.confirm ? [...pages.map((page) => page.key), "confirm"] : pages.map((page) => page.key));
let step = about.pages[0]?.key;

function refresh() {
  const { pages, all } = asked();
  const keys = new Set(all.flatMap((page) => page.keys)), order = steps(pages);
  for (const { key, kind } of questions) if (kind !== "hidden") place(key).hidden = !keys.has(key);
  if (!order.includes(step)) step = order[Math.min(now, order.length - 1)] ?? step;
  now = Math.max(order.indexOf(step), 0);
  for (const section of form.querySelectorAll(".page"))
    section.hidden = step !== (section.id === "confirm" ? "confirm" : section.dataset.page);
  const last = now >= order.length - 1;
  if (!busy) onward.textContent = !last ? (order[now + 1] === "confirm" ? words.confirm : words.next) : about.edits ? words.save : words.send;
  back.hidden = now === 0;
  by("main").classList.toggle("on", now > 0);
  const progress = by("progress");
  progress.hidden = order.length < 2 || (order.length === 2 && about.confirm);
  progress.querySelector("span").style.width = `${Math.round((100 * (now + 1)) / order.length)}%`;
  progress.querySelector("p").textContent = fill(words.page_of, { page: now + 1, total: order.length });
  for (const input of form.querySelectorAll(".other-text")) {
    const option = input.parentElement.querySelector("input[data-other], option[data-other]");
    input.hidden = !(option.checked || option.selected);
  }
  for (const stars of form.querySelectorAll(".stars .cells")) {
    const cells = [...stars.children], reach = cells.findIndex((cell) => cell.firstElementChild.checked);
    cells.forEach((cell, index) => cell.classList.toggle("on", index <= reach));
  }
  for (const count of form.querySelectorAll(".count")) {
    const most = Number(count.dataset.most), length = [...by(count.closest("[data-q]").dataset.q).value].length;
    count.textContent = `${length} / ${most}`;
    count.classList.toggle("over", length > most);
  }
}

function show(key, focus = true) {
  step = key;
  say.replaceChildren();
  if (key === "confirm") confirmation();
  refresh();
  if (!focus) return;
  window.scrollTo(0, now === 0 ? 0 : by("progress").offsetTop);
  const section = key === "confirm" ? by("confirm") : form.querySelector(`.page[data-page="${key}"]`);
  section.tabIndex = -1;
  section.focus({ preventScroll: true });
}

function told(key) {
  const at = place(key), value = read(key), { kind } = kinds[key];
  if (blank(value)) return words.unanswered;
  if (CHOICES.includes(kind)) {
    const named = [...at.querySelectorAll("input[name]:checked + .face .name"), ...at.querySelectorAll("option:checked")];
    const labels = named.map((one) => one.textContent);
    if (value.other) labels.push(labels.length ? `${labels.pop()}: ${value.other}` : value.other);
    return labels.join("\n");
  }
  if (kind === "address") return [value.postcode, value.prefecture + value.city, value.rest].filter(Boolean).join("\n");
  if (kind === "consent") return words.agree;
  if (kind === "rating") return fill(words.stars_of, { value, most: at.querySelectorAll("input").length });
  if (kind === "image" || kind === "file") return at.querySelector(".file").textContent;
  if (kind === "date" || kind === "datetime") {
    const [year, month, day, hour, minute] = value.split(/\D/).map(Number);
    const style = kind === "date" ? { dateStyle: "long" } : { dateStyle: "long", timeStyle: "short" };
    return new Date(year, month - 1, day, hour ?? 0, minute ?? 0).toLocaleString(document.documentElement.lang, style);
  }
  return value;
}

function confirmation() {
  const rows = [];
  for (const page of asked().pages)
    for (const key of page.keys) {
      if (SILENT.includes(kinds[key].kind) || kinds[key].kind === "hidden") continue;
      const label = place(key).querySelector(".words").textContent;
      const change = el("button", { type: "button", class: "small", "aria-label": fill(words.change_of, { label }) }, words.change);
      change.addEventListener("click", () => { show(page.key); reach(key); });
      const given = el("dd", {}, told(key));
      if (previews[key]) given.append(el("img", { src: previews[key], alt: "" }));
      const state = blank(read(key)) ? "given none" : "given";
      rows.push(el("div", { class: state }, el("dl", {}, el("dt", {}, label), given), change));
    }
  by("given").replaceChildren(...rows);
}

/** Bring a question into sight and the cursor into it. */
function reach(key) {
  const at = place(key);
  const input = at.querySelector("input:checked, input:not([hidden], :disabled), select, textarea");
  at.scrollIntoView({ block: "start" });
  input?.focus({ preventScroll: true });
}

// --- what is wrong ---------------------------------------------------------------------------------------------

function mark(key, text) {
  const at = place(key), fault = by(`${key}-fault`);
  at.classList.toggle("bad", Boolean(text));
  fault.textContent = text ?? "";
  fault.hidden = !text;
  const inputs = at.matches("[role=radiogroup]") ? [at] : at.querySelectorAll("input:not([type=hidden]), select, textarea");
  for (const input of inputs) text ? input.setAttribute("aria-invalid", "true") : input.removeAttribute("aria-invalid");
}

/** One of them is being mended: it leaves the list above, quietly. */
function mended(key) {
  mark(key, "");
  wrong.ariaLive = "off";
  wrong.querySelector(`a[href="#q-${key}"]`)?.parentElement.remove();
  const count = wrong.querySelectorAll("li").length;
  if (count) wrong.querySelector("h2").textContent = fill(words.faults_text, { count });
  else wrong.replaceChildren();
}

/** Show faults {key: text} beside their questions and above them all; go to the first. */
function blame(faults) {
  for (const { key, kind } of questions) if (kind !== "hidden" && by(`${key}-fault`)) mark(key, faults[key]);
  const keys = questions.map((question) => question.key).filter((key) => faults[key] && by(`${key}-fault`));
  if (!keys.length) {
    wrong.replaceChildren();
    if (Object.keys(faults).length) speak(words.busy);
    return;
  }
  const page = about.pages.find((one) => one.questions.some((question) => question.key === keys[0]));
  if (page.key !== step) show(page.key, false);
  const list = el("ul");
  for (const key of keys) {
    const link = el("a", { href: `#q-${key}` }, `${place(key).querySelector(".words").textContent}: ${faults[key]}`);
    link.addEventListener("click", (event) => { event.preventDefault(); reach(key); });
    list.append(el("li", {}, link));
  }
  wrong.ariaLive = "assertive";
  wrong.replaceChildren(el("div", { class: "box wrong" }, el("h2", {}, fill(words.faults_text, { count: keys.length })), list));
  reach(keys[0]);
}

const speak = (text) => say.replaceChildren(el("p", { class: "box wrong" }, text));

// --- onward ----------------------------------------------------------------------------------------------------

/** The answers as the server reads them: see jobs/forms/checking.py. */
function flat(known) {
  const told = {};
  for (const [key, value] of Object.entries(known)) {
    if (typeof value === "string") told[key] = value;
    else if ("chosen" in value) {
      told[key] = kinds[key].kind === "multiple" ? value.chosen : value.chosen[0] ?? "";
      if (value.other) told[`${key}.other`] = value.other;
    } else for (const [part, text] of Object.entries(value)) told[`${key}.${part}`] = text;
  }
  return told;
}

const body = (more) => ({ attempt: about.attempt, revision: about.revision, version: about.version, values: flat(asked().known), ...more });
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** Ask the server; a call that got no answer is made once more: it is the same attempt, so nothing is done twice. */
async function ask(path, given) {
  const once = () => Promise.race([window.ayumi.post(path, given), pause(20000).then(() => { throw new Error("too slow"); })]);
  try {
    return await once();
  } catch {
    await pause(1500);
    return once();
  }
}

async function go() {
  if (busy || over) return;
  const order = steps(asked().pages), last = now >= order.length - 1;
  if (about.preview) {
    if (!last) show(order[now + 1]);
    else finish(by("preview-thanks").innerHTML);
    return;
  }
  if (form.querySelector(".sent .bar:not([hidden])")) return speak(words.wait_upload);
  busy = true;
  onward.disabled = true;
  onward.textContent = last ? words.sending : words.checking;
  say.replaceChildren();
  let then = () => speak(words.offline);
  try {
    const { status, body: answer } = await ask(`/f/${about.id}/${last ? "answers" : "check"}`, body(last ? {} : { page: step }));
    if (status === 422 || (status === 200 && answer.faults && Object.keys(answer.faults).length)) then = () => blame(answer.faults);
    else if (status === 200 && !last) then = () => { blame({}); onto(order); };
    else if (status === 200) then = () => { forget(); finish(answer.html); };
    else if (status === 409 && answer.html) then = () => { keep(); finish(answer.html); };
    else if (status === 429) then = () => speak(words.often);
    else if (status === 401 || status === 403) then = () => speak(words.renewed);
    else then = () => speak(words.busy);
  } catch {
    // without an answer it stays at what is said about the connection
  }
  busy = false;
  onward.disabled = false;
  refresh();
  then();
  if (!say.firstChild) return;
  if (last) onward.textContent = words.again;
  onward.focus();
}

/** The next page, once this one is right; each is a place the phone's back button leads through. */
function onto(order) {
  const next = steps(asked().pages)[now + 1] ?? order[now + 1];
  history.replaceState({ step }, "");
  history.pushState({ step: next }, "");
  show(next);
  keep();
}

/** The server's page in the place of the form; it comes from our own templates, where everything is escaped. */
function finish(html) {
  over = true;
  const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("main");
  by("main").replaceWith(document.adoptNode(fresh));
  window.scrollTo(0, 0);
  fresh.focus({ preventScroll: true });
  if ("close" in fresh.dataset) setTimeout(() => window.ayumi.close(), 3000);
}

// --- the draft -------------------------------------------------------------------------------------------------

const DRAFT = `ayumi:form:${about.id}:${about.draft}`, AGAIN = `${DRAFT}:again`;
const DAYS = 7;
const first = JSON.stringify(asked().known);
let typed;

function keep() {
  if (over || about.preview || !by("draft").hidden) return;
  const answers = Object.fromEntries(questions.filter(({ kind }) => !SILENT.includes(kind)).map(({ key }) => [key, read(key)]));
  const now = JSON.stringify(asked().known);
  try {
    if (now === first) return localStorage.removeItem(DRAFT);
    localStorage.setItem(DRAFT, JSON.stringify({ at: Date.now(), attempt: about.attempt, revision: about.revision, step, answers }));
  } catch {
    // a phone that keeps nothing: the answers stay on the page
  }
}

function forget() {
  clearTimeout(typed);
  try {
    localStorage.removeItem(DRAFT);
    sessionStorage.removeItem(AGAIN);
  } catch {
    // nothing is kept
  }
}

function restore(draft) {
  for (const [key, value] of Object.entries(draft.answers)) write(key, value);
  refresh();
  if (steps(asked().pages).includes(draft.step) && draft.step !== "confirm") step = draft.step;
  show(step);
}

function offer() {
  let draft = null, again = null;
  try {
    draft = JSON.parse(localStorage.getItem(DRAFT));
    again = sessionStorage.getItem(AGAIN);
    sessionStorage.removeItem(AGAIN);
  } catch {
    // nothing is kept
  }
  const stale = !draft || draft.attempt !== about.attempt || draft.revision !== about.revision || Date.now() - draft.at > DAYS * 86400000;
  if (stale) return forget();
  if (again) return restore(draft);
  by("draft").hidden = false;
  by("draft-go-on").addEventListener("click", () => { by("draft").hidden = true; restore(draft); });
  by("draft-drop").addEventListener("click", () => { by("draft").hidden = true; forget(); by("main").focus(); });
}

// The session has ended: the page opens once more, and goes on where it was without asking.
window.ayumi.beforeAgain = () => {
  keep();
  try {
    sessionStorage.setItem(AGAIN, "1");
  } catch {
    // nothing is kept
  }
};

// --- uploads and addresses -------------------------------------------------------------------------------------

function uploaded(at, token, name) {
  at.dataset.token = token;
  at.querySelector(".sent").hidden = !token;
  at.querySelector(".file").textContent = name;
  at.querySelector(".bar").hidden = true;
  at.querySelector(".pick .face").textContent = token ? words.pick_again : kinds[at.dataset.q].kind === "image" ? words.pick_image : words.pick_file;
  if (!token) at.querySelector(".sent img").hidden = true;
}

async function upload(at, file) {
  const key = at.dataset.q, most = Number(at.dataset.most);
  mended(key);
  if (file.size > most * 1048576) return mark(key, fill(words.too_large, { most }));
  const bar = at.querySelector(".bar"), picture = at.querySelector(".sent img"), state = at.querySelector(".file");
  uploaded(at, "", "");
  at.querySelector(".sent").hidden = false;
  bar.hidden = false;
  if (previews[key]) URL.revokeObjectURL(previews[key]);
  delete previews[key];
  if (file.type.startsWith("image/")) {
    previews[key] = URL.createObjectURL(file);
    picture.src = previews[key];
    picture.hidden = false;
    picture.onerror = () => { picture.hidden = true; };
  }
  if (about.preview) return uploaded(at, "preview", file.name);
  const turn = (at.turn = {});
  try {
    const { status, body: answer } = await window.ayumi.upload(`/f/${about.id}/uploads?q=${key}`, file, (share) => {
      const percent = Math.round(share * 100);
      bar.firstElementChild.style.width = `${percent}%`;
      state.textContent = fill(words.uploading, { percent });
    });
    if (at.turn !== turn) return;
    if (status === 200) { uploaded(at, answer.token, file.name); keep(); return refresh(); }
    if (status === 409 && answer?.html) { keep(); return finish(answer.html); }
    failed(at, status === 413 ? fill(words.too_large, { most }) : answer?.words ?? (status === 429 ? words.often : words.busy));
  } catch {
    if (at.turn === turn) failed(at, words.offline);
  }
}

function failed(at, text) {
  drop(at);
  mark(at.dataset.q, text);
}

function drop(at) {
  at.turn = null;
  if (previews[at.dataset.q]) URL.revokeObjectURL(previews[at.dataset.q]);
  delete previews[at.dataset.q];
  uploaded(at, "", "");
  at.querySelector("input").value = "";
}

async function postcode(input) {
  const digits = input.value.normalize("NFKC").replace(/\D/g, ""), at = input.closest("[data-q]");
  const found = at.querySelector(".found");
  found.textContent = "";
  if (digits.length !== 7 || about.preview) return;
  let place = null;
  try {
    const answer = await fetch(`/liff/postcode/${digits}`, { credentials: "same-origin" });
    if (answer.ok) place = await answer.json();
    else found.textContent = answer.status === 404 ? words.postcode_unknown : words.postcode_later;
  } catch {
    // the address can be written by hand
  }
  if (!place || input.value.normalize("NFKC").replace(/\D/g, "") !== digits) return;
  found.textContent = fill(words.postcode_found, { address: place.prefecture + place.city + place.town });
  const into = (field, value) => {
    if (field && (!field.value || field.dataset.found === field.value)) { field.value = value; field.dataset.found = value; }
  };
  into(at.querySelector("[data-part=prefecture]"), place.prefecture);
  into(at.querySelector("[data-part=city]"), place.city + place.town);
  if (kinds[at.dataset.q].kind === "postcode") {
    const following = questions.slice(questions.findIndex(({ key }) => key === at.dataset.q) + 1);
    const next = following.find(({ kind }) => kind === "prefecture");
    if (next) into(by(next.key), place.prefecture);
    else found.textContent = place.prefecture + place.city + place.town;
  }
  keep();
}

// --- everything begins -----------------------------------------------------------------------------------------

form.addEventListener("submit", (event) => { event.preventDefault(); go(); });
back.addEventListener("click", () => {
  if (busy) return;
  const order = steps(asked().pages);
  if (history.state?.step === step) history.back();
  else show(order[Math.max(now - 1, 0)]);
});
window.addEventListener("popstate", (event) => {
  if (over || busy) return;
  const order = steps(asked().pages);
  show(order.includes(event.state?.step) ? event.state.step : order[0]);
});
form.addEventListener("input", (event) => {
  const at = event.target.closest("[data-q]");
  if (at && event.target.type !== "file") {
    if (at.classList.contains("bad")) mended(at.dataset.q);
    if (event.target.matches("[data-part=postcode]") || (kinds[at.dataset.q].kind === "postcode" && event.target.id)) postcode(event.target);
  }
  by("draft").hidden = true;
  refresh();
  clearTimeout(typed);
  typed = setTimeout(keep, 300);
});
// The key that ends a line on a phone's keyboard must not send the form.
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches("input")) return;
  event.preventDefault();
  if (!event.isComposing && matchMedia("(pointer: coarse)").matches) event.target.blur();
});
form.addEventListener("change", (event) => {
  const at = event.target.closest("[data-q]");
  if (event.target.type === "file" && event.target.files[0]) upload(at, event.target.files[0]);
  if (event.target.matches("[data-other]:checked, select:has([data-other]:checked)")) at.querySelector(".other-text").focus();
});
form.addEventListener("click", (event) => {
  const button = event.target.closest(".sent .small");
  if (button) { const at = button.closest("[data-q]"); drop(at); at.querySelector("input").focus(); keep(); refresh(); }
});
document.addEventListener("visibilitychange", keep);
window.addEventListener("pagehide", keep);
refresh();
if (!about.preview) offer();
