// Messages and friendship: what the person does with the account and their talks.

async function sendMessages(messages) {
  must(Array.isArray(messages), "INVALID_ARGUMENT", "messages must be an array");
  must(session.contextToken, "403", "user doesn't grant required permissions yet");
  await askAsUser("POST", "/liff/v2/messages", { context_token: session.contextToken, messages });
}

async function shareTargetPicker(messages, { isMultiple = true } = {}) {
  must(session.accessToken, "UNAUTHORIZED");
  must(session.facts.context.availability.shareTargetPicker.permission, "FORBIDDEN");
  must(Array.isArray(messages) && messages.length > 0, "INVALID_ARGUMENT", "messages must be an array");
  const { targets } = await askAsUser("GET", "/liff/v2/share/targets");
  const notes = { group: "グループ", friend: "友だち（トーク画面はなく、記録だけします）" };
  const options = targets
    .filter((one) => isMultiple || one.kind === "friend")
    .map((one) => ({ value: one.id, name: one.name, note: notes[one.kind] }));
  const to = await dialog({ title: "送信先を選択", options, many: isMultiple, yes: "シェア", no: "キャンセル" });
  if (to === null || to.length === 0) return undefined;
  await askAsUser("POST", "/liff/v2/share", { to, messages });
  return { status: "success" };
}

async function requestFriendship() {
  must(session.accessToken, "UNAUTHORIZED");
  must(inClient() && session.facts.context.viewType === "full" && session.facts.linked, "FORBIDDEN");
  if ((await getFriendship()).friendFlag) return;
  const title = `${session.facts.account} を友だちに追加しますか`;
  const words = "ブロックしているときは、解除されます。";
  if ((await dialog({ title, words, yes: "追加", no: "あとで" })) !== null) await askAsUser("POST", "/liff/v2/friendship");
}

const getProfile = () => askAsUser("GET", "/v2/profile");
const getFriendship = () => askAsUser("GET", "/friendship/v1/status");

async function scanCodeV2() {
  must(session.facts?.context.availability.scanCodeV2.permission, "FORBIDDEN");
  return askAsUser("POST", "/liff/v2/scan");
}
