// <ax-sound listen="L4"><button type="button" hidden data-toggle>…</button><p data-blocked hidden>…</p></ax-sound>
// Browsers keep a page silent until somebody presses something. The button is that press and the test in one: it beeps.
// While sound is wanted but blocked, a warning stays in sight.
import { define, recall, remember } from "./shared.js";

const KEY = "ax-sound";

export class Sound extends HTMLElement {
  connectedCallback() {
    this.Audio = window.AudioContext || window.webkitAudioContext;
    this.button = this.querySelector("[data-toggle]");
    if (!this.Audio || !this.button) return;
    this.wanted = recall(window.localStorage, KEY) !== "off";
    this.onClick = () => this.toggle();
    this.onNews = (event) => this.hear(event.detail);
    this.button.addEventListener("click", this.onClick);
    document.addEventListener("ax:news", this.onNews);
    // Any press on the page wakes the sound again after a reload.
    this.onPress = (event) => {
      if (!this.button.contains(event.target) && this.wanted && !this.running) this.wake().then(() => this.show());
    };
    document.addEventListener("pointerdown", this.onPress);
    document.addEventListener("keydown", this.onPress);
    if (this.wanted) this.wake().then(() => this.show());
    else this.show();
  }

  disconnectedCallback() {
    document.removeEventListener("ax:news", this.onNews);
    document.removeEventListener("pointerdown", this.onPress);
    document.removeEventListener("keydown", this.onPress);
    if (this.context) this.context.close();
  }

  get running() {
    return Boolean(this.context && this.context.state === "running");
  }

  // Resolves also when the browser refuses: a refused resume() may never settle, so it is not awaited for long.
  wake() {
    if (!this.context) {
      this.context = new this.Audio();
      this.context.onstatechange = () => this.show();
    }
    const asked = this.running ? Promise.resolve() : Promise.resolve(this.context.resume()).catch(() => {});
    return Promise.race([asked, new Promise((resolve) => window.setTimeout(resolve, 300))]);
  }

  toggle() {
    this.wanted = !(this.wanted && this.running);
    remember(window.localStorage, KEY, this.wanted ? "on" : "off");
    if (!this.wanted) {
      this.show();
      return;
    }
    this.wake().then(() => {
      this.beep();
      this.show();
    });
  }

  hear(data) {
    const level = this.getAttribute("listen") || "";
    if (!this.wanted || (level && !String(data || "").includes(level))) return;
    this.wake().then(() => {
      this.beep();
      this.show();
    });
  }

  beep() {
    if (!this.running) return;
    [0, 0.28, 0.56].forEach((delay) => {
      const at = this.context.currentTime + delay;
      const tone = this.context.createOscillator();
      const volume = this.context.createGain();
      tone.frequency.value = 880;
      volume.gain.setValueAtTime(0, at);
      volume.gain.linearRampToValueAtTime(0.25, at + 0.02);
      volume.gain.linearRampToValueAtTime(0, at + 0.2);
      tone.connect(volume).connect(this.context.destination);
      tone.start(at);
      tone.stop(at + 0.22);
    });
  }

  show() {
    const state = !this.wanted ? "off" : this.running ? "on" : "blocked";
    this.dataset.state = state;
    const label = this.querySelector("[data-label]") || this.button;
    label.textContent = { off: this.dataset.textOff, on: this.dataset.textOn, blocked: this.dataset.textBlocked }[state];
    this.button.hidden = false; // not before it has its word
    this.button.setAttribute("aria-pressed", String(state === "on"));
    const warning = this.querySelector("[data-blocked]");
    if (warning) warning.hidden = state !== "blocked";
  }
}

define("ax-sound", Sound);
