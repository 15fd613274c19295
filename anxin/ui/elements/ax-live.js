// <ax-live src data-fragment data-target data-poll="5" data-stale="30" data-events="message,change" [server-now]>
// Listens to the server and fetches the list again when something changed. When the stream does not come, it polls.
// After `stale` seconds without any news the list is frozen and greyed and the banner says since when. It never looks
// live when it is not. Clocks keep running: they count by themselves.
import { clockTime, define, fill } from "./shared.js";

const RETRY_STREAM = 15000;

export class Live extends HTMLElement {
  connectedCallback() {
    this.poll = Number(this.dataset.poll || 5) * 1000;
    this.stale = Number(this.dataset.stale || 30) * 1000;
    // The page itself has just come from the server: that is the first news.
    this.heard = Date.now();
    this.streaming = false;
    this.pending = false;
    this.held = null;
    this.offset = this.serverOffset();
    this.openStream();
    this.watch = window.setInterval(() => this.check(), 1000);
    this.onBack = () => document.visibilityState === "visible" && this.refresh();
    document.addEventListener("visibilitychange", this.onBack);
    window.addEventListener("online", this.onBack);
    this.check();
  }

  disconnectedCallback() {
    window.clearInterval(this.watch);
    window.clearTimeout(this.retry);
    if (this.source) this.source.close();
    document.removeEventListener("visibilitychange", this.onBack);
    window.removeEventListener("online", this.onBack);
  }

  get target() {
    return document.querySelector(this.dataset.target);
  }

  // Times are said by the server's clock: from our own attribute, or from a countdown in the list.
  serverOffset() {
    const source = this.hasAttribute("server-now") ? this : this.target && this.target.querySelector("[server-now]");
    const server = Date.parse((source && source.getAttribute("server-now")) || "");
    return Number.isNaN(server) ? 0 : server - Date.now();
  }

  heardAt() {
    return clockTime(new Date(this.heard + this.offset));
  }

  openStream() {
    const src = this.getAttribute("src");
    if (!src || !window.EventSource) return;
    this.source = new EventSource(src);
    this.source.onopen = () => {
      this.streaming = true;
      this.news();
    };
    this.source.onerror = () => {
      this.streaming = false;
      if (this.source.readyState === EventSource.CLOSED) {
        this.source.close();
        window.clearTimeout(this.retry);
        this.retry = window.setTimeout(() => this.openStream(), RETRY_STREAM);
      }
    };
    const changed = (event) => {
      this.news();
      this.refresh();
      this.dispatchEvent(new CustomEvent("ax:news", { bubbles: true, detail: event.data }));
    };
    (this.dataset.events || "message,change").split(",").forEach((name) => {
      this.source.addEventListener(name.trim(), changed);
    });
    (this.dataset.beats || "beat").split(",").forEach((name) => {
      this.source.addEventListener(name.trim(), (event) => this.beat(event.data));
    });
  }

  // A beat says the line is up. When it also says that the server itself hears nothing, only polling is news.
  beat(data) {
    let deaf = false;
    try {
      deaf = JSON.parse(data || "{}").listening === false;
    } catch (plain) {
      deaf = false;
    }
    if (deaf) this.streaming = false;
    else this.news();
  }

  news() {
    this.streaming = true;
    this.heard = Date.now();
    this.check();
  }

  // Seconds without news; a list that could not be swapped while somebody was typing counts as old, too.
  silence() {
    const at = Date.now();
    return Math.max(at - this.heard, this.held ? at - this.held.since : 0);
  }

  check() {
    if (this.held) this.swap(this.held.html);
    const silent = this.silence();
    if (!this.streaming && silent >= this.poll) this.refresh();
    const isStale = this.silence() >= this.stale;
    this.showStale(isStale);
    const status = this.querySelector("[data-live-status]");
    if (!status) return;
    const state = isStale ? "stale" : this.streaming ? "live" : "poll";
    status.dataset.state = state;
    const pattern = { live: this.dataset.textLive, poll: this.dataset.textPoll, stale: this.dataset.textStale }[state];
    const text = fill(pattern || "{time}", {
      time: this.heardAt(),
      seconds: Math.floor(silent / 1000),
    });
    if (status.textContent !== text) status.textContent = text;
  }

  showStale(isStale) {
    if (this.isStale === isStale) return;
    this.isStale = isStale;
    const banner = this.querySelector("[data-stale]");
    if (banner) {
      const words = banner.querySelector("[data-stale-text]");
      const time = this.heardAt().slice(0, 5);
      if (words && isStale) words.textContent = fill(this.dataset.textStaleBanner || "{time}", { time });
      banner.hidden = !isStale;
    }
    if (this.target) this.target.classList.toggle("is-stale", isStale);
    this.dispatchEvent(new CustomEvent("ax:stale", { bubbles: true, detail: { stale: isStale } }));
  }

  async refresh() {
    const url = this.dataset.fragment;
    if (!url || this.pending) return;
    this.pending = true;
    try {
      const answer = await fetch(url, { credentials: "same-origin", headers: { "HX-Request": "true" } });
      // A redirect means the session ended: that is not news, and the list must not become a sign-in page.
      if (!answer.ok || answer.redirected) return;
      this.swap(await answer.text());
      this.heard = Date.now();
    } catch (unreachable) {
      this.streaming = false;
    } finally {
      this.pending = false;
    }
  }

  swap(html) {
    const target = this.target;
    if (!target) return;
    if (this.isBusy(target)) {
      this.held = { html, since: this.held ? this.held.since : Date.now() };
      return;
    }
    this.held = null;
    const opened = this.opened(target);
    const held = document.activeElement;
    const key = target.contains(held) ? held.id || held.getAttribute("data-key") : null;
    target.innerHTML = html;
    opened.forEach((place) => {
      const again = target.querySelectorAll("details")[place];
      if (again) again.open = true;
    });
    if (window.htmx) window.htmx.process(target);
    if (key) {
      const again = document.getElementById(key) || target.querySelector(`[data-key="${CSS.escape(key)}"]`);
      if (again) again.focus({ preventScroll: true });
    }
    this.dispatchEvent(new CustomEvent("ax:swapped", { bubbles: true }));
  }

  opened(target) {
    return Array.from(target.querySelectorAll("details"), (each, place) => (each.open ? place : -1)).filter((place) => place >= 0);
  }

  // Nothing typed is lost: while somebody writes in the list or has a dialog of it open, it waits.
  isBusy(target) {
    const active = document.activeElement;
    const typing = target.contains(active) && /^(INPUT|TEXTAREA|SELECT)$/.test(active.tagName);
    return typing || Boolean(target.querySelector("dialog[open]"));
  }
}

define("ax-live", Live);
