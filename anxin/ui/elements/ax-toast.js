// <ax-toast [data-stay]>: closes by itself after 8 seconds or on its button. Errors stay until they are closed.
import { define } from "./shared.js";

const LASTS = 8000;

export class Toast extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("[data-close]");
    if (button) {
      button.hidden = false;
      button.addEventListener("click", () => this.remove());
    }
    if (!("stay" in this.dataset)) this.timer = window.setTimeout(() => this.leaveUnlessUsed(), LASTS);
  }

  disconnectedCallback() {
    window.clearTimeout(this.timer);
  }

  leaveUnlessUsed() {
    if (this.contains(document.activeElement) || this.matches(":hover")) {
      this.timer = window.setTimeout(() => this.leaveUnlessUsed(), LASTS);
    } else {
      this.remove();
    }
  }
}

define("ax-toast", Toast);
