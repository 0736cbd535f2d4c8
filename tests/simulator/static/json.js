// JSON as one reads it: set in lines, its keys, texts and numbers told apart.

import { el } from "/phones/static/dom.js";

const PIECES = /("(?:\\.|[^"\\])*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

export function pretty(value) {
  return JSON.stringify(value, null, 2);
}

/** The same text as nodes. */
export function coloured(text) {
  const nodes = [];
  let at = 0;
  for (const found of text.matchAll(PIECES)) {
    const [whole, string, colon] = found;
    const kind = string === undefined ? "word" : colon === undefined ? "text" : "key";
    nodes.push(text.slice(at, found.index), el("span", { class: `json-${kind}` }, string ?? whole), colon ?? "");
    at = found.index + whole.length;
  }
  nodes.push(text.slice(at));
  return nodes.filter((node) => node !== "");
}
