// <ax-print><button type="button" hidden>…</button></ax-print>: printing needs a script, so the button waits for one.
import { define } from "./shared.js";

export class Print extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button");
    if (!button) return;
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}

define("ax-print", Print);
