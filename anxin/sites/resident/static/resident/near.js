// <ax-near data-failed="…"><button type="button" hidden>…</button><p data-say></p></ax-near>
// Asks the device where it is, rounds that to about a hundred metres, and opens the list with it. The position goes into
// this one address of our own site and nowhere else. Without script, or without consent, the area is chosen by hand.
(function () {
  "use strict";
  if (!window.customElements || !navigator.geolocation || !window.isSecureContext) return;

  class Near extends HTMLElement {
    connectedCallback() {
      var button = this.querySelector("button");
      if (!button) return;
      button.hidden = false;
      button.addEventListener("click", () => {
        button.disabled = true;
        navigator.geolocation.getCurrentPosition(
          (found) => this.open(found.coords),
          () => this.refused(button),
          { maximumAge: 300000, timeout: 10000 },
        );
      });
    }

    open(coords) {
      var address = new URL(this.dataset.url || window.location.href, window.location.href);
      address.searchParams.delete("page");
      address.searchParams.set("near", coords.longitude.toFixed(3) + "," + coords.latitude.toFixed(3));
      window.location.assign(address);
    }

    refused(button) {
      var voice = this.querySelector("[data-say]");
      if (voice) voice.textContent = this.dataset.failed || "";
      button.disabled = false;
    }
  }

  window.customElements.define("ax-near", Near);
})();
