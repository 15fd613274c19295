// <ax-dialog [open-now]><a href="/page-that-does-the-same/" data-open>…</a><dialog class="ax-dialog">…</dialog></ax-dialog>
// Opens the dialog instead of following the link. Typed text survives closing; focus returns to the link.
// A browser without <dialog>, or without script, follows the link.
import { define } from "./shared.js";

export class Dialog extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    if (!this.dialog || !this.dialog.showModal) return;
    this.onClick = (event) => {
      const opener = event.target.closest("[data-open]");
      if (opener && this.contains(opener)) {
        event.preventDefault();
        this.opener = opener;
        this.dialog.showModal();
      } else if (event.target.closest("[data-close]")) {
        event.preventDefault();
        this.dialog.close();
      }
    };
    this.onClose = () => this.opener && this.opener.focus();
    this.addEventListener("click", this.onClick);
    this.dialog.addEventListener("close", this.onClose);
    // The server came back with errors in this form: show it again at once.
    if (this.hasAttribute("open-now")) {
      this.opener = this.querySelector("[data-open]");
      this.dialog.showModal();
    }
  }

  disconnectedCallback() {
    if (this.onClick) this.removeEventListener("click", this.onClick);
  }
}

define("ax-dialog", Dialog);
