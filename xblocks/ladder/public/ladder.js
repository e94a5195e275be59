/* What all Ladder pages share: send a form, show the page that comes back, open articles in place. */
(function () {
  "use strict";

  const { Failure, ask, mayPass } = window.Ladder;
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
    constructor(runtime, element, words, zone) {
      this.runtime = runtime;
      this.element = element;
      this.root = element.querySelector(".ladder");
      this.body = this.root.querySelector(".ladder-body");
      this.slot = this.root.querySelector(".ladder-article-slot");
      this.words = words;
      this.zone = zone; // what the user has chosen; empty: the server did not know, and wrote its own
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
      const headers = { "X-Ladder-Language": this.root.lang, "X-Ladder-Zone": this.clock.resolvedOptions().timeZone };
      const waiting = slow || (() => this.alarm(this.words.waiting, action));
      try {
        return await ask(this.runtime.handlerUrl(this.element, action), data, headers, { slow: waiting, ...options });
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
      const heading = this.body.querySelector("[data-focus]") || this.body.querySelector("h2");
      if (heading) {
        heading.tabIndex = -1;
        heading.focus({ preventScroll: true });
        heading.scrollIntoView({ block: "nearest" });
      }
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
      if (reply.say) shell.say(reply.say);
      if (reply.file) download(reply.file);
      if (reply.html) shell.show(reply, asked);
    } catch (problem) {
      shell.fail(problem, action);
    } finally {
      form.removeAttribute("aria-busy");
    }
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
      // 1 to 9 choose an option of a call while focus is inside the block.
      if (!/^[1-9]$/.test(event.key) || event.target.matches("input, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
      const option = shell.root.querySelectorAll("form[data-position] button")[Number(event.key) - 1];
      if (option) option.click();
    });
  }

  Object.assign(window.Ladder, { parts, operationId, operationOf, fieldsOf });

  window.LadderBlock = function (runtime, element, init) {
    const node = element instanceof Element ? element : element[0]; // Studio passes jQuery, the LMS a node
    if (node.dataset.ladderAwake) return;
    node.dataset.ladderAwake = "1";
    const shell = new Shell(runtime, node, init.words, init.zone);
    listen(shell);
    shell.wake();
  };
})();
