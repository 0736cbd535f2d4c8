// Small choices of the visitor that outlive a reload.

const key = (name) => `phones/${new URLSearchParams(location.search).get("channel") ?? ""}/${name}`;

export function remembered(name) {
  try {
    return localStorage.getItem(key(name));
  } catch {
    return null;
  }
}

/** Keeps the value and gives it back. */
export function choose(name, value) {
  try {
    localStorage.setItem(key(name), value);
  } catch {
    // A browser that keeps nothing only forgets the choice.
  }
  return value;
}
