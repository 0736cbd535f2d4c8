// The door page: asks LINE who is there, tells our server, and opens the same address again.
"use strict";
(() => {
  const { post, sdk, openInLine, data } = window.ayumi;
  const visit = data("visit-data"), door = data("door-data");
  const SOON = 20_000, LATER = 60_000; // milliseconds
  let liff = null, busy = false;

  const by = (selector) => document.querySelector(selector);

  function put(fresh) {
    by("main").replaceWith(fresh);
    for (const one of document.querySelectorAll("[data-outside]")) one.hidden = liff?.isInClient() ?? false;
    by("main").focus({ preventScroll: true });
  }

  const say = (key) => put(document.getElementById(`say-${key}`).content.cloneNode(true));
  /** Made by our own templates, where everything is escaped. */
  const show = (html) => put(document.adoptNode(new DOMParser().parseFromString(html, "text/html").querySelector("main")));

  const noted = (what) => `ayumi:${what}:${location.pathname}`;

  /** Whether this was tried here a moment ago, and in vain: a page that is reached forgets it. Noted for the next time. */
  function lately(what, milliseconds) {
    try {
      const at = Number(sessionStorage.getItem(noted(what)));
      sessionStorage.setItem(noted(what), String(Date.now()));
      return Date.now() - at < milliseconds;
    } catch {
      return false; // nothing is kept here
    }
  }

  /** Somebody wants to try once more: from the page's own address, without what a login that failed has left in it. */
  function anew() {
    const query = new URLSearchParams(location.search);
    if (query.has("error") || query.has("liffClientId"))
      for (const name of ["code", "error", "error_description", "state", "liffClientId", "liffRedirectUri"]) query.delete(name);
    try {
      for (const what of ["in", "login", "renewed"]) sessionStorage.removeItem(noted(what));
    } catch {
      // nothing is kept here
    }
    const clean = location.pathname + (String(query) && `?${query}`);
    if (clean === location.pathname + location.search) location.reload();
    else location.replace(clean);
  }

  function begunLogin() {
    try {
      return sessionStorage.getItem(noted("login")) !== null;
    } catch {
      return false;
    }
  }

  function renew() {
    if (lately("renewed", LATER)) return say("login");
    liff.logout();
    if (liff.isInClient()) location.reload(); // there init() logs in by itself
    else liff.login({ redirectUri: location.href });
    return undefined;
  }

  /** pressed: somebody waits for a word, also when nothing has changed. */
  async function enter(pressed = false) {
    const idToken = liff.getIDToken();
    if (!idToken) return renew();
    const { status, body } = await post("/liff/session", { id_token: idToken, access_token: liff.getAccessToken() });
    if (status === 200) {
      if (lately("in", SOON)) return say("cookies");
      return location.reload();
    }
    if (body.state === "add" && by("[data-adding]")) {
      by("[data-not-yet]").hidden = !pressed;
      return undefined;
    }
    if (body.html) return show(body.html);
    if (status === 401) return renew();
    return say(body.code === "cookies" ? "cookies" : status === 429 || status === 503 ? "busy" : "trouble");
  }

  async function arrive() {
    liff = await sdk();
    await liff.init({ liffId: visit.liff });
    if (new URLSearchParams(location.search).has("liff.state")) return undefined; // LINE's SDK goes on to the page
    if (liff.isLoggedIn()) return enter();
    if (liff.isInClient()) return say("login");
    if (!door.outside) return say("outside");
    if (lately("login", SOON)) return say("login");
    liff.login({ redirectUri: location.href });
    return undefined;
  }

  async function attempt(work) {
    if (busy) return;
    busy = true;
    try {
      await work();
    } catch {
      const cancelled = new URLSearchParams(location.search).has("error") || begunLogin();
      say(cancelled ? "login" : "trouble");
    }
    busy = false;
  }

  async function add(url) {
    if (liff?.isInClient()) {
      try {
        await liff.requestFriendship(); // a screen over the page, where the account is linked with the Login channel
        if ((await liff.getFriendship()).friendFlag) return enter(true);
        return undefined;
      } catch {
        // the account's own page does it
      }
    }
    return openInLine(url);
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (event.target.closest("[data-again]")) {
      if (by("[data-adding]")) attempt(() => enter(true));
      else anew();
    }
    if (!link || !liff?.isInClient()) return;
    if ("adds" in link.dataset) {
      event.preventDefault();
      attempt(() => add(link.href));
    } else if ("inLine" in link.dataset) {
      event.preventDefault();
      openInLine(link.href);
    }
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && by("[data-adding]")) attempt(() => enter());
  });
  attempt(arrive);
})();
