/* The running exam: puts saved answers into the fields, gives each change to the queue, shows the time, hands in. */
(function () {
  "use strict";

  const { Failure, Queue, Retry, SLOW, device, sendLate } = window.Ladder;

  const WARN_MINUTES = [10, 5, 1];
  const ASLEEP = 5000; // a clock whose second takes this long has stood still: the device slept
  const READING_TIME = 10_000;

  const isText = (field) => field.type === "text" || field.type === "textarea";

  /** What other windows of this browser hear; null where it has none, or forbids it together with storage. */
  function channelOf(name) {
    try {
      return new BroadcastChannel(name);
    } catch {
      return null;
    }
  }

  class Sitting {
    constructor(shell, page) {
      this.shell = shell;
      this.page = page;
      this.attempt = Number(page.dataset.attempt);
      this.ends = performance.now() + Number(page.dataset.secondsLeft) * 1000;
      this.before = Number(page.dataset.secondsLeft);
      this.warned = new Set();
      this.values = {};
      this.leaving = ""; // "asked": the learner hands in; "over": time is up
      this.state = JSON.parse(page.dataset.state);
      const revisions = Object.fromEntries(this.items().map((item) => [item, this.state[item] ? this.state[item].revision : 0]));
      this.gone = new AbortController();
      this.queue = new Queue(shell, this.attempt, revisions, this);
      this.handing = new Retry(() => this.handIn(), (problem) => this.notHandedIn(problem));
      this.asking = new Retry(() => this.askTime(), (problem) => this.timeUnknown(problem));
      const flags = device.get(this.queue.key + "-flags");
      this.flags = new Set(Array.isArray(flags) ? flags : []);
      this.restore();
      if (!this.queue.keeps) this.notKept();
      this.meetOtherWindows();
    }

    /** Tell other windows of this browser that the attempt is open here, and be told. */
    meetOtherWindows() {
      const channel = channelOf(this.queue.key);
      if (!channel) return;
      const others = new Set();
      const me = window.Ladder.operationId();
      const note = this.page.querySelector("[data-other-window]");
      channel.onmessage = ({ data }) => {
        if (data.kind === "bye") others.delete(data.from);
        else others.add(data.from);
        note.hidden = !others.size;
        if (data.kind === "hello") channel.postMessage({ kind: "here", from: me });
      };
      channel.postMessage({ kind: "hello", from: me });
      window.addEventListener("pagehide", () => channel.postMessage({ kind: "bye", from: me }), { signal: this.gone.signal });
      this.leaveOthers = () => {
        channel.postMessage({ kind: "bye", from: me });
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
      this.values[item] = JSON.stringify(value);
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
      if (!device.set(this.queue.key + "-flags", [...this.flags])) this.notKept();
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
      for (const item of this.items()) this.put(item, this.state[item] ? this.state[item].value : []);
      this.queue.restore((item, value) => this.put(item, value));
      if (this.queue.isEmpty && Object.keys(this.state).length) this.chip(this.shell.words.saved);
    }

    changed(item) {
      const value = this.value(item);
      this.mark(item);
      this.count(item);
      if (this.values[item] === JSON.stringify(value)) return; // leaving a field says once more what was typed
      this.values[item] = JSON.stringify(value);
      this.shell.alarm("", `refused-${item}`);
      if (this.leaving === "asked") this.goOn();
      if (!this.queue.isTroubled) this.saving();
      this.queue.add(item, value);
    }

    chip(text) {
      this.page.querySelector(".ladder-saved").textContent = text;
    }

    // -- what the queue says --------------------------------------------------------------------------------------------

    saving() {
      this.chip(this.shell.words.saving);
    }

    saved(reply) {
      this.chip(`${this.shell.words.saved} ${this.shell.hour(reply.saved_at)}`);
      if (reply.seconds_left !== undefined) this.setClock(reply.seconds_left);
      for (const subject of ["answers", "overtaken"]) this.shell.alarm("", subject);
    }

    unsaved(problem) {
      const { words } = this.shell;
      const offline = problem instanceof Failure && problem.status === 0 ? words.not_saved : this.word("failed");
      this.chip(this.queue.keeps ? offline : this.word("not-saved"));
      this.shell.fail(problem, "answers", this.queue.keeps ? words.kept : words.unkept);
    }

    refused(item) {
      this.shell.alarm(this.shell.words.refused.replace("%(number)s", String(item)), `refused-${item}`);
      if (this.queue.isEmpty) this.chip(this.word("not-saved"));
    }

    newer(item, value) {
      this.put(item, value);
      if (!this.page.querySelector("[data-submit] [data-ask]").hidden) this.summarise();
    }

    overtaken() {
      this.shell.alarm(this.shell.words.conflict, "overtaken");
    }

    notKept() {
      this.page.querySelector("[data-not-kept]").hidden = false;
    }

    /** The attempt has ended, here or elsewhere: show what it has come to. */
    ended(problem) {
      if (!this.page.isConnected) return;
      this.leave();
      this.shell.show(problem.data);
      if (this.leaving !== "over") this.shell.alarm(problem.message);
    }

    // -- the time -------------------------------------------------------------------------------------------------------

    /** The server's clock decides: this device's may run fast or slow, or the time may have been extended. */
    setClock(seconds) {
      if (!(seconds >= 0)) throw new Failure(0);
      const ends = performance.now() + seconds * 1000;
      if (Math.abs(ends - this.ends) < 2000 && this.leaving !== "over") return;
      const longer = ends - this.ends > 30000;
      this.ends = ends;
      if (longer) {
        this.warned.clear();
        this.before = seconds;
        this.shell.say(this.word("extended"));
        this.chip(this.word("extended"));
      }
      this.tick();
    }

    async askTime() {
      const reply = await this.shell.post("time_left", { attempt: this.attempt }, { slow: () => undefined });
      if (!this.page.isConnected) return;
      this.shell.alarm("", "time");
      if (reply.html) await this.finish(reply);
      else {
        this.setClock(reply.seconds_left);
        this.queue.meet(reply.saved || {});
      }
    }

    /** Whoever is offline sees it in what they answer; nothing is lost by a clock that was not set. */
    timeUnknown(problem) {
      if (!(problem instanceof Failure) || [401, 403, 409].includes(problem.status)) this.shell.fail(problem, "time", this.shell.words.unkept);
    }

    // -- handing in -----------------------------------------------------------------------------------------------------

    /** Whoever goes on answering does not hand in. */
    goOn() {
      if (this.leaving !== "asked") return;
      this.leaving = "";
      this.handing.stop();
      this.shell.alarm(this.word("withdrawn"), "hand-in");
      window.setTimeout(() => !this.leaving && this.shell.alarm("", "hand-in"), READING_TIME);
    }

    askToHandIn() {
      if (!this.leaving) this.leaving = "asked";
      this.shell.alarm("", "hand-in");
      this.handing.now();
    }

    /** First what has not arrived; when time is up the server takes what it has: then what cannot be sent holds nothing up. */
    async handIn() {
      const form = this.page.querySelector("[data-submit]");
      const slow = window.setTimeout(() => this.notHandedIn(new Failure(408)), SLOW);
      form.setAttribute("aria-busy", "true");
      try {
        const sent = await this.queue.drain();
        if (!this.page.isConnected || !this.leaving) return;
        const byItself = this.leaving === "over";
        if (!sent && !byItself) throw this.queue.retry.problem;
        const data = { attempt: this.attempt, by_itself: byItself };
        const reply = await this.shell.post("submit", data, { slow: () => undefined });
        if (reply.html) await this.finish(reply);
        else this.haveTime(reply.seconds_left);
      } finally {
        window.clearTimeout(slow);
        form.removeAttribute("aria-busy");
      }
    }

    /** Time is up here and not at the server: it has been extended, or this clock runs fast. */
    haveTime(seconds) {
      if (!(seconds > 0)) throw new Failure(0);
      this.setClock(seconds);
      this.leaving = "";
      this.shell.alarm("", "hand-in");
    }

    notHandedIn(problem) {
      if (!this.page.isConnected || !this.leaving) return;
      const over = this.leaving === "over";
      if (problem instanceof Failure && problem.data.html) this.ended(problem);
      else this.shell.fail(problem, "hand-in", over ? this.shell.words.over_not_handed_in : this.shell.words.not_handed_in);
    }

    /** Show the result. What could not be sent by now goes from there, as late, if this device keeps it. */
    async finish(reply) {
      if (!this.queue.keeps) await this.queue.drain();
      if (!this.page.isConnected) return; // an answer has brought the result
      this.leave();
      this.shell.show(reply);
    }

    /** Another page follows, whether or not the attempt goes on. */
    stop() {
      window.clearInterval(this.clock);
      this.queue.close();
      this.asking.stop();
      this.handing.stop();
      if (!this.gone.signal.aborted && this.leaveOthers) this.leaveOthers();
      this.gone.abort();
    }

    leave() {
      this.stop();
      this.queue.forgetRefused();
      device.set(this.queue.key + "-flags", null);
      this.shell.say(""); // the page that follows says itself how it came about
    }

    unanswered() {
      return this.items().filter((item) => !this.isAnswered(item));
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
      this.warn(seconds);
      if (seconds === 0 && this.leaving !== "over") {
        this.leaving = "over";
        this.shell.say(this.shell.words.time_up);
        this.handing.now();
      }
    }

    /** Say what is left when a mark has been passed since the last tick: a window out of sight ticks once a minute. */
    warn(seconds) {
      const passed = WARN_MINUTES.filter((warn) => seconds <= warn * 60 && warn * 60 < this.before && !this.warned.has(warn));
      this.before = seconds;
      if (!passed.length || !seconds) return;
      passed.forEach((warn) => this.warned.add(warn));
      this.shell.say(this.shell.words.minutes_left.replace("%(minutes)s", String(Math.ceil(seconds / 60))));
    }

    /** The clock of a device that sleeps stands still, and nobody tells the page. */
    watchClock() {
      let last = Date.now();
      this.clock = window.setInterval(() => {
        const slept = Date.now() - last > ASLEEP;
        last = Date.now();
        this.tick();
        if (slept && !this.leaving && document.visibilityState === "visible") this.asking.now();
      }, 1000);
      this.tick();
    }

    /** Back in view, online, or from another page: much may have happened meanwhile, here and at the server. */
    comeBack() {
      if (this.leaving) this.handing.now();
      else if (!this.queue.isEmpty) this.queue.retry.now(); // its reply says the time, too
      else this.asking.now();
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
      form.addEventListener("ladder-ask", () => {
        this.summarise();
        this.asking.now(); // what was answered on another device is answered
      });
      for (const name of ["change", "input", "click"]) this.page.addEventListener(name, () => panel.hidden || this.summarise());
      const clock = new MutationObserver(() => panel.hidden || this.tellTimeLeft());
      clock.observe(this.page.querySelector(".ladder-time"), { childList: true, characterData: true, subtree: true });
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        this.askToHandIn();
      });
    }

    /** Questions one at a time, or the whole paper; the choice is this device's. */
    view(single) {
      this.single = single;
      device.set("ladder-exam-view", single ? "one" : "all"); // only a preference: the page works without it
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
        if (event.target.closest("[data-submit] [data-cancel]")) this.goOn();
      });
      this.listenToAsking();
      const { signal } = this.gone;
      window.addEventListener("online", () => this.comeBack(), { signal });
      window.addEventListener("pageshow", (event) => event.persisted && this.comeBack(), { signal });
      window.addEventListener("pagehide", () => this.queue.retry.now(), { signal });
      window.addEventListener("beforeunload", (event) => this.queue.isEmpty || event.preventDefault(), { signal });
      document.addEventListener("visibilitychange", () => {
        if (document.visibilityState === "visible") this.comeBack(); // perhaps from signing in in another tab
        else this.queue.retry.now();
      }, { signal });
      this.view(device.get("ladder-exam-view") === "one");
      this.watchClock();
    }

    touched(event) {
      const card = event.target.closest("[data-item]");
      if (card) this.changed(Number(card.dataset.item));
    }
  }

  const present = new WeakMap();

  window.Ladder.parts.exam = function (shell) {
    if (present.has(shell)) present.get(shell).stop();
    present.delete(shell);
    const page = shell.body.querySelector(".ladder-sitting");
    if (page) {
      const sitting = new Sitting(shell, page);
      present.set(shell, sitting);
      sitting.listen();
    } else sendLate(shell);
  };
})();
