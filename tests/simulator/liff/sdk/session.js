// Who looks at the page, where it was opened, and the tokens that say so.

const SOURCE = document.currentScript?.src ?? "";
const API = SOURCE.slice(0, Math.max(0, SOURCE.indexOf("/cdn/liff/")));
const MARK = `LIFF_IN_CLIENT:${window.name}`;

const session = { id: null, facts: null, accessToken: null, idToken: null, contextToken: null };

const fragment = () => new URLSearchParams(location.hash.slice(1));

function inClient() {
  return fragment().has("context_token") || sessionStorage.getItem(MARK) !== null;
}

/** In LINE: this tab's (each sheet has a name of its own); in a browser: kept until logout. */
function store() {
  return inClient()
    ? { place: sessionStorage, key: `LIFF_STORE:${session.id}:${window.name}` }
    : { place: localStorage, key: `LIFF_STORE:${session.id}` };
}

function keepTokens(tokens) {
  Object.assign(session, tokens);
  const { place, key } = store();
  place.setItem(key, JSON.stringify(tokens));
}

function dropTokens() {
  const { place, key } = store();
  place.removeItem(key);
  Object.assign(session, { accessToken: null, idToken: null, contextToken: null });
}

/** Tokens from the primary redirect's fragment, which goes out of the address at once; else those kept before. */
function findTokens() {
  const given = fragment();
  if (given.has("access_token") && given.has("context_token")) {
    sessionStorage.setItem(MARK, given.get("context_token"));
    keepTokens({
      accessToken: given.get("access_token"),
      idToken: given.get("id_token"),
      contextToken: given.get("context_token"),
    });
    history.replaceState(history.state, "", location.pathname + location.search);
    return;
  }
  const { place, key } = store();
  Object.assign(session, JSON.parse(place.getItem(key) ?? "{}"));
}

/** One call of the API; a LiffError with the status as its code when it says no. */
async function ask(method, path, body) {
  const headers = {};
  if (session.accessToken) headers.Authorization = `Bearer ${session.accessToken}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let answer;
  try {
    answer = await fetch(API + path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch (cause) {
    throw new LiffError("UNKNOWN", "Network error", cause);
  }
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new LiffError(String(answer.status), told.message ?? answer.statusText);
  return told;
}

const askAsUser = async (method, path, body) => {
  must(session.accessToken, "UNAUTHORIZED");
  return ask(method, path, body);
};

/** In LINE init() logs in by itself: the tab still knows where it was opened. */
async function logInAgain() {
  const contextToken = sessionStorage.getItem(MARK);
  const told = await ask("POST", `/liff/v2/apps/${encodeURIComponent(session.id)}/login`, { context_token: contextToken });
  keepTokens({ accessToken: told.access_token, idToken: told.id_token ?? null, contextToken });
}

/** What LINE knows of the app; a token it no longer takes is forgotten. */
async function learn() {
  const query = session.contextToken ? `?${new URLSearchParams({ context_token: session.contextToken })}` : "";
  const path = `/liff/v2/apps/${encodeURIComponent(session.id)}/context${query}`;
  try {
    session.facts = await ask("GET", path);
  } catch (problem) {
    if (problem.code !== "401") throw new LiffError("INIT_FAILED", problem.message, problem);
    dropTokens();
    if (inClient()) await logInAgain().catch(() => {});
    session.facts = await ask("GET", path);
  }
}

// --- login in an external browser ---------------------------------------------------------------------------

const LOGIN = "LIFF_LOGIN";

const base64url = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const chance = () => base64url(crypto.getRandomValues(new Uint8Array(32)));

async function goToLogin(redirectUri) {
  const verifier = chance();
  const challenge = base64url(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier)));
  const state = chance();
  sessionStorage.setItem(LOGIN, JSON.stringify({ id: session.id, verifier, state, redirectUri }));
  const query = new URLSearchParams({
    app_id: session.id,
    client_id: session.facts.clientId,
    response_type: "code",
    redirect_uri: redirectUri,
    state,
    scope: session.facts.context.scope.join(" "),
    code_challenge: challenge,
    code_challenge_method: "S256",
  });
  location.assign(`${session.facts.loginUrl}?${query}`);
}

/** Back from the login screens: the code becomes tokens, and the address is what it was before. */
async function comeBack() {
  const query = new URLSearchParams(location.search);
  const begun = JSON.parse(sessionStorage.getItem(LOGIN) ?? "null");
  if (begun === null || begun.id !== session.id || query.get("state") !== begun.state) return;
  sessionStorage.removeItem(LOGIN);
  history.replaceState(history.state, "", begun.redirectUri);
  must(!query.has("error"), "INIT_FAILED", `${query.get("error")}: ${query.get("error_description")}`);
  const fields = new URLSearchParams({
    grant_type: "authorization_code",
    code: query.get("code"),
    redirect_uri: begun.redirectUri,
    client_id: query.get("liffClientId"),
    code_verifier: begun.verifier,
  });
  const answer = await fetch(`${API}/oauth2/v2.1/token`, { method: "POST", body: fields });
  const told = await answer.json();
  must(answer.ok, "INIT_FAILED", told.error_description);
  keepTokens({ accessToken: told.access_token, idToken: told.id_token ?? null, contextToken: null });
}
