// Does something at the desk; what was refused is said.

import { Declined } from "/phones/static/desk.js";
import { toast } from "/phones/static/dom.js";
import { t } from "/phones/static/language.js";

/** What the work gave (true when it gave nothing), or null when it was refused. */
export async function attempt(work) {
  try {
    return (await work()) ?? true;
  } catch (problem) {
    if (!(problem instanceof Declined)) throw problem;
    toast(t("できませんでした: {problem}", { problem: problem.message }));
    return null;
  }
}

export async function copy(words) {
  try {
    await navigator.clipboard.writeText(words);
    toast(t("コピーしました。"), "check");
  } catch {
    toast(t("コピーできませんでした。"));
  }
}
