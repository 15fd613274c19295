// <ax-questionnaire>: one participant answers the forms of a campaign, with a network or without. All words are in the
// page. The campaign and the token stand behind the # ("#<campaign>.<token>") and are taken out of the address at once.
// Nothing of what was answered is kept readable: in memory until it is handed in, sealed if it has to wait.
import { define, remember } from "./shared.js";
import * as box from "./sealed-box.js";

const PLACE = "ax-q";
const FINAL = [200, 201, 403, 409, 413, 422];
const LONGEST = 30;

const wait = (seconds) => new Promise((done) => { window.setTimeout(done, seconds * 1000); });

export class Questionnaire extends HTMLElement {
  connectedCallback() {
    this.find = (name) => this.querySelector(`[data-${name}]`);
    this.on("begin", () => this.begin());
    this.on("decline", () => this.forget("stopped"));
    this.on("back", () => this.back());
    this.on("go-on", () => this.advance());
    this.on("stop", () => this.forget("stopped"));
    this.on("again", () => window.location.reload());
    this.on("send-now", () => this.empty());
    this.querySelectorAll("[data-next-person]").forEach((one) => one.addEventListener("click", () => this.forget("", "no-slip")));
    this.querySelector("form").addEventListener("submit", (event) => { event.preventDefault(); this.answer(); });
    window.addEventListener("online", () => this.empty());
    window.addEventListener("hashchange", () => this.load());
    if (navigator.serviceWorker && window.isSecureContext) {
      navigator.serviceWorker.register(this.getAttribute("worker-url")).catch(() => {});
    }
    this.empty();
    this.load();
  }

  on(name, act) { this.find(name).addEventListener("click", act); }

  show(name, problem) {
    this.querySelectorAll("[data-screen]").forEach((one) => { one.hidden = one.dataset.screen !== name; });
    this.querySelectorAll("[data-problem]").forEach((one) => { one.hidden = one.dataset.problem !== problem; });
    const target = this.querySelector(`[data-screen="${name}"] [tabindex="-1"]`);
    if (target) target.focus();
  }

  slip() {
    const [campaign, token] = window.location.hash.slice(1).split(".");
    if (campaign && token) {
      remember(sessionStorage, PLACE, JSON.stringify([campaign, token]));
      window.history.replaceState(null, "", window.location.pathname);
      return [campaign, token];
    }
    try {
      return JSON.parse(sessionStorage.getItem(PLACE)) || [];
    } catch (refused) {
      return [];
    }
  }

  async load() {
    [this.campaign, this.token] = this.slip();
    if (!this.token) { this.show("problem", "no-slip"); return; }
    this.show("loading");
    try {
      const url = this.getAttribute("form-url").replace("/uid.json", `/${encodeURIComponent(this.campaign)}.json`);
      const answer = await fetch(url, { credentials: "omit" });
      if (answer.status === 404) { this.show("problem", "campaign-closed"); return; }
      if (!answer.ok) throw new Error(String(answer.status));
      this.form = await answer.json();
    } catch (lost) {
      this.show("problem", "form");
      return;
    }
    if (!this.form.steps.every((step) => step.fits)) { this.show("problem", "paper"); return; }
    this.find("title").textContent = this.form.title;
    this.find("count").textContent = this.form.steps.filter((step) => !step.follows).reduce((sum, step) => sum + step.items.length, 0);
    this.show("start");
  }

  begin() {
    this.given = {};
    this.queue = this.form.steps.filter((step) => !step.follows);
    this.open(this.queue.shift());
  }

  open(step) {
    this.step = step;
    this.at = 0;
    this.answers = step.items.map(() => null);
    this.spent = step.items.map(() => 0);
    this.told = new Set();
    this.draw();
  }

  draw() {
    const item = this.step.items[this.at];
    this.find("step-title").textContent = this.form.title;
    this.find("place").textContent = `${this.at + 1} / ${this.step.items.length}`;
    this.find("progress").max = this.step.items.length;
    this.find("progress").value = this.at;
    this.find("stem").textContent = this.step.stem || this.step.instruction;
    this.find("question").textContent = item.text;
    this.find("credit").textContent = this.step.credit;
    this.find("pick").hidden = true;
    this.find("choices").replaceChildren(...item.options.map(([code, text]) => this.choice(code, text)));
    this.since = performance.now();
    this.show("question");
  }

  choice(code, text) {
    const label = document.createElement("label");
    label.className = "ax-choice";
    const input = document.createElement("input");
    input.className = "ax-choice__input";
    input.type = "radio";
    input.name = "answer";
    input.value = String(code);
    input.checked = this.answers[this.at] === code;
    const words = document.createElement("span");
    words.className = "ax-choice__text";
    words.textContent = text;
    label.append(input, words);
    return label;
  }

