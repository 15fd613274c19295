// What may stay on this device, sealed: AES-GCM with a key this browser made and gives to nobody as bytes. One box for
// one signed-in person: another one who signs in here finds it empty, and signing out throws it away with its key.
// Needs a secure page (https or localhost); without one nothing is kept, and the page says so.

const BASE = "anxin-device";
const KEYS = "keys";
const THINGS = "things";

export const canKeep = Boolean(window.isSecureContext && window.crypto && crypto.subtle && window.indexedDB);

function opened() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(BASE, 1);
    asked.onupgradeneeded = () => { asked.result.createObjectStore(KEYS); asked.result.createObjectStore(THINGS); };
    asked.onsuccess = () => { asked.result.onversionchange = () => asked.result.close(); resolve(asked.result); };
    asked.onerror = () => reject(asked.error);
  });
}

async function within(store, mode, work) {
  const base = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = base.transaction(store, mode);
      const asked = work(transaction.objectStore(store));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    base.close();
  }
}

async function key() {
  const found = await within(KEYS, "readonly", (store) => store.get("own"));
  if (found) return found;
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  // Another window may have been faster; the key that is there is the one.
  await within(KEYS, "readwrite", (store) => store.add(made, "own")).catch(() => {});
  return within(KEYS, "readonly", (store) => store.get("own"));
}

const aad = (name) => new TextEncoder().encode(name);

export async function keep(name, value) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const words = new TextEncoder().encode(JSON.stringify(value));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: aad(name) }, await key(), words);
  await within(THINGS, "readwrite", (store) => store.put({ iv, sealed }, name));
}

export async function read(name) {
  const found = await within(THINGS, "readonly", (store) => store.get(name));
  if (!found) return null;
  try {
    const gcm = { name: "AES-GCM", iv: found.iv, additionalData: aad(name) };
    return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(gcm, await key(), found.sealed)));
  } catch (damaged) {
    return null;
  }
}

export const drop = (name) => within(THINGS, "readwrite", (store) => store.delete(name));

export function forget() {
  return new Promise((done) => {
    if (!window.indexedDB) { done(); return; }
    const asked = indexedDB.deleteDatabase(BASE);
    asked.onsuccess = done;
    asked.onerror = done;
    asked.onblocked = done;
  });
}

// Whoever is signed in now; what somebody else left here is thrown away.
export async function belongTo(owner) {
  const before = await read("owner");
  if (before !== owner) {
    if (before !== null) await forget();
    await keep("owner", owner);
  }
}

// Signing out on any page takes everything along, before the form is sent.
export function forgetOnSignOut() {
  document.addEventListener("submit", (event) => {
    if (!/\/sign-in\/out\/$/.test(event.target.action || "")) return;
    event.preventDefault();
    forget().then(() => event.target.submit());
  });
}
