// window.liff itself.

const VERSION = "2.29.2"; // the SDK whose documentation this follows
const LINE_VERSION = "15.20.0";
const SCOPES = ["profile", "chat_message.write", "openid", "email"];
const APIS = [
  "shareTargetPicker", "scanCodeV2", "scanCode", "multipleLiffTransition", "createShortcutOnHomeScreen", "iap",
  "skipChannelVerificationScreen",
];
const NEVER = new Promise(() => {}); // the browser is on its way to another address

const hooks = { before: [], after: [] };
let becomesReady;
let extraQuery = "";

/** The endpoint and an address that must lie at or below it; the path below it, and the query without the endpoint's. */
function below(address) {
  const endpoint = new URL(session.facts.context.endpointUrl);
  const base = endpoint.pathname.replace(/\/$/, "");
  const path = address.pathname;
  if (address.origin !== endpoint.origin || !(path === base || path.startsWith(`${base}/`))) return null;
  const own = new Set(endpoint.search.slice(1).split("&"));
  const query = address.search.slice(1).split("&").filter((one) => one && !own.has(one) && !one.startsWith("liff."));
  const rest = path.slice(base.length);
  return { rest: rest === "/" ? "" : rest, query };
}

/** Where the page belongs: the endpoint's host, path and query with what the LIFF URL had behind its id. */
function secondary(state) {
  const endpoint = new URL(session.facts.context.endpointUrl);
  const [, path, query, hash] = /^([^?#]*)(?:\?([^#]*))?(#.*)?$/s.exec(state);
  const whole = path ? `${endpoint.pathname.replace(/\/$/, "")}/${path.replace(/^\//, "")}` : endpoint.pathname;
  const kept = location.search.slice(1).split("&").filter((one) => /^liff\.(?!state=)/.test(one));
  const search = [endpoint.search.slice(1), query, ...kept].filter(Boolean).join("&");
  return `${endpoint.origin}${whole}${search && `?${search}`}${hash ?? ""}`;
}

async function start(config) {
  must(config?.liffId, "INVALID_CONFIG", "liffId is necessary for liff.init()");
  must(API, "INIT_FAILED", "The SDK must be loaded by a script element");
  session.id = config.liffId;
  for (const hook of hooks.before) await hook();
  findTokens();
  if (!inClient()) await comeBack();
  else if (!session.accessToken) await logInAgain().catch(() => {}); // too long ago: nobody is logged in
  await learn();
  if (below(location) === null) {
    console.warn(
      "liff.init() was called with a current URL that is not related to the endpoint URL.\n" +
        `${location.origin}${location.pathname} is not under ${session.facts.context.endpointUrl}`,
    );
  }
  if (!inClient() && config.withLoginOnExternalBrowser && !session.accessToken) {
    await goToLogin(location.href);
    return NEVER;
  }
  const state = new URLSearchParams(location.search).get("liff.state");
  if (state !== null) {
    location.replace(secondary(state + (inClient() ? "" : location.hash)));
    return NEVER;
  }
  for (const hook of hooks.after) await hook();
  becomesReady();
  return undefined;
}

async function init(config, success, failure) {
  try {
    await start(config);
  } catch (problem) {
    const error = problem instanceof LiffError ? problem : new LiffError("INIT_FAILED", undefined, problem);
    failure?.(error);
    throw error;
  }
  success?.();
}

function permanent(address) {
  const place = below(address);
  must(place, "INVALID_CONFIG", "currentPageUrl must start with endpoint URL of LIFF App.");
  return (query) => {
    const all = [...place.query, ...query].join("&");
    return `${session.facts.permanentLink}${place.rest}${all && `?${all}`}${address.hash}`;
  };
}

function decoded(token) {
  const bytes = atob(token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/"));
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(bytes, (sign) => sign.charCodeAt(0))));
}

function use(module, option) {
  const plugin = typeof module === "function" ? new module() : module;
  must(plugin && typeof plugin.install === "function" && plugin.name, "INVALID_ARGUMENT", "a plugin has name and install");
  const context = {
    liff,
    hooks: { init: { before: (act) => hooks.before.push(act), after: (act) => hooks.after.push(act) } },
  };
  liff[`$${plugin.name}`] = plugin.install(context, option);
  return liff;
}

const liff = {
  simulator: true,
  id: null,
  ready: new Promise((resolve) => (becomesReady = resolve)),
  init,
  use,
  getOS: () => (/iPhone|iPad|iPod/.test(navigator.userAgent) ? "ios" : /Android/.test(navigator.userAgent) ? "android" : "web"),
  getAppLanguage: () => navigator.language,
  getLanguage: () => navigator.language,
  getVersion: () => VERSION,
  getLineVersion: () => (inClient() ? LINE_VERSION : null),
  isInClient: inClient,
  isLoggedIn: () => Boolean(session.accessToken),
  isApiAvailable(name) {
    must(APIS.includes(name), "INVALID_ARGUMENT", "Unexpected API name.");
    const permission = session.facts?.context.availability[name]?.permission ?? false;
    return permission && (name === "multipleLiffTransition" || Boolean(session.accessToken));
  },
  login({ redirectUri } = {}) {
    must(session.facts, "INVALID_CONFIG", "liffId is necessary for liff.init()");
    if (inClient()) console.warn("liff.login() is not for the LIFF browser: liff.init() logs in there.");
    else void goToLogin(redirectUri ?? session.facts.context.endpointUrl);
  },
  logout() {
    dropTokens();
  },
  getAccessToken: () => session.accessToken,
  getIDToken: () => session.idToken ?? null,
  getDecodedIDToken: () => (session.idToken ? decoded(session.idToken) : null),
  getContext: () => session.facts?.context ?? null,
  getProfile,
  getFriendship,
  requestFriendship,
  sendMessages,
  shareTargetPicker,
  scanCodeV2,
  async scanCode() {
    throw new LiffError("FORBIDDEN");
  },
  openWindow({ url, external = false } = {}) {
    must(typeof url === "string" && url !== "", "INVALID_ARGUMENT", "url is required");
    if (!inClient() || !tellPhone({ do: "openWindow", url, external })) window.open(url, "_blank", "noopener");
  },
  closeWindow() {
    if (!inClient() || !tellPhone({ do: "closeWindow" })) window.close();
  },
  permission: {
    async query(permission) {
      must(SCOPES.includes(permission), "INVALID_ARGUMENT", `${permission} is no permission`);
      if (!session.facts.context.scope.includes(permission)) return { state: "unavailable" };
      return { state: session.facts.granted?.includes(permission) ? "granted" : "prompt" };
    },
    async getGrantedAll() {
      must(session.accessToken, "UNAUTHORIZED");
      return [...session.facts.granted];
    },
    async requestAll() {
      throw new LiffError("FORBIDDEN", "Channel consent simplification is not on");
    },
  },
  permanentLink: {
    async createUrlBy(url) {
      must(URL.canParse(url), "INVALID_ARGUMENT", "url must be a full URL");
      return permanent(new URL(url))([]);
    },
    createUrl: () => permanent(new URL(location.href))(extraQuery ? [extraQuery] : []),
    setExtraQueryParam(extra) {
      extraQuery = extra;
    },
  },
  i18n: {
    async setLang(language) {
      must(typeof language === "string" && language !== "", "INVALID_ARGUMENT", "language must be a tag of BCP 47");
    },
  },
};

Object.defineProperty(liff, "id", { get: () => session.id, enumerable: true });
window.liff = liff;
