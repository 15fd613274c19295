// <ax-plan owner worker-url>: the safety plan on this phone, if the person wants it there: sealed, readable without a
// network, gone with a press, on signing out or on leaving quickly. Two pages use it: the plan itself (JSON in the page)
// and, with "offline", the page a phone shows without a network, which holds nothing until it is opened.
import { define } from "./shared.js";
import * as box from "./device-box.js";

const NAME = "plan";

export class Plan extends HTMLElement {
  connectedCallback() {
    this.find = (name) => this.querySelector(`[data-${name}]`);
    if (!box.canKeep) { this.show("unable", true); return; }
    if (this.hasAttribute("offline")) this.open().catch(() => this.show("empty", true));
    else this.begin().catch(() => this.show("unable", true));
  }

  show(name, isShown) {
    const target = this.find(name);
    if (target) target.hidden = !isShown;
  }

  async begin() {
    this.plan = JSON.parse(this.querySelector('script[type="application/json"]').textContent);
    await box.belongTo(this.getAttribute("owner"));
    this.find("keep").addEventListener("click", () => this.keep().catch(() => this.show("unable", true)));
    this.find("remove").addEventListener("click", () => this.remove());
    if (await box.read(NAME)) await this.keep();
    else this.stand(false);
  }

  stand(isKept) {
    this.show("keep", !isKept);
    this.show("kept", isKept);
  }

  async keep() {
    await box.keep(NAME, this.plan);
    if (navigator.serviceWorker) await navigator.serviceWorker.register(this.getAttribute("worker-url")).catch(() => {});
    this.stand(true);
  }

  async remove() {
    await box.drop(NAME);
    this.stand(false);
  }

  async open() {
    const plan = await box.read(NAME);
    if (!plan) { this.show("empty", true); return; }
    plan.parts.forEach(([part, text]) => {
      const target = this.find(`part-${part}`);
      if (!target) return;
      target.textContent = text;
      target.closest("[data-row]").hidden = !text;
    });
    this.find("said").textContent = plan.said;
    this.show("content", true);
  }
}

define("ax-plan", Plan);
