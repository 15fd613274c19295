// Answer sheets waiting for a network. Each is sealed to the campaign's public key before it is written: this device
// holds no key that opens it. Needs a secure page (https or localhost); without one there is no box, and the page says so.

const STORE = "sheets";

export const canSeal = Boolean(window.isSecureContext && window.crypto && crypto.subtle && window.indexedDB);

function coded(buffer) {
  let text = "";
  new Uint8Array(buffer).forEach((one) => { text += String.fromCharCode(one); });
  return btoa(text);
}

function bytes(base64) {
  return Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
}

export async function seal(letter, campaign, publicKey) {
  const oaep = { name: "RSA-OAEP", hash: "SHA-256" };
  const outer = await crypto.subtle.importKey("spki", bytes(publicKey), oaep, false, ["encrypt"]);
  const inner = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["encrypt"]);
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const utf8 = new TextEncoder();
  const gcm = { name: "AES-GCM", iv: nonce, additionalData: utf8.encode(campaign) };
  const content = await crypto.subtle.encrypt(gcm, inner, utf8.encode(JSON.stringify(letter)));
  const key = await crypto.subtle.encrypt({ name: "RSA-OAEP" }, outer, await crypto.subtle.exportKey("raw", inner));
  return { c: campaign, k: coded(key), n: coded(nonce), d: coded(content) };
}

function opened() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open("anxin-questionnaire", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { autoIncrement: true });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

async function within(mode, work) {
  const base = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = base.transaction(STORE, mode);
      const asked = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    base.close();
  }
}

export const put = (sheet) => within("readwrite", (store) => store.add(sheet));
export const drop = (key) => within("readwrite", (store) => store.delete(key));
export const keys = () => within("readonly", (store) => store.getAllKeys());
export const take = (key) => within("readonly", (store) => store.get(key));
