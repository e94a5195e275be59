/* The trainers' desk: the sum of the marks, drafts kept while the marker works, marking by keyboard. */
(function () {
  "use strict";

  const SAVE_DELAY = 800;

  const { Retry, mayPass } = window.Ladder;

  class Marking {
    constructor(shell, form) {
      this.shell = shell;
      this.form = form;
      this.changes = 0;
      this.kept = 0;
      this.keeping = new Retry(() => this.keep(), (problem) => this.notKept(problem));
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
      this.keeping.later(SAVE_DELAY);
    }

    async keep() {
      if (!this.form.isConnected || this.kept === this.changes) return;
      if (this.form.getAttribute("aria-busy")) {
        this.keeping.later(SAVE_DELAY); // marks are on their way; should they fail, the draft is needed
        return;
      }
      const changes = this.changes;
      const { question, code, revision, points, comment } = window.Ladder.fieldsOf(this.form);
      const slow = () => this.note(this.word("failed"), true);
      const reply = await this.shell.post("draft", { question, code, revision, points, comment }, { keepalive: true, slow });
      const time = this.shell.hour(reply.saved_at);
      this.kept = changes;
      this.note(`${this.word("saved")} ${time}`, false);
      this.shell.alarm("", "draft");
      if (this.kept !== this.changes) this.keeping.later(SAVE_DELAY);
    }

    notKept(problem) {
      if (!this.form.isConnected) this.shell.alarm(this.word("lost"), "draft");
      else if (mayPass(problem)) this.note(this.word("failed"), true);
      else this.shell.fail(problem, "draft"); // it would be refused again
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
      this.shell.root.addEventListener("submit", (event) => event.target !== this.form && this.keeping.now(), { capture: true, signal });
      document.addEventListener("visibilitychange", () => this.keeping.now(), { signal });
      window.addEventListener("online", () => this.keeping.now(), { signal });
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
