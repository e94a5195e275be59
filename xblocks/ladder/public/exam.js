/* The running exam: puts saved answers into the fields, saves each change, keeps unsent ones on the device, shows the time. */
(function () {
  "use strict";

  const SAVE_DELAY = 600;
  const LONGEST_DELAY = 5000; // somebody who types without a pause is saved all the same
  const RETRY_DELAYS = [1000, 2000, 4000, 8000, 15000, 30000];
  const WARN_MINUTES = [10, 5, 1];

  const isText = (field) => field.type === "text" || field.type === "textarea";

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
      this.dirtySince = 0;
      this.restore();
      this.meetOtherWindows();
    }

    /** Tell other windows of this browser that the attempt is open here, and be told. */
    meetOtherWindows() {
      if (!window.BroadcastChannel) return;
      const others = new Set();
      const me = window.Ladder.operationId();
      const channel = new BroadcastChannel(this.key);
      const note = this.page.querySelector("[data-other-window]");
      channel.onmessage = ({ data }) => {
        if (data.kind === "bye") others.delete(data.from);
        else others.add(data.from);
        note.hidden = !others.size;
        if (data.kind === "hello") channel.postMessage({ kind: "here", from: me });
      };
      channel.postMessage({ kind: "hello", from: me });
      const goodbye = () => channel.postMessage({ kind: "bye", from: me });
      window.addEventListener("pagehide", goodbye);
      this.leave = () => {
        window.removeEventListener("pagehide", goodbye); // a closed channel takes no word
        goodbye();
        channel.close();
      };
    }

    card(item) {
      return this.page.querySelector(`[data-item="${item}"]`);
    }

    fields(item) {
      return [...this.page.querySelectorAll(`[name="q${item}"]`)];
    }

    value(item) {
      const fields = this.fields(item);
      if (isText(fields[0])) return fields.map((field) => field.value);
      return fields.filter((field) => field.checked).map((field) => Number(field.value));
    }

    put(item, value) {
      this.fields(item).forEach((field, index) => {
        if (isText(field)) field.value = value[index] || "";
        else field.checked = value.includes(Number(field.value));
      });
      this.mark(item);
      this.count(item);
    }

    isAnswered(item) {
      return this.value(item).some((part) => typeof part !== "string" || part.trim() !== "");
    }

    /** How long a written answer is, without white space. */
    count(item) {
      const place = this.card(item).querySelector("[data-count]");
      if (place) place.textContent = String([...this.value(item)[0].replace(/\s/g, "")].length);
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
      this.count(item);
      this.number();
      this.chip(this.shell.words.saving);
      this.keep();
      const now = performance.now();
      this.dirtySince = this.dirtySince || now;
      this.later(Math.min(SAVE_DELAY, Math.max(LONGEST_DELAY - (now - this.dirtySince), 0)));
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
        this.dirtySince = 0;
      }
      this.flying = true;
      this.chip(this.shell.words.saving);
      try {
        const reply = await this.shell.post("answer", { attempt: this.attempt, saves: [...this.sending.values()] });
        this.accept(reply);
        this.settled();
        this.showNewer(reply.overtaken);
      } catch (failure) {
        this.refused(failure);
      } finally {
        this.flying = false;
      }
    }

    accept(reply) {
      for (const [item, revision] of Object.entries(reply.revisions)) this.revisions[item] = revision;
      if (reply.seconds_left !== undefined) this.setClock(reply.seconds_left);
      const time = this.shell.hour(reply.saved_at);
      this.chip(`${this.shell.words.saved} ${time}`);
      this.failures = 0;
      this.shell.alarm("");
    }

    /** Put in what another window has answered, unless something newer waits here to be sent. */
    showNewer(others) {
      for (const [item, other] of Object.entries(others)) {
        this.revisions[item] = other.revision;
        if (!this.waiting.has(Number(item))) this.put(Number(item), other.value);
      }
      this.number();
      if (Object.keys(others).length) this.shell.alarm(this.shell.words.conflict);
    }

    /** The server's clock decides: this device's may run fast or slow, or the time may have been extended. */
    setClock(seconds) {
      const ends = performance.now() + seconds * 1000;
      if (Math.abs(ends - this.ends) < 2000) return;
      const longer = ends - this.ends > 30000;
      this.ends = ends;
      if (longer) {
        this.warned.clear();
        this.shell.say(this.word("extended"));
      }
      this.tick();
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
        this.accept(failure.data);
        this.settled();
        this.showNewer(failure.data.conflicts);
        return;
      }
      this.shell.fail(failure);
      this.chip(failure.status === 0 ? this.shell.words.not_saved : this.word("failed"));
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
        if (this.leave) this.leave();
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

    /** What is said before handing in: what is not answered, what is flagged, how much time is left. */
    summarise() {
      const form = this.page.querySelector("[data-submit]");
      const missing = this.unanswered();
      form.querySelector("[data-missing]").hidden = !missing.length;
      form.querySelector("[data-missing] strong").textContent = this.shell.words.unanswered.replace("%(count)s", String(missing.length));
      form.querySelector("[data-complete]").hidden = missing.length > 0;
      this.list(form.querySelector("[data-missing-list]"), missing);
      this.list(form.querySelector("[data-flagged-list]"), [...this.flags].sort((a, b) => a - b));
      this.tellTimeLeft();
    }

    tellTimeLeft() {
      this.page.querySelector("[data-time-left]").textContent = this.page.querySelector(".ladder-time").textContent;
    }

    /** As long as handing in is asked, what is said there stays true. */
    listenToAsking() {
      const form = this.page.querySelector("[data-submit]");
      const panel = form.querySelector("[data-ask]");
      form.addEventListener("ladder-ask", () => this.summarise());
      for (const name of ["change", "input", "click"]) this.page.addEventListener(name, () => panel.hidden || this.summarise());
      const clock = new MutationObserver(() => panel.hidden || this.tellTimeLeft());
      clock.observe(this.page.querySelector(".ladder-time"), { childList: true, characterData: true, subtree: true });
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        this.handIn();
      });
    }

    /** Questions one at a time, or the whole paper; the choice is this device's. */
    view(single) {
      this.single = single;
      try {
        localStorage.setItem("ladder-exam-view", single ? "one" : "all");
      } catch {
        // only a preference: the page works without it
      }
      this.page.classList.toggle("one-by-one", single);
      const button = this.page.querySelector("[data-view]");
      button.setAttribute("aria-pressed", String(single));
      button.textContent = this.word(single ? "whole-paper" : "one-by-one");
      this.page.querySelector(".ladder-turn").hidden = !single;
      this.showItem(this.current || this.items()[0]);
    }

    showItem(item) {
      this.current = item;
      const items = this.items();
      for (const other of items) {
        this.card(other).hidden = this.single && other !== item;
        const link = this.page.querySelector(`.ladder-navigator [data-goto="${other}"]`);
        if (this.single && other === item) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
      for (const part of this.page.querySelectorAll(".ladder-part")) part.hidden = this.single && !part.querySelector(".ladder-question:not([hidden])");
      this.page.querySelector("[data-turn='-1']").disabled = item === items[0];
      this.page.querySelector("[data-turn='1']").disabled = item === items[items.length - 1];
    }

    goTo(item) {
      this.showItem(item);
      const card = this.card(item);
      card.scrollIntoView({ block: "start" });
      card.focus({ preventScroll: true });
    }

    /** Links to questions, to go back to before handing in. */
    list(line, items) {
      line.hidden = !items.length;
      line.replaceChildren(line.firstElementChild, " ");
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
      this.page.addEventListener("input", (event) => isText(event.target) && this.touched(event));
      this.page.addEventListener("click", (event) => {
        const jump = event.target.closest("[data-goto]");
        if (jump) {
          event.preventDefault();
          if (jump.closest("[data-ask]")) window.Ladder.unask(jump.closest("[data-ask]"));
          this.goTo(Number(jump.dataset.goto));
        }
        const turn = event.target.closest("[data-turn]");
        if (turn) this.goTo(this.items()[this.items().indexOf(this.current) + Number(turn.dataset.turn)]);
        if (event.target.closest("[data-view]")) this.view(!this.single);
        const flag = event.target.closest("[data-flag]");
        if (flag) this.flag(Number(flag.closest("[data-item]").dataset.item));
        if (event.target.closest("[data-clock]")) this.hideClock(!this.clockHidden);
      });
      this.listenToAsking();
      window.addEventListener("online", () => this.later(0));
      window.addEventListener("beforeunload", (event) => {
        if (this.page.isConnected && (this.sending || this.waiting.size)) event.preventDefault();
      });
      document.addEventListener("visibilitychange", () => {
        if (!this.page.isConnected) return;
        if (document.visibilityState === "hidden") this.flush();
        else if (this.sending || this.waiting.size) this.later(0); // back from signing in in another tab
      });
      this.view(localStorage.getItem("ladder-exam-view") === "one");
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
