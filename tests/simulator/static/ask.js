// Dialogs of the whole page: a question before something is lost, who holds a phone, a new group.

import { attempt } from "/phones/static/attempt.js";
import { el, icon } from "/phones/static/dom.js";
import { avatar } from "/phones/static/faces.js";
import { t } from "/phones/static/language.js";

/** body(close): the dialog's nodes; resolves to what close was called with, or to null. */
export function dialog(title, testid, body) {
  return new Promise((resolve) => {
    let given = null;
    const close = (value = null) => {
      given = value;
      root.close();
    };
    const root = el("dialog", { class: "dialog", "aria-label": title, data: { testid } });
    root.append(el("h2", {}, title), ...body(close));
    root.addEventListener("close", () => {
      root.remove();
      resolve(given);
    });
    root.addEventListener("pointerdown", (event) => event.target === root && close());
    document.body.append(root);
    root.showModal();
  });
}

export function buttons(close, yes, strong = true) {
  return el("div", { class: "dialog-buttons" },
    el("button", { type: "button", class: "control", data: { testid: "dialog-no" }, on: { click: () => close() } }, t("キャンセル")),
    el("button", { type: "submit", class: `control ${strong ? "control-strong" : "control-danger"}`, data: { testid: "dialog-yes" } }, yes));
}

/** Resolves to true when it is to be done. */
export async function sure(title, words, yes) {
  const answer = await dialog(title, "question", (close) => [
    el("form", { on: { submit: (event) => {
      event.preventDefault();
      close(true);
    } } }, words.map((one) => el("p", {}, one)), buttons(close, yes, false)),
  ]);
  return answer === true;
}

/** Somebody who is there, found by name, or somebody new. Resolves to a person, or to null. */
export function choosePerson(store, title, { kind, without = [] } = {}) {
  return dialog(title, "people", (close) => {
    const list = el("ul", { class: "people", "aria-label": t("人") });
    const search = el("input", { type: "search", placeholder: t("名前でさがす・新しい名前"), "aria-label": t("名前"), autofocus: true,
      maxLength: 60, data: { testid: "people-search" }, on: { input: () => show() } });
    const add = el("button", { type: "submit", class: "control control-strong", data: { testid: "people-new" } });
    let round = 0;
    async function show() {
      const name = search.value.trim();
      add.hidden = name === "";
      add.textContent = t("「{name}」を新しく作る", { name });
      const now = ++round;
      const found = await attempt(() => store.desk.people({ search: name, kind }));
      if (found === null || now !== round) return;
      const people = found.people.filter((person) => !without.includes(person.id));
      list.replaceChildren(...people.map((person) => el("li", {},
        el("button", { type: "button", class: "person", data: { testid: "person" }, on: { click: () => close(store.meet(person)) } },
          avatar(person.name, false, person.picture_url), el("span", {}, person.name),
          el("small", {}, person.staff ? t("スタッフ") : t("お客様"))))));
      if (found.people.some((person) => person.name === name)) add.hidden = true;
      if (people.length === 0) list.append(el("li", { class: "people-none" }, t("その名前の人はいません。")));
      else if (found.total > found.people.length) list.append(el("li", { class: "people-none" }, t("ほか {count} 人", { count: found.total - found.people.length })));
    }
    async function create(event) {
      event.preventDefault();
      const name = search.value.trim();
      if (name === "" || add.hidden) return;
      const person = await attempt(() => store.desk.newPerson(name));
      if (person !== null) close(store.meet({ ...person, staff: false }));
    }
    show();
    return [el("form", { on: { submit: create } }, search, list,
      el("div", { class: "dialog-buttons" },
        el("button", { type: "button", class: "control", data: { testid: "dialog-no" }, on: { click: () => close() } }, t("キャンセル")), add))];
  });
}

/** A name for a new group; resolves to it, or to null. */
export function nameGroup() {
  return dialog(t("新しいグループ"), "new-group", (close) => {
    const name = el("input", { type: "text", required: true, maxLength: 50, autofocus: true, "aria-label": t("グループの名前"),
      placeholder: t("グループの名前"), data: { testid: "group-name" } });
    return [el("form", { on: { submit: (event) => {
      event.preventDefault();
      if (name.value.trim() !== "") close(name.value.trim());
    } } }, name, el("p", { class: "dialog-words" }, icon("group"), t("メンバーは、あとからトークのメニューで追加できます。")), buttons(close, t("作る")))];
  });
}
