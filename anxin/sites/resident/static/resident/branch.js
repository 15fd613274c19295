// <ax-branch><fieldset data-only-if="all q2=1,2,3; any q1=1 q4=1">…</fieldset></ax-branch>
// Folds away the questions that an earlier answer rules out. While that answer is open the question stays. Without script
// all are shown, each with what it depends on, and the server leaves out what does not count.
(function () {
  "use strict";
  if (!window.customElements) return;

  function readRule(text) {
    var words = text.trim().split(" ");
    return {
      all: words[0] === "all",
      tests: words.slice(1).map(function (word) {
        var parts = word.split("=");
        return { name: parts[0], codes: parts[1].split(",") };
      }),
    };
  }

  class Branch extends HTMLElement {
    connectedCallback() {
      this.parts = Array.from(this.querySelectorAll("[data-only-if]")).map(function (part) {
        return { part: part, rules: part.dataset.onlyIf.split(";").map(readRule) };
      });
      this.addEventListener("change", () => this.fold());
      // A restored form or the back button sets answers without an event.
      window.addEventListener("pageshow", () => this.fold());
      this.fold();
    }

    fold() {
      this.parts.forEach((each) => {
        each.part.hidden = each.rules.some((rule) => this.rules(rule) === false);
      });
    }

    rules(rule) {
      var results = rule.tests.map((test) => this.met(test));
      if (rule.all) return results.includes(false) ? false : results.includes(null) ? null : true;
      return results.includes(true) ? true : results.includes(null) ? null : false;
    }

    met(test) {
      var chosen = this.querySelector('input[name="' + test.name + '"]:checked');
      if (!chosen) return this.isFolded(test.name) ? false : null;
      return !this.isFolded(test.name) && test.codes.includes(chosen.value);
    }

    isFolded(name) {
      var input = this.querySelector('input[name="' + name + '"]');
      var part = input && input.closest("fieldset");
      return Boolean(part && part.hidden);
    }
  }

  window.customElements.define("ax-branch", Branch);
})();
