// What several elements need. No text lives here: words come from attributes or from #ax-words in the page.

export function word(element, name) {
  const own = element.dataset[name];
  if (own) return own;
  const shared = document.getElementById("ax-words");
  return (shared && shared.dataset[name]) || "";
}

export function fill(pattern, values) {
  return pattern.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? values[key] : whole));
}

export function pad(number) {
  return String(number).padStart(2, "0");
}

export function clockTime(date) {
  return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
}

export function setCookie(name, value, maxAge) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${name}=${value}; Path=/; Max-Age=${maxAge}; SameSite=Lax${secure}`;
}

export function define(name, type) {
  if (window.customElements && !customElements.get(name)) customElements.define(name, type);
}

// Storage may be refused (private windows, full disks); the page must go on without it.
export function remember(store, key, value) {
  try {
    if (value === null) store.removeItem(key);
    else store.setItem(key, value);
    return true;
  } catch (refused) {
    return false;
  }
}

export function recall(store, key) {
  try {
    return store.getItem(key);
  } catch (refused) {
    return null;
  }
}
