// The sandbox's time in words, always as clocks in Japan show it.

import { language } from "/phones/static/language.js";

const ZONE = "Asia/Tokyo";
const WORDS = language === "en" ? "en-GB" : "ja-JP";
const HOUR = new Intl.DateTimeFormat(WORDS, { timeZone: ZONE, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const SECOND = new Intl.DateTimeFormat(WORDS, {
  timeZone: ZONE, hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
});
const STAMP = new Intl.DateTimeFormat(WORDS, {
  timeZone: ZONE, month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
});
const DAY = new Intl.DateTimeFormat(WORDS, {
  timeZone: ZONE, year: "numeric", month: "long", day: "numeric", weekday: "short",
});
const SHORT_DAY = new Intl.DateTimeFormat(WORDS, { timeZone: ZONE, month: "numeric", day: "numeric", weekday: "short" });
const SHORTEST_DAY = new Intl.DateTimeFormat(WORDS, { timeZone: ZONE, month: "numeric", day: "numeric" });
const SORTABLE = new Intl.DateTimeFormat("sv-SE", {
  timeZone: ZONE, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});

export const hour = (ms) => HOUR.format(ms);
export const second = (ms) => SECOND.format(ms);
export const stamp = (ms) => STAMP.format(ms);
export const day = (ms) => DAY.format(ms);
export const dayOf = (ms) => SHORTEST_DAY.format(ms);
export const short = (ms) => `${SHORT_DAY.format(ms)} ${HOUR.format(ms)}`;

/** 2026-11-23T09:30, as a datetime-local field wants it. */
export const field = (ms) => SORTABLE.format(ms).replace(" ", "T");

/** The instant of such a field, with Japan's offset. */
export const fromField = (value) => `${value.length === 16 ? `${value}:00` : value}+09:00`;
