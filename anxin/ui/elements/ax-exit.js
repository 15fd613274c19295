// <ax-exit url data-clear-url data-csrf><a href=...>…</a></ax-exit>
// Quick exit: blank the screen first, end the anonymous sitting, then replace the page, so that "back" does
// not return here. Three presses of Shift within two seconds do the same. Without script it is a plain link.
import { forget } from "./device-box.js";
import { define } from "./shared.js";

const PRESSES = 3;
const WITHIN = 2000;

export class Exit extends HTMLElement {
  connectedCallback() {
    this.presses = [];
    this.onClick = (event) => {
      event.preventDefault();
      this.leave();
    };
    this.onKey = (event) => this.countShift(event);
    this.addEventListener("click", this.onClick);
    document.addEventListener("keyup", this.onKey);
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.onClick);
    document.removeEventListener("keyup", this.onKey);
  }

  countShift(event) {
    if (event.key !== "Shift") {
      this.presses = [];
      return;
    }
    const at = Date.now();
    this.presses = this.presses.filter((press) => at - press < WITHIN).concat(at);
    if (this.presses.length >= PRESSES) this.leave();
  }

  leave() {
    document.documentElement.classList.add("ax-blank");
    document.title = "\u200b";
    this.clear();
    window.location.replace(this.getAttribute("url") || "about:blank");
  }

  clear() {
    try {
      window.sessionStorage.clear();
    } catch (refused) {
      // A browser that refuses storage has nothing to clear.
    }
    forget();
    const url = this.dataset.clearUrl;
    if (!url) return;
    const body = new FormData();
    body.append("csrfmiddlewaretoken", this.dataset.csrf || "");
    if (!(navigator.sendBeacon && navigator.sendBeacon(url, body))) {
      fetch(url, { method: "POST", body, keepalive: true, credentials: "same-origin" }).catch(() => {});
    }
  }
}

define("ax-exit", Exit);
