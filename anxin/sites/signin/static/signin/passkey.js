// <ax-passkey data-act="create|get" data-options="…" data-failed="…"><form>…<input type="hidden" name="answer">
// <button type="button" hidden>…</button><p data-say></p></form></ax-passkey>
// Asks the device for a passkey and sends what it says with the form. Where there is none, the code of the app remains.
(function () {
  "use strict";
  if (!window.customElements || !window.PublicKeyCredential || !window.isSecureContext) return;

  function bytes(text) {
    var plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
  }

  function text(buffer) {
    var signs = Array.from(new Uint8Array(buffer), (one) => String.fromCharCode(one)).join("");
    return btoa(signs).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function named(list) {
    return (list || []).map((one) => Object.assign({}, one, { id: bytes(one.id) }));
  }

  class Passkey extends HTMLElement {
    connectedCallback() {
      var button = this.querySelector("button");
      if (!button) return;
      button.hidden = false;
      button.addEventListener("click", () => {
        this.ask().then(
          (answer) => this.send(answer),
          () => this.say(),
        );
      });
    }

    ask() {
      var wanted = JSON.parse(this.dataset.options);
      wanted.challenge = bytes(wanted.challenge);
      if (this.dataset.act === "create") {
        wanted.user.id = bytes(wanted.user.id);
        wanted.excludeCredentials = named(wanted.excludeCredentials);
        return navigator.credentials.create({ publicKey: wanted });
      }
      wanted.allowCredentials = named(wanted.allowCredentials);
      return navigator.credentials.get({ publicKey: wanted });
    }

    send(found) {
      var said = { clientDataJSON: text(found.response.clientDataJSON) };
      for (var part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
        if (found.response[part]) said[part] = text(found.response[part]);
      }
      var answer = { id: found.id, rawId: text(found.rawId), type: found.type, response: said, clientExtensionResults: {} };
      this.querySelector("[name=answer]").value = JSON.stringify(answer);
      this.querySelector("form").submit();
    }

    say() {
      var voice = this.querySelector("[data-say]");
      if (voice) voice.textContent = this.dataset.failed || "";
    }
  }

  window.customElements.define("ax-passkey", Passkey);
})();
