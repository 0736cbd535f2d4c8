// The page's words: written in Japanese where they stand, and in English for those who choose it.

import { ENGLISH } from "/phones/static/english.js";
import { choose, remembered } from "/phones/static/memory.js";

export const language = remembered("language", "everywhere") === "en" ? "en" : "ja";

/** The words in the visitor's language; {name} in them is replaced by values.name. */
export function t(words, values = {}) {
  const chosen = language === "en" && Object.hasOwn(ENGLISH, words) ? ENGLISH[words] : words;
  return chosen.replaceAll(/\{(\w+)\}/g, (whole, key) => (Object.hasOwn(values, key) ? String(values[key]) : whole));
}

/** What stands in the page from the beginning. */
export function translatePage() {
  document.documentElement.lang = language;
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = t(node.textContent);
  for (const node of document.querySelectorAll("[data-t-label]")) node.setAttribute("aria-label", t(node.getAttribute("aria-label")));
}

export function speak(other) {
  choose("language", other, "everywhere");
  location.reload();
}
