// Choosing a place to send: some that everybody knows, or one of one's own.

import { el, icon } from "/phones/static/dom.js";
import { t } from "/phones/static/language.js";
import { openSheet } from "/phones/static/sheet.js";

const KNOWN = [
  ["渋谷駅 ハチ公口", "東京都渋谷区道玄坂1丁目", 35.659, 139.7006],
  ["東京駅 丸の内口", "東京都千代田区丸の内1丁目", 35.6812, 139.7646],
  ["大阪駅", "大阪府大阪市北区梅田3丁目", 34.7025, 135.4959],
  ["札幌駅", "北海道札幌市北区北6条西4丁目", 43.0687, 141.3508],
];

/** Resolves to {title, address, latitude, longitude}, or to null. */
export function choosePlace(screen) {
  return new Promise((resolve) => {
    let chosen = null;
    const take = (place) => {
      chosen = place;
      sheet.close();
    };
    const field = (name, words, value, more) => el("label", { class: "sheet-field" }, t(words),
      el("input", { name, value, required: true, data: { testid: `place-${name}` }, ...more }));
    const own = (event) => {
      event.preventDefault();
      const data = Object.fromEntries(new FormData(form));
      take({ ...data, latitude: Number(data.latitude), longitude: Number(data.longitude) });
    };
    const form = el("form", { class: "sheet-form", on: { submit: own } },
      field("title", "名前", t("ここ"), { maxLength: 100 }), field("address", "住所", "東京都", { maxLength: 100 }),
      el("div", { class: "sheet-pair" }, field("latitude", "緯度", "35.66", { type: "number", step: "any", min: -90, max: 90 }),
        field("longitude", "経度", "139.7", { type: "number", step: "any", min: -180, max: 180 })),
      el("div", { class: "sheet-buttons" },
        el("button", { type: "submit", class: "control control-strong", data: { testid: "place-own" } }, t("この場所を送る"))));
    const body = el("div", {}, KNOWN.map(([title, address, latitude, longitude]) =>
      el("button", { type: "button", class: "person", data: { testid: "place" }, on: { click: () => take({ title, address, latitude, longitude }) } },
        icon("pin"), el("span", {}, title), el("small", {}, address))), el("details", { class: "sheet-more" }, el("summary", {}, t("ほかの場所")), form));
    const sheet = openSheet(screen, { title: t("位置情報を送る"), body, testid: "places", closed: () => resolve(chosen) });
  });
}
