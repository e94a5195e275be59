/* The one way from a page to the server: a request that ends by itself, and what is sent until it has arrived. */
(function () {
  "use strict";

  const TIME_LIMIT = 10_000; // a request that has no whole reply by then is given up: none may hold up those after it
  const SLOW = 4000; // and by then the reader is told that there is none yet
  const KEEPALIVE_LENGTH = 20_000; // of what outlives its page browsers take 64 kB, and a Chinese character is 3 bytes
  const RETRY_DELAYS = [1000, 2000, 4000, 8000, 15000, 30000];

  function cookie(name) {
    const found = document.cookie.split("; ").find((row) => row.startsWith(name + "="));
    return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
  }

  /** A reply that is not 2xx. `data` is what the server said. Status 0: no connection, or half a reply; 401: signed out; 408: no reply in time. */
  class Failure extends Error {
    constructor(status, data) {
      super((data && data.error) || "");
      this.status = status;
      this.data = data || {};
    }
  }

  /** Whether the same request may well be taken later. What a rule has refused, or nobody can read, stays refused. */
  function mayPass(problem) {
    if (!(problem instanceof Failure)) return true;
    return [0, 401, 404, 408, 429].includes(problem.status) || problem.status >= 500;
  }

  /** Characters that no database keeps go out of every text: halves of a character, and U+0000. */
  function cleaned(key, value) {
    return typeof value === "string" ? value.replace(/[\p{Surrogate}\0]/gu, "") : value;
  }

  /** The object that a reply holds; a Failure when it was cut off on its way, or something on the way has answered. */
  function parsed(text) {
    try {
      const reply = JSON.parse(text);
      if (reply !== null && typeof reply === "object") return reply;
    } catch {
      // told below
    }
    throw new Failure(0);
  }

  /**
   * Something that must reach the server: `task` is run, one at a time, and again until it ends well or is refused for good.
   * Whatever goes wrong, `failed` is told.
   */
  class Retry {
    constructor(task, failed) {
      this.task = task;
      this.failed = failed;
      this.failures = 0;
      this.running = null;
      this.stopped = false;
      this.timer = 0;
    }

    later(delay) {
      window.clearTimeout(this.timer);
      if (this.stopped) return;
      this.timer = window.setTimeout(() => this.now(), delay);
    }

    /** Run it, or wait for the run that is going on: whether that ended well. */
    now() {
      window.clearTimeout(this.timer);
      this.stopped = false;
      this.running = this.running || this.run();
      return this.running;
    }

    async run() {
      try {
        await this.task();
        this.failures = 0;
        return true;
      } catch (problem) {
        this.failures += 1;
        this.problem = problem;
        if (mayPass(problem)) this.later(RETRY_DELAYS[Math.min(this.failures, RETRY_DELAYS.length) - 1]);
        this.failed(problem);
        return false;
      } finally {
        this.running = null;
      }
    }

    /** Not again by itself; what is on its way goes on. */
    stop() {
      window.clearTimeout(this.timer);
      this.stopped = true;
    }
  }

  async function exchange(url, data, headers, { signal, keepalive }) {
    const body = JSON.stringify(data, cleaned);
    let response;
    let text;
    try {
      response = await fetch(url, {
        method: "POST",
        credentials: "same-origin",
        headers: { "Content-Type": "application/json", "X-CSRFToken": cookie("csrftoken"), ...headers },
        body,
        signal,
        keepalive: keepalive && body.length < KEEPALIVE_LENGTH,
      });
      text = await response.text();
    } catch {
      throw new Failure(0);
    }
    const json = (response.headers.get("Content-Type") || "").includes("json");
    // Whoever has been signed out is led to the sign-in page or, without a session or a token, turned away by the platform.
    // That a request cannot be read our server says as JSON: when something on the way says so, it may be read yet.
    if (response.redirected || !json) throw new Failure({ 400: 0, 403: 401 }[response.status] ?? (response.ok ? 401 : response.status));
    const reply = parsed(text);
    if (!response.ok) throw new Failure(response.status === 403 && reply.sign_in ? 401 : response.status, reply);
    return reply;
  }

  /**
   * Send data as JSON. The request ends by itself: with the reply, or with a Failure after `limit` milliseconds at most. When there
   * is no reply for long, `slow` is called. With `keepalive` a short request outlives its page.
   */
  async function request(url, data, headers, { slow, limit = TIME_LIMIT, keepalive = false }) {
    const ending = new AbortController();
    const patience = window.setTimeout(() => ending.abort(), limit);
    const waiting = window.setTimeout(slow, SLOW);
    try {
      return await exchange(url, data, headers, { signal: ending.signal, keepalive });
    } catch (problem) {
      throw ending.signal.aborted ? new Failure(408) : problem;
    } finally {
      window.clearTimeout(patience);
      window.clearTimeout(waiting);
    }
  }

  window.Ladder = { Failure, Retry, SLOW, mayPass, request };
})();
