// What happens when a button or a link of the bot is pressed: on the phone at once, and to the bot through the desk.

import { attempt, copy } from "/phones/static/attempt.js";
import { openable, toast } from "/phones/static/dom.js";
import { t } from "/phones/static/language.js";
import { openPage, STAYS_INSIDE } from "/phones/static/pagesheet.js";
import { pick } from "/phones/static/picker.js";

const STAYING = new Set(["camera", "cameraRoll", "location"]);

export class Presses {
  /** room: {phone, talk, composer, keyboard, does(deed, body), sendPlace()}. */
  constructor(store, room) {
    Object.assign(this, { store, room });
  }

  /** action stands at that pointer of that message; null when it was not done. */
  async press(action, messageId, pointer) {
    const more = await this.before(action);
    if (more === null) return null;
    const done = await this.room.does("press", { message_id: messageId, pointer, ...more });
    if (done === null) return null;
    if (pointer.startsWith("/quickReply/") && !STAYING.has(action.type)) this.room.tapped(messageId);
    this.after(action);
    return done;
  }

  /** An area of the rich menu. */
  async tap(action, area) {
    const more = await this.before(action);
    if (more === null) return;
    if ((await this.room.does("menu/tap", { area, ...more })) !== null) this.after(action);
  }

  /** What the phone does by itself; what goes along to the desk, or null when it was called off. */
  async before(action) {
    if (action.type === "uri") this.open(String(action.uri ?? action.linkUri));
    if (action.type === "clipboard") await copy(String(action.clipboardText ?? ""));
    if (action.type !== "datetimepicker") return {};
    const value = await pick(this.room.phone.screen, action);
    return value === null ? null : { value };
  }

  after(action) {
    if (action.inputOption === "openKeyboard") {
      this.room.write(true);
      this.room.composer.fill(String(action.fillInText ?? ""));
    }
    if (action.type === "camera") this.room.keyboard.show("things");
    if (action.type === "cameraRoll") this.room.keyboard.choose("photo", "image/*");
    if (action.type === "location") this.room.sendPlace();
  }

  /** A link in a bubble. What does not open in the phone is left to the browser: false. */
  link(address, messageId, fromBot) {
    if (fromBot) this.room.quietly("follow-link", { message_id: messageId, url: address });
    if (!STAYS_INSIDE.test(address)) return false;
    this.open(address);
    return true;
  }

  /** outside: in a browser, not in the phone. */
  async open(address, outside = false) {
    if (/^tel:/i.test(address)) return toast(t("電話をかけます: {number}", { number: address.slice(4) }), "check");
    const target = openable(address);
    if (target === null) return toast(t("この画面では開けないアドレスです: {address}", { address }));
    if (!outside && STAYS_INSIDE.test(address)) {
      const found = await attempt(() => this.store.desk.open(this.room.phone.person().id, address, this.room.place()));
      if (found === null) return null;
      const page = found.liff ?? (found.account_link && { url: found.account_link, size: "full", name: t("アカウント連携") });
      if (page) return openPage(this.room.phone.screen, page, (next, other) => this.open(next, other));
    }
    return window.open(target, "_blank", "noopener,noreferrer");
  }
}
