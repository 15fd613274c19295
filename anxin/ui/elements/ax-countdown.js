// <ax-countdown due start server-now [met] [paused] [label]>
// Counts by the server's clock: the offset to this device's clock is taken once, when the element appears.
// One timer serves all countdowns of the page. A screen reader hears three changes, not every second.
import { define, fill, pad, word } from "./shared.js";

const SOON = 0.3;
const TENTH = 0.1;
const DAY = 86400;
const running = new Set();
let timer = null;

function tick() {
  running.forEach((element) => element.draw());
}

export function digits(seconds, words) {
  const all = Math.floor(seconds);
  const days = Math.floor(all / DAY);
  const hours = Math.floor((all % DAY) / 3600);
  if (days) return fill(hours ? words.daysHours : words.days, { d: days, h: hours });
  const rest = `${pad(Math.floor((all % 3600) / 60))}:${pad(all % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}

export class Countdown extends HTMLElement {
  connectedCallback() {
    this.due = Date.parse(this.getAttribute("due") || "");
    if (Number.isNaN(this.due) || this.hasAttribute("met") || this.hasAttribute("paused")) return;
    const start = Date.parse(this.getAttribute("start") || "");
    this.start = Number.isNaN(start) ? null : start;
    const server = Date.parse(this.getAttribute("server-now") || "");
    this.offset = Number.isNaN(server) ? 0 : server - Date.now();
    this.stage = this.stageNow();
    running.add(this);
    if (!timer) timer = window.setInterval(tick, 1000);
    this.draw();
  }

  disconnectedCallback() {
    running.delete(this);
    if (!running.size && timer) {
      window.clearInterval(timer);
      timer = null;
    }
  }

  now() {
    return Date.now() + this.offset;
  }

  shareLeft() {
    if (this.start === null || this.due <= this.start) return 1;
    return Math.max(0, Math.min(1, (this.due - this.now()) / (this.due - this.start)));
  }

  stageNow() {
    if (this.now() >= this.due) return "overdue";
    if (this.start === null) return "normal";
    const left = this.shareLeft();
    if (left < TENTH) return "tenth";
    return left < SOON ? "soon" : "normal";
  }

  draw() {
    const stage = this.stageNow();
    const chip = this.querySelector(".ax-clock");
    const overdue = stage === "overdue";
    if (chip) chip.dataset.state = stage === "tenth" ? "soon" : stage;
    const label = this.querySelector("[data-word]");
    if (label) label.textContent = word(this, overdue ? "overdue" : "left");
    const place = this.querySelector("[data-digits]");
    const words = { days: word(this, "days"), daysHours: word(this, "daysHours") };
    // Round up while counting down, so that 0 is shown only when the time is over.
    const gap = (this.due - this.now()) / 1000;
    if (place) place.textContent = digits(overdue ? -gap : Math.ceil(gap), words);
    const bar = this.querySelector(".ax-clock__bar rect");
    if (bar) bar.setAttribute("width", `${(100 * this.shareLeft()).toFixed(1)}%`);
    if (stage !== this.stage) {
      this.stage = stage;
      this.say(stage);
      this.dispatchEvent(new CustomEvent("ax:clock", { bubbles: true, detail: { stage } }));
    }
  }

  say(stage) {
    const pattern = { soon: "saySoon", tenth: "sayTenth", overdue: "sayOverdue" }[stage];
    const voice = this.querySelector("[data-say]");
    if (pattern && voice) {
      const said = fill(word(this, pattern), { label: this.getAttribute("label") || "" });
      voice.textContent = said.replace(/^[:：]\s*/, "");
    }
  }
}

define("ax-countdown", Countdown);
