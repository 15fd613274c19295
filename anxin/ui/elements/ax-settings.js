// <ax-settings><a href="?text=large" data-setting="text" data-on="large" data-label-on data-label-off>…</a></ax-settings>
// Changes the display at once and keeps the choice in a cookie the server reads. Without script the link asks the server.
import { define, setCookie } from "./shared.js";

const YEAR = 31536000;

export class Settings extends HTMLElement {
  connectedCallback() {
    this.onClick = (event) => {
      const link = event.target.closest("[data-setting]");
      if (!link || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      this.toggle(link);
    };
    this.addEventListener("click", this.onClick);
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.onClick);
  }

  toggle(link) {
    const { setting, on } = link.dataset;
    const root = document.documentElement;
    const value = root.dataset[setting] === on ? "normal" : on;
    root.dataset[setting] = value;
    setCookie(`ax_${setting}`, value, YEAR);
    document.querySelectorAll(`[data-setting="${setting}"]`).forEach((each) => {
      const label = each.querySelector("[data-label]") || each;
      label.textContent = value === on ? each.dataset.labelOn : each.dataset.labelOff;
      each.setAttribute("href", `?${setting}=${value === on ? "normal" : on}`);
    });
  }
}

define("ax-settings", Settings);
