/* The trainers' desk: the sum of the marks, drafts kept while the marker works, marking by keyboard. */
(function () {
  "use strict";

  const SAVE_DELAY = 800;
  const RETRY_DELAY = 5000;

  class Marking {
    constructor(shell, form) {
      this.shell = shell;
      this.form = form;
      this.timer = 0;
      this.changes = 0;
      this.kept = 0;
      this.shown = new AbortController();
      this.count();
    }

    word(name) {
      return this.form.querySelector(`[data-word="${name}"]`).textContent;
    }

    points() {
      return window.Ladder.fieldsOf(this.form).points;
    }

    /** The sum so far; a dash as long as nothing is chosen. */
    count() {
      const chosen = this.points().filter((text) => text !== null);
      const sum = chosen.reduce((total, text) => total + Number(text), 0);
      this.form.querySelector("[data-sum]").textContent = chosen.length ? String(Math.round(sum * 100) / 100) : "–";
    }

    /** All key points in full, or none: the first or the last of the marks that each may get. */
    all(which) {
      for (const row of this.form.querySelectorAll(".ladder-steps-row")) {
        const fields = row.querySelectorAll("input");
        fields[which === "first" ? 0 : fields.length - 1].checked = true;
      }
      for (const list of this.form.querySelectorAll("select")) list.selectedIndex = which === "first" ? 1 : list.options.length - 1;
      this.changed();
    }

    changed() {
      this.count();
      this.changes += 1;
      this.later(SAVE_DELAY);
    }

    later(delay) {
      window.clearTimeout(this.timer);
      this.timer = window.setTimeout(() => this.keep(), delay);
    }

    async keep(options) {
      if (!this.form.isConnected || this.kept === this.changes) return;
      window.clearTimeout(this.timer);
      if (this.form.getAttribute("aria-busy")) {
        this.later(SAVE_DELAY); // marks are on their way; should they fail, the draft is needed
        return;
      }
      const changes = this.changes;
      const { question, code, revision, points, comment } = window.Ladder.fieldsOf(this.form);
      try {
        const reply = await this.shell.post("draft", { question, code, revision, points, comment }, options);
        const time = this.shell.hour(reply.saved_at);
        this.kept = changes;
        this.note(`${this.word("saved")} ${time}`, false);
      } catch (failure) {
        if (!(failure instanceof window.Ladder.Failure)) throw failure;
        if (failure.status === 400 || failure.status === 409) {
          this.shell.fail(failure); // it would be refused again
          return;
        }
        this.note(this.word("failed"), true);
        this.later(RETRY_DELAY);
      }
    }

    note(text, failed) {
      const line = this.form.querySelector("[data-draft]");
      line.textContent = text;
      line.classList.toggle("is-failed", failed);
    }

    listen() {
      this.form.addEventListener("change", () => this.changed());
      this.form.addEventListener("input", (event) => event.target.matches("textarea") && this.changed());
      this.form.addEventListener("click", (event) => {
        const button = event.target.closest("[data-all]");
        if (button) this.all(button.dataset.all);
      });
      // Whoever goes on to another page leaves no word behind.
      const { signal } = this.shown;
      this.shell.root.addEventListener("submit", (event) => event.target !== this.form && this.keep(), { capture: true, signal });
      document.addEventListener(
        "visibilitychange", () => document.visibilityState === "hidden" && this.keep({ keepalive: true }), { signal },
      );
      this.form.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        this.form.requestSubmit();
      });
    }
  }

  const present = new WeakMap();

  window.Ladder.parts.desk = function (shell) {
    if (present.has(shell)) present.get(shell).shown.abort();
    const form = shell.body.querySelector("form[data-marking]");
    if (!form) return;
    present.set(shell, new Marking(shell, form));
    present.get(shell).listen();
  };
})();
