/* The running exam: puts saved answers into the fields, saves each change, keeps unsent ones on the device, shows the time. */
(function () {
  "use strict";

  const SAVE_DELAY = 600;
  const RETRY_DELAYS = [1000, 2000, 4000, 8000, 15000, 30000];
  const WARN_MINUTES = [10, 5, 1];

  class Sitting {
    constructor(shell, page) {
      this.shell = shell;
      this.page = page;
      this.attempt = Number(page.dataset.attempt);
      this.revisions = {};
      this.waiting = new Map();
      this.sending = null;
      this.flying = false;
      this.timer = 0;
      this.failures = 0;
      this.ends = performance.now() + Number(page.dataset.secondsLeft) * 1000;
      this.warned = new Set();
      this.key = `ladder-${shell.element.dataset.usage || shell.element.dataset.usageId || ""}-${this.attempt}`;
      this.flags = new Set();
      this.restore();
    }

    card(item) {
      return this.page.querySelector(`[data-item="${item}"]`);
    }

    fields(item) {
      return [...this.page.querySelectorAll(`[name="q${item}"]`)];
    }

    value(item) {
      const fields = this.fields(item);
      if (fields[0].type === "text") return fields.map((field) => field.value);
      return fields.filter((field) => field.checked).map((field) => Number(field.value));
    }

    put(item, value) {
      this.fields(item).forEach((field, index) => {
        if (field.type === "text") field.value = value[index] || "";
        else field.checked = value.includes(Number(field.value));
      });
      this.mark(item);
    }

    isAnswered(item) {
      return this.value(item).some((part) => part !== "");
    }

    mark(item) {
      const link = this.page.querySelector(`.ladder-navigator [data-goto="${item}"]`);
      const done = this.isAnswered(item);
      const flagged = this.flags.has(item);
      link.classList.toggle("is-answered", done);
      link.classList.toggle("is-flagged", flagged);
      this.card(item).querySelector("[data-flag]").setAttribute("aria-pressed", String(flagged));
      link.querySelector(".ladder-sr").textContent = [this.word(done ? "answered" : "unanswered"), flagged ? this.word("flagged") : ""]
        .join(" ");
    }

    /** Flags are the trainee's own notes for this attempt; they stay on the device. */
    flag(item) {
      if (!this.flags.delete(item)) this.flags.add(item);
      try {
        localStorage.setItem(this.key + "-flags", JSON.stringify([...this.flags]));
      } catch {
        this.shell.alarm(this.shell.words.failed);
      }
      this.mark(item);
    }

    hideClock(hidden) {
      this.clockHidden = hidden;
      const button = this.page.querySelector("[data-clock]");
      button.setAttribute("aria-pressed", String(hidden));
      button.textContent = this.word(hidden ? "show-clock" : "hide-clock");
      this.tick();
    }

    word(name) {
      return this.page.querySelector(`[data-word="${name}"]`).textContent;
    }

    items() {
      return [...this.page.querySelectorAll("[data-item]")].map((card) => Number(card.dataset.item));
    }

    restore() {
      const state = JSON.parse(this.page.dataset.state);
      try {
        this.flags = new Set(JSON.parse(localStorage.getItem(this.key + "-flags") || "[]"));
      } catch {
        localStorage.removeItem(this.key + "-flags");
      }
      for (const item of this.items()) {
        this.revisions[item] = state[item] ? state[item].revision : 0;
        this.put(item, state[item] ? state[item].value : []);
      }
      let kept = {};
      try {
        kept = JSON.parse(localStorage.getItem(this.key) || "{}");
      } catch {
        localStorage.removeItem(this.key);
      }
      // What was on its way goes again as it was: the server knows it by its op_id if it has arrived after all.
      const next = { ...this.revisions };
      for (const [name, saves] of [["sending", kept.sending || []], ["waiting", kept.waiting || []]]) {
        for (const save of saves) {
          if (save.revision !== next[save.item] + 1) continue; // it has arrived, or another window has gone on meanwhile
          next[save.item] = save.revision;
          this.put(save.item, save.value);
          if (name === "waiting") this.waiting.set(save.item, save);
          else (this.sending = this.sending || new Map()).set(save.item, save);
        }
      }
      this.keep();
      if (this.sending || this.waiting.size) this.later(0);
      else if (Object.keys(state).length) this.chip(this.shell.words.saved);
    }

    keep() {
      const unsent = { sending: this.sending ? [...this.sending.values()] : [], waiting: [...this.waiting.values()] };
      try {
        if (unsent.sending.length || unsent.waiting.length) localStorage.setItem(this.key, JSON.stringify(unsent));
        else localStorage.removeItem(this.key);
      } catch {
        this.shell.alarm(this.shell.words.failed); // storage is full or forbidden: only the server keeps answers then
      }
    }

    changed(item) {
      this.waiting.set(item, { op_id: window.Ladder.operationId(), item, value: this.value(item), revision: 0 });
      this.mark(item);
      this.number();
      this.chip(this.shell.words.saving);
      this.keep();
      this.later(SAVE_DELAY);
    }

    /** Unsent answers get the revision after the one this window knows. */
    number() {
      for (const [item, save] of this.waiting) {
        const flying = this.sending && this.sending.has(item) ? 1 : 0;
        save.revision = this.revisions[item] + flying + 1;
      }
    }

    later(delay) {
      window.clearTimeout(this.timer);
      this.timer = window.setTimeout(() => this.flush(), delay);
    }

    async flush() {
      if (this.flying || !this.page.isConnected) return;
      if (!this.sending) {
        if (!this.waiting.size) return;
        this.sending = this.waiting;
        this.waiting = new Map();
      }
      this.flying = true;
      this.chip(this.shell.words.saving);
      try {
        this.accept(await this.shell.post("answer", { attempt: this.attempt, saves: [...this.sending.values()] }));
        this.settled();
      } catch (failure) {
        this.refused(failure);
      } finally {
        this.flying = false;
      }
    }

    accept(reply) {
      for (const [item, revision] of Object.entries(reply.revisions)) this.revisions[item] = revision;
      const time = new Date(reply.saved_at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
      this.chip(`${this.shell.words.saved} ${time}`);
      this.failures = 0;
      this.shell.alarm("");
    }

    settled() {
      this.sending = null;
      this.number();
      this.keep();
      if (this.waiting.size) this.later(0);
    }

    refused(failure) {
      if (!(failure instanceof window.Ladder.Failure)) throw failure;
      if (failure.status === 409 && failure.data.conflicts) {
        this.accept({ saved_at: failure.data.saved_at, revisions: failure.data.revisions });
        for (const [item, other] of Object.entries(failure.data.conflicts)) {
          this.revisions[item] = other.revision;
          if (!this.waiting.has(Number(item))) this.put(Number(item), other.value);
        }
        this.settled();
        this.shell.alarm(this.shell.words.conflict);
        return;
      }
      this.shell.fail(failure);
      this.chip(this.shell.words.not_saved);
      this.failures += 1;
      this.keep();
      const mayPass = failure.status === 0 || failure.status === 401 || failure.status === 403 || failure.status >= 500;
      if (mayPass) this.later(RETRY_DELAYS[Math.min(this.failures, RETRY_DELAYS.length) - 1]);
    }

    chip(text) {
      this.page.querySelector(".ladder-saved").textContent = text;
    }

    unanswered() {
      return this.items().filter((item) => !this.isAnswered(item));
    }

    async saveAll() {
      window.clearTimeout(this.timer);
      const before = this.failures;
      while ((this.sending || this.waiting.size) && this.failures <= before) {
        if (this.flying) await new Promise((done) => window.setTimeout(done, 100));
        else await this.flush();
      }
      return !this.sending && !this.waiting.size;
    }

    async handIn() {
      // When time is up, the server takes what it has: a save that came too late must not hold this up.
      if (!(await this.saveAll()) && !this.over) return;
      try {
        const reply = await this.shell.post("submit", { attempt: this.attempt });
        window.clearInterval(this.clock);
        localStorage.removeItem(this.key);
        localStorage.removeItem(this.key + "-flags");
        this.shell.show(reply);
      } catch (failure) {
        this.shell.fail(failure);
      }
    }

    tick() {
      if (!this.page.isConnected) {
        window.clearInterval(this.clock);
        return;
      }
      const seconds = Math.max(Math.round((this.ends - performance.now()) / 1000), 0);
      const minutes = Math.floor(seconds / 60);
      const late = seconds <= 300;
      this.page.querySelector("[data-clock]").hidden = late; // the last five minutes are always shown
      this.page.querySelector(".ladder-time").hidden = this.clockHidden && !late;
      this.page.querySelector(".ladder-time").textContent = `${this.shell.words.left} ${minutes}:${String(seconds % 60).padStart(2, "0")}`;
      this.page.classList.toggle("is-late", late);
      for (const warn of WARN_MINUTES) {
        if (seconds === warn * 60 && !this.warned.has(warn)) {
          this.warned.add(warn);
          this.shell.say(this.shell.words.minutes_left.replace("%(minutes)s", String(warn)));
        }
      }
      if (seconds === 0 && !this.over) {
        this.over = true;
        this.shell.say(this.shell.words.time_up);
        this.handIn();
      }
    }

    confirm(shown) {
      const form = this.page.querySelector("[data-submit]");
      const missing = this.unanswered();
      form.querySelector(".ladder-confirm").hidden = !shown;
      form.querySelector(".ladder-confirm-text").textContent = missing.length
        ? this.shell.words.unanswered.replace("%(count)s", String(missing.length))
        : this.word("all");
      this.list(form.querySelector(".ladder-confirm-list"), missing);
      this.list(form.querySelector(".ladder-confirm-flags"), [...this.flags].sort((a, b) => a - b));
      form.querySelector("button").hidden = shown;
      (shown ? form.querySelector("[data-confirm]") : form.querySelector("button")).focus();
    }

    /** Links to questions, to go back to before handing in. */
    list(line, items) {
      line.hidden = !items.length;
      line.querySelectorAll("a").forEach((old) => old.remove());
      for (const item of items) {
        const link = document.createElement("a");
        link.href = "#";
        link.dataset.goto = String(item);
        link.textContent = String(item);
        line.append(link, " ");
      }
    }

    listen() {
      this.page.addEventListener("change", (event) => this.touched(event));
      this.page.addEventListener("input", (event) => event.target.type === "text" && this.touched(event));
      this.page.addEventListener("click", (event) => {
        const jump = event.target.closest("[data-goto]");
        if (jump) {
          event.preventDefault();
          const card = this.card(jump.dataset.goto);
          card.scrollIntoView({ block: "start" });
          card.focus({ preventScroll: true });
        }
        const flag = event.target.closest("[data-flag]");
        if (flag) this.flag(Number(flag.closest("[data-item]").dataset.item));
        if (event.target.closest("[data-clock]")) this.hideClock(!this.clockHidden);
        if (event.target.closest("[data-confirm]")) this.handIn();
        if (event.target.closest("[data-cancel]")) this.confirm(false);
      });
      this.page.querySelector("[data-submit]").addEventListener("submit", (event) => {
        event.preventDefault();
        this.confirm(true);
      });
      window.addEventListener("online", () => this.later(0));
      document.addEventListener("visibilitychange", () => {
        if (document.visibilityState === "hidden" && this.page.isConnected) this.flush();
      });
      this.clock = window.setInterval(() => this.tick(), 1000);
      this.tick();
    }

    touched(event) {
      const card = event.target.closest("[data-item]");
      if (card) this.changed(Number(card.dataset.item));
    }
  }

  window.Ladder.parts.exam = function (shell) {
    const page = shell.body.querySelector(".ladder-sitting");
    if (page) new Sitting(shell, page).listen();
  };
})();
