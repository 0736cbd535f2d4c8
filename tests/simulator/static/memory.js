// Small choices of the visitor that outlive a reload: of this channel, or everywhere.

const channel = () => new URLSearchParams(location.search).get("channel") ?? "";
const key = (name, reach) => (reach === "everywhere" ? `phones//${name}` : `phones/${channel()}/${name}`);

export function remembered(name, reach = "channel") {
  try {
    return localStorage.getItem(key(name, reach));
  } catch {
    return null;
  }
}

/** Keeps the value and gives it back. */
export function choose(name, value, reach = "channel") {
  try {
    localStorage.setItem(key(name, reach), value);
  } catch {
    // A browser that keeps nothing only forgets the choice.
  }
  return value;
}
