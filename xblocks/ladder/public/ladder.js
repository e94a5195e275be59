/* What all Ladder pages share: send a form, show the page that comes back, open articles in place. */
(function () {
  "use strict";

  const { Failure, mayPass, request } = window.Ladder;
  const parts = {};
  function operationId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  /** How moments are written, as `core/moment.py` writes them: from and to in `2026-10-08 14:30:05`, and whether the zone is said. */
  const FORMS = {
    day: [0, 10, false],
    row: [0, 16, false],
    minutes: [0, 16, true],
    seconds: [0, 19, true],
  };

  /** A clock of the zone of that name; of the device's own, when there is no name or this browser does not know it. */
  function clockOf(zone) {
    const parts = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" };
    const options = { ...parts, hourCycle: "h23" };
    try {
      return new Intl.DateTimeFormat("en-u-ca-gregory-nu-latn", zone ? { ...options, timeZone: zone } : options);
    } catch {
      return new Intl.DateTimeFormat("en-u-ca-gregory-nu-latn", options);
    }
  }

  /** How far a clock is from UTC: `UTC+8`, `UTC-3:30`, `UTC`. */
  function offsetName(minutes) {
    const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
    const sign = minutes < 0 ? "-" : "+";
    return `UTC${minutes ? sign + hours : ""}${rest ? `:${String(rest).padStart(2, "0")}` : ""}`;
  }

  class Shell {
    constructor(runtime, element, { words, zone, learner }) {
      this.runtime = runtime;
      this.element = element;
      this.root = element.querySelector(".ladder");
      this.body = this.root.querySelector(".ladder-body");
      this.slot = this.root.querySelector(".ladder-article-slot");
      this.words = words;
      this.zone = zone; // what the user has chosen; empty: the server did not know, and wrote its own
      this.learner = learner; // whose page this is: somebody else may sign in beside it
      this.clock = clockOf(zone);
      this.alarms = new Map();
    }

    /** A moment in the reader's zone, `2026-10-08 14:30:05`, and how many minutes that zone is from UTC then. */
    here(date) {
      const at = Object.fromEntries(this.clock.formatToParts(date).map((part) => [part.type, part.value]));
      const time = `${at.year}-${at.month}-${at.day} ${at.hour}:${at.minute}:${at.second}`;
      const shown = Date.UTC(at.year, at.month - 1, at.day, at.hour, at.minute, at.second);
      return { time, offset: Math.round((shown - date) / 60000) };
    }

    withZone(time, offset) {
      return this.words.moment.replace("%(time)s", time).replace("%(zone)s", offsetName(offset));
    }

    moment(text, form) {
      const { time, offset } = this.here(new Date(text));
      const [from, to, saysZone] = FORMS[form];
      return saysZone ? this.withZone(time.slice(from, to), offset) : time.slice(from, to);
    }

    /** The hour of what has just happened, beside which there is little room: its zone only where that is not the device's. */
    hour(text) {
      const date = new Date(text);
      const { time, offset } = this.here(date);
      return offset === -date.getTimezoneOffset() ? time.slice(11, 16) : this.withZone(time.slice(11, 16), offset);
    }

    /** Write the moments of the page in the zone of this browser. */
    tellTimes() {
      for (const time of this.body.querySelectorAll("time[data-form]")) time.textContent = this.moment(time.dateTime, time.dataset.form);
      for (const zone of this.body.querySelectorAll("[data-zone]")) zone.textContent = this.clock.resolvedOptions().timeZone;
    }

    /** Ask the server. Who waits for 4 s is told so: by `slow`, or in the alarm of this action, which ends with the request. */
    async post(action, data, { slow, ...options } = {}) {
      const headers = {
        "X-Ladder-Language": this.root.lang,
        "X-Ladder-Zone": this.clock.resolvedOptions().timeZone,
        "X-Ladder-Learner": this.learner || "",
      };
      const waiting = slow || (() => this.alarm(this.words.waiting, action));
      try {
        return await request(this.runtime.handlerUrl(this.element, action), data, headers, { slow: waiting, ...options });
      } finally {
        if (!slow) this.alarm("", action);
      }
    }

    say(text) {
      this.root.querySelector(".ladder-status").textContent = text;
    }

    /** Say what went wrong, or with an empty text that it did not. What stands of one `subject` is touched by no other. */
    alarm(text, subject = "") {
      if (text === (this.alarms.get(subject) || { text: "" }).text) return; // who has heard it need not hear it again
      if (text) this.alarms.set(subject, { text, at: performance.now() });
      else this.alarms.delete(subject);
      this.tellAlarms();
    }

    tellAlarms() {
      const box = this.root.querySelector(".ladder-alert");
      const rows = [...this.alarms.values()].map((alarm) => {
        const row = document.createElement("p");
        row.textContent = alarm.text;
        return row;
      });
      box.replaceChildren(...rows);
      box.hidden = !rows.length;
    }

    /** Why something was not done, in a sentence. */
    reason(problem) {
      if (!(problem instanceof Failure)) {
        console.error(problem);
        return this.words.failed;
      }
      const { offline, signed_out: signedOut, silent, failed } = this.words;
      if (problem.data.somebody_else) return problem.message;
      return { 0: offline, 401: signedOut, 408: silent }[problem.status] || problem.message || failed;
    }

    /**
     * The one way out of everything that goes wrong: say why, and what comes of it, and show the page that a refusal brings.
     * `promise` is what is said of a request that may pass later; only what a Retry will send again may be promised to be sent.
     */
    fail(problem, subject = "", promise = this.words.not_sent) {
      if (problem instanceof Failure && problem.data.html) this.show(problem.data); // what stands, when another window was first
      const why = this.reason(problem);
      const text = mayPass(problem) ? promise.replace("%(reason)s", why) : why;
      this.alarm(text, subject);
      return text;
    }

    /** Put a page that the server made in place of the present one and wake it up. What went wrong since `asked` is still said. */
    show(reply, asked = performance.now()) {
      this.body.innerHTML = reply.html;
      for (const [subject, alarm] of this.alarms) if (alarm.at <= asked) this.alarms.delete(subject);
      this.tellAlarms();
      this.announce(reply.opened || []);
      this.wake();
      const news = this.body.querySelector("[data-focus]");
      const heading = news || this.body.querySelector("h2");
      if (heading) {
        heading.tabIndex = -1;
        heading.focus({ preventScroll: true });
        heading.scrollIntoView({ block: "nearest" });
      }
      // A heading that stays in view says nothing of where its page begins.
      if (!news && this.root.getBoundingClientRect().top < 0) this.root.scrollIntoView();
    }

    announce(opened) {
      for (const stage of opened) {
        const link = document.createElement("a");
        link.href = stage.url;
        link.target = "_top";
        link.className = "ladder-opened";
        link.textContent = this.words.opened.replace("%(stage)s", stage.title);
        this.body.prepend(link);
      }
    }

    wake() {
      if (!this.zone) this.tellTimes();
      for (const part of Object.values(parts)) part(this);
    }
  }

  /** What a field says: a number field a number (null when empty), a box whether it is ticked, everything else its text. */
  function valueOf(field) {
    if (field.type === "checkbox") return field.checked;
    if (field.type === "number") return field.value === "" ? null : Number(field.value);
    return field.value;
  }

  /** The fields of a form by name. Fields named `points[0]`, `points[1]`, … are one list, with null where nothing is chosen. */
  function fieldsOf(form) {
    const data = {};
    for (const field of form.elements) {
      if (!field.name || field.disabled || field.type === "submit") continue;
      const part = /^(.+)\[(\d+)\]$/.exec(field.name);
      const into = part ? (data[part[1]] = data[part[1]] || []) : data;
      const key = part ? Number(part[2]) : field.name;
      if (field.type === "radio" && !field.checked) into[key] = into[key] === undefined ? null : into[key];
      else into[key] = part && field.value === "" ? null : valueOf(field);
    }
    return data;
  }

  /** One name for what a form says, so that it counts once when it is sent once more after a lost reply; for anything else another. */
  function operationOf(form, data) {
    const content = JSON.stringify(data);
    if (form.dataset.content !== content) {
      form.dataset.content = content;
      form.dataset.opId = operationId();
    }
    return form.dataset.opId;
  }

  function values(form, button) {
    const data = fieldsOf(form);
    if (form.dataset.position) data.position = Number(form.dataset.position);
    if (button && button.name) data[button.name] = /^\d+$/.test(button.value) ? Number(button.value) : button.value;
    return form.dataset.once === undefined ? data : { ...data, op_id: operationOf(form, data) };
  }

  /** Hand a file of a reply to the browser: `{name, type, base64}`. */
  function download(file) {
    const bytes = Uint8Array.from(atob(file.base64), (char) => char.charCodeAt(0));
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([bytes], { type: file.type }));
    link.download = file.name;
    link.click();
    window.setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  async function send(shell, form, button) {
    if (form.getAttribute("aria-busy")) return;
    form.setAttribute("aria-busy", "true");
    const { action, seconds } = form.dataset;
    const asked = performance.now();
    try {
      const reply = await shell.post(action, values(form, button), seconds && { limit: Number(seconds) * 1000 });
      if (!reply.html && !reply.file) throw new Failure(0); // not from the server: something on the way has answered
      if (reply.say) shell.say(reply.say);
      if (reply.file) download(reply.file);
      if (reply.html) shell.show(reply, asked);
    } catch (problem) {
      shell.fail(problem, action);
    } finally {
      form.removeAttribute("aria-busy");
    }
  }

  // -- asking first

  const panelOf = (form) => form.querySelector("[data-ask]");
  const openerOf = (form) => form.querySelector('button:not([type="button"], [data-confirm])');
  let asked = 0; // each question and its facts have a name of their own, by which screen readers tell them

  /** Close what is asked. The focus goes back to the button that asked, unless it has gone elsewhere. */
  function unask(panel) {
    const opener = openerOf(panel.closest("form"));
    const hadFocus = panel.contains(document.activeElement);
    panel.hidden = true;
    opener.hidden = false;
    if (hadFocus) opener.focus();
  }

  function unaskAll(shell) {
    shell.root.querySelectorAll("[data-ask]:not([hidden])").forEach(unask);
  }

  /** Fetch what is asked as the server sees it now. False when there is nothing to ask any more: the page then says what stands. */
  async function fetchQuestion(shell, form) {
    form.setAttribute("aria-busy", "true");
    try {
      const reply = await shell.post(form.dataset.askFrom, {});
      if (!reply.ask && !reply.html) throw new Failure(0);
      if (!reply.ask) {
        shell.show(reply);
        return false;
      }
      form.querySelectorAll("[data-ask]").forEach((old) => old.remove());
      form.insertAdjacentHTML("beforeend", reply.ask);
      if (!shell.zone) shell.tellTimes();
      return true;
    } catch (problem) {
      shell.fail(problem, form.dataset.askFrom);
      return false;
    } finally {
      form.removeAttribute("aria-busy");
    }
  }

  function open(panel, form) {
    for (const place of panel.querySelectorAll("[data-says]")) place.textContent = form.elements[place.dataset.says].value;
    asked += 1;
    const [question, facts] = [panel.querySelector("[data-question]"), panel.querySelector("[data-facts]")];
    question.id = `ladder-question-${asked}`;
    facts.id = `ladder-facts-${asked}`;
    panel.setAttribute("aria-labelledby", question.id);
    panel.querySelector("[data-cancel]").setAttribute("aria-describedby", facts.id);
    form.dispatchEvent(new CustomEvent("ladder-ask"));
    panel.hidden = false;
    openerOf(form).hidden = true;
    panel.scrollIntoView({ block: "nearest" });
  }

  /**
   * What spends something or cannot be taken back asks first, in place: a form that holds a `[data-ask]`, or names the handler that
   * makes one in `data-ask-from`, shows it when it is submitted, and is sent by the `[data-confirm]` in it alone.
   * The safe answer, `[data-cancel]`, has the focus. Before it is shown the form gets the event `ladder-ask`.
   */
  async function ask(shell, form) {
    if (form.getAttribute("aria-busy")) return;
    if (!panelOf(form) || panelOf(form).hidden) {
      if (form.dataset.askFrom && !(await fetchQuestion(shell, form))) return;
      unaskAll(shell);
      open(panelOf(form), form);
    }
    panelOf(form).querySelector("[data-cancel]").focus();
  }

  function listenToAnswers(shell) {
    const options = { capture: true }; // before what else the submit of a form means
    shell.root.addEventListener("submit", (event) => {
      const form = event.target;
      if (!panelOf(form) && !form.dataset.askFrom) return;
      if (event.submitter && event.submitter.matches("[data-confirm]")) return;
      event.preventDefault();
      event.stopPropagation();
      ask(shell, form);
    }, options);
    shell.root.addEventListener("click", (event) => {
      // The second click of a double one was meant for the button that has just made room for the question.
      if (event.detail > 1 && event.target.closest("[data-confirm]")) event.preventDefault();
      const cancel = event.target.closest("[data-cancel]");
      if (cancel) unask(cancel.closest("[data-ask]"));
    }, options);
    // What is asked is what is sent: whoever changes a field beside the question is asked anew.
    for (const name of ["input", "change"]) {
      shell.root.addEventListener(name, (event) => {
        const panel = event.target.form && panelOf(event.target.form);
        if (panel && !panel.hidden && !panel.contains(event.target)) unask(panel);
      });
    }
    shell.root.addEventListener("keydown", (event) => {
      const panel = event.key === "Escape" && event.target.closest("[data-ask]");
      if (panel) unask(panel);
    });
  }

  // -- limits of length

  const NEAR = 0.9; // of a limit: from here on the field says how much of it is used
  const notes = new WeakMap();

  /** The place beneath a field where its limit is told; there before it is needed, or screen readers pass over it. */
  function limitNote(field) {
    if (!notes.has(field)) {
      const note = document.createElement("span");
      note.className = "ladder-limit";
      note.id = `ladder-limit-${(asked += 1)}`;
      const [used, cut] = [document.createElement("span"), document.createElement("strong")];
      cut.setAttribute("role", "status");
      note.append(used, cut);
      const sentence = field.closest(".ladder-stem"); // a blank stands in the middle of one
      if (sentence) sentence.append(note);
      else (field.closest("label") || field).after(note);
      field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") || ""} ${note.id}`.trim());
      notes.set(field, { used, cut });
    }
    return notes.get(field);
  }

  /** Take out of a field what was put in beyond its limit, before the caret. Returns what was taken, and its limit. */
  function takeOut(field, over) {
    const text = field.value;
    const to = field.selectionEnd;
    let from = Math.max(to - over, 0);
    if (/[\uD800-\uDBFF]/.test(text.charAt(from - 1))) from -= 1; // no half of a character is left behind
    field.value = text.slice(0, from) + text.slice(to);
    field.setSelectionRange(from, from);
    return text.slice(from, to);
  }

  /** A field with `data-limit` takes no more than that, and says so: nothing is cut off in silence. */
  function keepWithin(shell, event) {
    const field = event.target;
    const limit = Number(field.dataset.limit);
    const over = field.value.length - limit;
    if (event.type === "input" && event.isComposing) {
      if (over > 0) event.stopPropagation(); // not yet what will be kept: it is cut when the word stands
      return;
    }
    const taken = over > 0 ? takeOut(field, over) : "";
    if (taken && event.type === "compositionend") field.dispatchEvent(new Event("input", { bubbles: true }));
    const { used, cut } = limitNote(field);
    const words = (text, count) => text.replace("%(count)s", String(count)).replace("%(limit)s", String(limit));
    used.textContent = field.value.length >= limit * NEAR ? words(shell.words.limit_near, field.value.length) : "";
    cut.textContent = taken ? words(shell.words.limit_cut, [...taken].length) : "";
    if (taken) cut.scrollIntoView({ block: "nearest" });
  }

  function listenToLimits(shell) {
    const limited = (act) => (event) => event.target.dataset.limit && act(event);
    const options = { capture: true }; // before the text is taken from the field
    shell.root.addEventListener("focusin", limited((event) => limitNote(event.target)), options);
    for (const name of ["input", "compositionend"]) shell.root.addEventListener(name, limited((event) => keepWithin(shell, event)), options);
  }

  async function openArticle(shell, link) {
    let article;
    try {
      article = await shell.post("article", { id: link.dataset.link });
    } catch (problem) {
      if (problem instanceof Failure && (problem.status === 409 || problem.status === 0)) window.open(link.href, "_top");
      else shell.fail(problem, "article");
      return;
    }
    const panel = document.createElement("aside");
    panel.className = "ladder-panel";
    panel.setAttribute("aria-label", article.title);
    const head = document.createElement("div");
    head.className = "ladder-panel-head";
    const title = document.createElement("strong");
    title.textContent = article.title;
    const page = document.createElement("a");
    page.href = article.url;
    page.target = "_top";
    page.textContent = shell.words.open_page;
    const close = document.createElement("button");
    close.type = "button";
    close.className = "ladder-button is-quiet";
    close.textContent = shell.words.close;
    head.append(title, page, close);
    const text = document.createElement("div");
    text.innerHTML = article.html;
    panel.append(head, text);
    const origin = shell.body.contains(link) ? link : shell.origin;
    shell.root.querySelectorAll(".ladder-panel").forEach((old) => old.remove());
    shell.origin = origin;
    const block = origin.closest("p, li, table, dl, blockquote, .ladder-why") || origin;
    (block.closest("table, ul, ol, dl") || block).after(panel);
    const shut = () => {
      panel.remove();
      origin.focus();
    };
    close.addEventListener("click", shut);
    panel.addEventListener("keydown", (event) => event.key === "Escape" && shut());
    title.tabIndex = -1;
    title.focus({ preventScroll: true });
    const heading = link.dataset.heading;
    const target = heading && panel.querySelector("#s-" + CSS.escape(heading));
    if (target) target.classList.add("is-target");
    (target || panel).scrollIntoView({ block: "nearest" });
  }

  function listen(shell) {
    listenToAnswers(shell);
    listenToLimits(shell);
    shell.root.addEventListener("submit", (event) => {
      const form = event.target.closest("form[data-action]");
      if (!form) return;
      event.preventDefault();
      send(shell, form, event.submitter);
    });
    shell.root.addEventListener("click", (event) => {
      const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
      const link = event.target.closest("a");
      if (!link || !plain) return;
      if (link.dataset.link) {
        event.preventDefault();
        openArticle(shell, link);
      } else if ((link.getAttribute("href") || "").startsWith("#s-")) {
        // The LMS sets <base target="_parent">: a plain anchor would leave the page.
        event.preventDefault();
        const target = shell.root.querySelector("#" + CSS.escape(link.getAttribute("href").slice(1)));
        if (target) target.scrollIntoView({ block: "start" });
      }
    });
    shell.root.addEventListener("change", (event) => {
      if (event.target.matches("[data-only-wrong]")) shell.root.classList.toggle("only-wrong", event.target.checked);
    });
    shell.root.addEventListener("keydown", (event) => {
      // 1 to 9 choose an option of a call while focus is inside the block; a key that is held down chooses once.
      if (!/^[1-9]$/.test(event.key) || event.repeat || event.target.matches("input, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
      const option = shell.root.querySelectorAll("form[data-position] button")[Number(event.key) - 1];
      if (option) option.click();
    });
  }

  Object.assign(window.Ladder, { parts, operationId, operationOf, fieldsOf, unask });

  window.LadderBlock = function (runtime, element, init) {
    const node = element instanceof Element ? element : element[0]; // Studio passes jQuery, the LMS a node
    if (node.dataset.ladderAwake) return;
    node.dataset.ladderAwake = "1";
    const shell = new Shell(runtime, node, init);
    listen(shell);
    shell.wake();
  };
})();
