// <ax-draft key="…">form</ax-draft>
// Keeps what was chosen or typed in this tab only, puts it back after a reload, and when there is no network
// holds the form, says so, and sends it when the network is back.
import { define, recall, remember } from "./shared.js";

const SKIPPED = new Set(["hidden", "submit", "button", "password", "file"]);

function controls(form) {
  return Array.from(form.elements).filter((each) => each.name && !SKIPPED.has(each.type));
}

export class Draft extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    if (!this.form) return;
    this.waiting = false;
    this.storeKey = `ax-draft:${this.getAttribute("key") || location.pathname}`;
    this.onChange = () => this.keep();
    this.onSubmit = (event) => this.send(event);
    this.onOnline = () => this.resume();
    this.onOffline = () => this.tell(true);
    this.form.addEventListener("input", this.onChange);
    this.form.addEventListener("change", this.onChange);
    this.form.addEventListener("submit", this.onSubmit);
    window.addEventListener("online", this.onOnline);
    window.addEventListener("offline", this.onOffline);
    this.restore();
    const note = this.querySelector("[data-saved-note]");
    if (note) note.hidden = !remember(window.sessionStorage, "ax-probe", "1");
    if (navigator.onLine === false) this.tell(true);
  }

  disconnectedCallback() {
    window.removeEventListener("online", this.onOnline);
    window.removeEventListener("offline", this.onOffline);
  }

  keep() {
    const values = {};
    controls(this.form).forEach((each) => {
      if (each.type === "radio" || each.type === "checkbox") {
        if (each.checked) (values[each.name] = values[each.name] || []).push(each.value);
      } else {
        values[each.name] = [each.value];
      }
    });
    remember(window.sessionStorage, this.storeKey, JSON.stringify(values));
  }

  restore() {
    const text = recall(window.sessionStorage, this.storeKey);
    if (!text) return;
    let values;
    try {
      values = JSON.parse(text);
    } catch (damaged) {
      return;
    }
    controls(this.form).forEach((each) => {
      const kept = values[each.name];
      if (!kept) return;
      if (each.type === "radio" || each.type === "checkbox") each.checked = kept.includes(each.value);
      else if (!each.value) each.value = kept[0];
    });
  }

  send(event) {
    if (navigator.onLine !== false) {
      // The answer is on its way; the server's page after this one is the truth.
      remember(window.sessionStorage, this.storeKey, null);
      return;
    }
    event.preventDefault();
    this.keep();
    this.waiting = true;
    this.submitter = event.submitter || null;
    this.tell(true);
  }

  resume() {
    this.tell(false);
    if (!this.waiting) return;
    this.waiting = false;
    const button = this.submitter || this.form.querySelector("button[type=submit], button:not([type])");
    if (button) button.click();
    else this.form.submit();
  }

  tell(offline) {
    const banner = this.querySelector("[data-offline]");
    if (banner) banner.hidden = !offline;
  }
}

define("ax-draft", Draft);
