// <ax-keys><table>…<tr data-row><a data-row-link>…</a> … <button data-row-ack>…</button></tr></table></ax-keys>
// j and k walk through the rows, Enter opens (it is a focused link), `a` presses the row's acknowledge button.
import { define } from "./shared.js";

export class Keys extends HTMLElement {
  connectedCallback() {
    this.onKey = (event) => this.press(event);
    document.addEventListener("keydown", this.onKey);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.onKey);
  }

  rows() {
    return Array.from(this.querySelectorAll("[data-row]")).filter((row) => row.offsetParent !== null);
  }

  current() {
    const active = document.activeElement;
    return active && this.contains(active) ? active.closest("[data-row]") : null;
  }

  press(event) {
    const typing = event.target.closest && event.target.closest("input, textarea, select, dialog, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "j" || event.key === "k") this.walk(event.key === "j" ? 1 : -1);
    else if (event.key === "a") this.acknowledge();
    else return;
    event.preventDefault();
  }

  walk(step) {
    const rows = this.rows();
    const at = rows.indexOf(this.current());
    const next = at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.max(0, Math.min(rows.length - 1, at + step));
    const link = rows[next] && rows[next].querySelector("[data-row-link]");
    if (link) link.focus();
  }

  acknowledge() {
    const row = this.current();
    const button = row && row.querySelector("[data-row-ack]");
    if (button) button.click();
  }
}

define("ax-keys", Keys);