  answer() {
    const chosen = this.querySelector("input[name=answer]:checked");
    if (!chosen) { this.find("pick").hidden = false; return; }
    const code = Number(chosen.value);
    this.answers[this.at] = code;
    this.spent[this.at] += Math.round((performance.now() - this.since) / 100);
    const mark = `${this.at + 1}:${code}`;
    if ((this.step.critical[String(this.at + 1)] || []).includes(code) && !this.told.has(mark)) {
      this.told.add(mark);
      this.tell(String(this.at + 1), code);
    } else {
      this.advance();
    }
  }

  back() {
    if (this.at > 0) { this.at -= 1; this.draw(); } else { this.show("start"); }
  }

  advance() {
    if (this.at + 1 < this.step.items.length) { this.at += 1; this.draw(); } else { this.finish(); }
  }

  // Help first: the panel stands before anything is sent, and says honestly whether somebody could be told.
  async tell(item, code) {
    const body = { t: this.token, step: this.step.position, item, code, at: new Date().toISOString(), late: false };
    this.reached(true);
    this.show("help");
    const kept = await this.keep("signal", { ...body, late: true });
    const status = await this.send(this.getAttribute("critical-url"), body, 2);
    this.reached(status > 0);
    if (FINAL.includes(status)) await this.dropped(kept);
  }

  reached(isTold) {
    this.querySelector("[data-online-only]").hidden = !isTold;
    this.querySelector("[data-offline-only]").hidden = isTold;
  }

  async finish() {
    const body = { t: this.token, step: this.step.position, answers: this.answers, ds: this.spent, at: new Date().toISOString(), ch: "online" };
    this.show("sending");
    const kept = await this.keep("form", { ...body, ch: "offline" });
    const status = await this.send(this.getAttribute("send-url"), body, kept === null ? Infinity : 4);
    this.given[this.step.position] = this.answers;
    if (FINAL.includes(status)) await this.dropped(kept);
    if (status === 0 || status >= 500 || status === 429) { this.queueFollowing(); this.goOn("kept"); return; }
    if (status === 403) { this.show("problem", this.verdict === "consent-missing" || this.verdict === "campaign-closed" ? this.verdict : "token"); return; }
    if (status === 413 || status === 422) { this.show("problem", "other"); return; }
    this.queueFollowing();
    this.goOn("done");
  }

  queueFollowing() {
    const due = this.form.steps.filter((one) => one.follows === this.step.position && this.isAsked(one));
    this.queue.unshift(...due);
  }

  isAsked(step) {
    const rule = step.asked_when;
    if (!rule) return true;
    return rule.items.reduce((sum, item) => sum + (this.answers[item - 1] || 0), 0) >= rule.at_least;
  }

  goOn(ending) {
    const next = this.queue.shift();
    if (next) { this.open(next); return; }
    this.forget(ending);
  }

  forget(screen, problem) {
    remember(sessionStorage, PLACE, null);
    this.answers = this.given = this.token = null;
    this.find("choices").replaceChildren();
    if (screen) this.show(screen); else this.show("problem", problem);
  }

  // The status, or 0 when there is no network. Busy answers are tried again, a little later each time.
  async send(url, body, tries) {
    for (let turn = 1; ; turn += 1) {
      let status = 0;
      let pause = Math.min(LONGEST, 2 ** turn);
      try {
        const answer = await fetch(url, { method: "POST", credentials: "omit", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
        status = answer.status;
        pause = Number(answer.headers.get("Retry-After")) || pause;
        this.verdict = (await answer.json().catch(() => ({}))).status || "";
      } catch (lost) {
        status = 0;
      }
      if (FINAL.includes(status) || turn >= tries || (status === 0 && tries !== Infinity && !navigator.onLine)) return status;
      await wait(pause);
    }
  }

  async keep(kind, body) {
    if (!box.canSeal || !this.form.public_key) return null;
    try {
      const key = await box.put(await box.seal({ kind, body }, this.form.uid, this.form.public_key));
      await this.count();
      return key;
    } catch (refused) {
      return null;
    }
  }

  async dropped(key) {
    if (key !== null) await box.drop(key).catch(() => {});
    await this.count();
  }

  async count() {
    const waiting = box.canSeal ? (await box.keys().catch(() => [])).length : 0;
    const isSending = !this.querySelector('[data-screen="sending"]').hidden;
    this.find("waiting").hidden = waiting === 0 || isSending;
    this.find("waiting-count").textContent = String(waiting);
    return waiting;
  }

  // One after the other, each until the server has said what became of it; the same sheet twice is the same sheet.
  async empty() {
    if (!box.canSeal || this.emptying) return;
    this.emptying = true;
    try {
      for (const key of await box.keys()) {
        const status = await this.send(this.getAttribute("sealed-url"), await box.take(key), 1);
        if (!FINAL.includes(status)) break;
        // A sheet that was refused for its time or its slip stays: people may still open the door for it.
        if (status !== 403 || this.verdict === "consent-missing") await box.drop(key);
      }
    } catch (refused) {
      // Storage was refused; what is in it stays.
    } finally {
      this.emptying = false;
      await this.count();
    }
  }
}

define("ax-questionnaire", Questionnaire);
