// <ax-copy text="…" data-done="…"><button type="button" hidden>…</button></ax-copy>
// The button is there only where it can work.
import { define } from "./shared.js";

function copyOld(text) {
  const area = document.createElement("textarea");
  area.value = text;
  area.setAttribute("readonly", "");
  document.body.appendChild(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}

export class Copy extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button");
    if (!button) return;
    button.hidden = false;
    this.onClick = () => this.copy(button);
    button.addEventListener("click", this.onClick);
  }

  copy(button) {
    const text = this.getAttribute("text") || "";
    const say = () => {
      const label = button.querySelector("[data-label]") || button;
      if (this.dataset.done) label.textContent = this.dataset.done;
    };
    if (navigator.clipboard && window.isSecureContext) {
      navigator.clipboard.writeText(text).then(say, () => copyOld(text) && say());
    } else if (copyOld(text)) {
      say();
    }
  }
}

define("ax-copy", Copy);
