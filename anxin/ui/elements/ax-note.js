// <ax-note key owner kept-url>form</ax-note>: a lost network in the middle of writing loses nothing.
// What is typed stays on this device, sealed, until the server has said that it is kept. The form carries a name of its
// own (once_uid): sent twice, it is kept once.
import { define } from "./shared.js";
import * as box from "./device-box.js";

const SKIPPED = new Set(["hidden", "submit", "button", "password", "file"]);

export class Note extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.once = this.form && this.form.elements.once_uid;
    if (!this.once) return;
    this.name = `note:${this.getAttribute("key")}`;
    this.onOnline = () => this.resume();
    this.onOffline = () => this.tell();
    window.addEventListener("online", this.onOnline);
    window.addEventListener("offline", this.onOffline);
    this.form.addEventListener("submit", (event) => this.send(event));
    const discard = this.querySelector("[data-discard]");
    if (discard) discard.addEventListener("click", () => this.discard());
    this.queue = box.canKeep ? this.begin().catch(() => {}) : Promise.resolve();
    ["input", "change"].forEach((kind) => this.form.addEventListener(kind, () => this.later()));
    this.tell();
  }

  disconnectedCallback() {
    window.removeEventListener("online", this.onOnline);
    window.removeEventListener("offline", this.onOffline);
  }

  show(name, isShown) {
    const target = this.querySelector(`[data-${name}]`);
    if (target) target.hidden = !isShown;
  }

  tell() { this.show("offline", navigator.onLine === false); }

  fields() { return Array.from(this.form.elements).filter((one) => one.name && !SKIPPED.has(one.type)); }

  values() {
    const values = {};
    this.fields().forEach((one) => {
      if (one.type === "radio" || one.type === "checkbox") {
        if (one.checked) (values[one.name] = values[one.name] || []).push(one.value);
      } else if (one.value) {
        values[one.name] = [one.value];
      }
    });
    return values;
  }

  async begin() {
    await box.belongTo(this.getAttribute("owner"));
    const found = await box.read(this.name);
    if (!found) return;
    if (await this.isKept(found.once)) { await box.drop(this.name); return; }
    if (Object.keys(this.values()).length === 0 || this.once.value !== found.once) this.fill(found.values);
    this.once.value = found.once;
    this.show("restored", true);
  }

  fill(values) {
    this.fields().forEach((one) => {
      const kept = values[one.name];
      if (!kept) return;
      if (one.type === "radio" || one.type === "checkbox") one.checked = kept.includes(one.value);
      else one.value = kept[0];
    });
  }

  async isKept(once) {
    try {
      const answer = await fetch(`${this.getAttribute("kept-url")}?once=${encodeURIComponent(once)}`);
      return answer.ok && (await answer.json()).kept === true;
    } catch (lost) {
      return false;
    }
  }

  // One after the other: what was typed last is what stays.
  later() {
    if (!box.canKeep) return;
    const draft = { once: this.once.value, values: this.values() };
    this.queue = this.queue.then(() => box.keep(this.name, draft)).then(() => this.show("saved", true)).catch(() => {});
  }

  send(event) {
    if (navigator.onLine !== false) return;
    event.preventDefault();
    this.later();
    this.waiting = event.submitter || true;
    this.tell();
    this.show("waiting", true);
  }

  resume() {
    this.tell();
    if (!this.waiting) return;
    const button = this.waiting === true ? this.form.querySelector("button[type=submit]") : this.waiting;
    this.waiting = false;
    this.show("waiting", false);
    button.click();
  }

  async discard() {
    await this.queue;
    await box.drop(this.name).catch(() => {});
    this.form.reset();
    this.show("restored", false);
    this.show("saved", false);
  }
}

define("ax-note", Note);
