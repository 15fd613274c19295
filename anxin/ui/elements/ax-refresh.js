// <ax-refresh src every [data-text-lost]>: asks again for the part in [data-lines] while the page is visible. What is
// being typed is not in that part, so nothing typed is touched. Without script the page has a link that does the same.
import { define } from "./shared.js";

const SLOWEST = 60;

export class Refresh extends HTMLElement {
  connectedCallback() {
    this.every = Number(this.getAttribute("every")) || 5;
    this.misses = 0;
    this.wake = () => { if (!document.hidden) this.ask(); };
    document.addEventListener("visibilitychange", this.wake);
    this.plan();
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.wake);
    window.clearTimeout(this.timer);
  }

  plan() {
    window.clearTimeout(this.timer);
    const wait = Math.min(SLOWEST, this.every * 2 ** this.misses);
    this.timer = window.setTimeout(() => this.ask(), wait * 1000);
  }

  async ask() {
    if (document.hidden) return;
    try {
      const answer = await fetch(this.getAttribute("src"), { credentials: "same-origin", cache: "no-store" });
      if (!answer.ok) throw new Error(String(answer.status));
      this.show(await answer.text());
      this.misses = 0;
    } catch (lost) {
      this.misses = Math.min(this.misses + 1, 4);
    }
    this.tell();
    this.plan();
  }

  show(html) {
    const part = this.querySelector("[data-lines]");
    if (part && html !== this.last) part.innerHTML = html;
    this.last = html;
  }

  tell() {
    const note = this.querySelector("[data-lost]");
    if (!note) return;
    note.hidden = this.misses < 2;
    note.textContent = note.hidden ? "" : this.dataset.textLost || "";
  }
}

define("ax-refresh", Refresh);
