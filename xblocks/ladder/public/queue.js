/* Answers on their way to the server: kept on the device until the server has them, and sent until it does. */
(function () {
  "use strict";

  const { Failure, Retry, operationId } = window.Ladder;

  const SAVE_DELAY = 600;
  const LONGEST_DELAY = 5000; // somebody who types without a pause is saved all the same

  /** What this browser keeps, where it keeps anything: storage may be full, forbidden, or missing. */
  const device = {
    get(key) {
      try {
        return JSON.parse(localStorage.getItem(key));
      } catch {
        return null; // nothing is kept here, or what no page of ours has written
      }
    },

    /** Keep a value, or with null none. Whether that could be done. */
    set(key, value) {
      try {
        if (value === null) localStorage.removeItem(key);
        else localStorage.setItem(key, JSON.stringify(value));
        return true;
      } catch {
        return false;
      }
    },

    keysFrom(prefix) {
      try {
        return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
      } catch {
        return [];
      }
    },
  };

  /** Where the answers of this learner to this exam are kept: a computer may be shared. */
  function placeOf(shell) {
    const { usage, usageId } = shell.element.dataset;
    return `ladder-${usage || usageId || ""}-${shell.learner}-`;
  }

  /** Where the windows of this browser keep what they have of an attempt: each has a place of its own, and none clears another's. */
  function placesAt(key) {
    return device.keysFrom(key).filter((place) => place === key || place.startsWith(`${key}.`));
  }

  /** What is kept of an attempt, by whichever window: what was on its way, and what came after it. */
  function keptAt(key) {
    const kept = placesAt(key).map((place) => device.get(place) || {});
    const read = (name) => kept.flatMap((one) => (Array.isArray(one[name]) ? one[name] : [])).filter((save) => save && Array.isArray(save.value));
    return { sending: read("sending"), waiting: read("waiting") };
  }

  function forget(key) {
    placesAt(key).forEach((place) => device.set(place, null));
  }

  /**
   * The answers of one attempt that the server does not have yet, by question.
   *
   * `sending` is what is on its way: it keeps its op_ids and revisions until the server has answered for it. `waiting` came after it.
   * `refused` is what the server cannot read: it is kept on the device, and holds nothing up.
   *
   * `page` is told: `saving()`, `saved(reply)`, `unsaved(problem)`, `refused(item)`, `newer(item, value)`, `overtaken()`, `ended(problem)`,
   * `notKept()`.
   */
  class Queue {
    constructor(shell, attempt, revisions, page) {
      this.shell = shell;
      this.attempt = attempt;
      this.revisions = revisions;
      this.page = page;
      this.key = placeOf(shell) + attempt;
      this.place = `${this.key}.${operationId()}`; // another window of this browser has another
      this.waiting = new Map();
      this.sending = new Map();
      this.refused = new Map();
      this.oneByOne = false;
      this.late = false; // whether a request has been without a reply for long
      this.keeps = device.set(this.place, {}) && device.set(this.place, null);
      this.dirtySince = 0;
      this.closed = false;
      this.retry = new Retry(() => this.send(), (problem) => this.closed || page.unsaved(problem));
    }

    get isEmpty() {
      return !this.sending.size && !this.waiting.size;
    }

    get isTroubled() {
      return this.late || this.retry.failures > 0;
    }

    /** Take up what an earlier page has kept on the device; `put(item, value)` shows it. */
    restore(put) {
      const earlier = placesAt(this.key);
      const { sending, waiting } = keptAt(this.key);
      const next = { ...this.revisions };
      // What was on its way goes again as it was: the server knows it by its op_id if it has arrived after all.
      for (const [into, saves] of [[this.sending, sending], [this.waiting, waiting]]) {
        for (const save of saves) {
          if (save.revision !== next[save.item] + 1) continue; // it has arrived, or another window has gone on meanwhile
          next[save.item] = save.revision;
          put(save.item, save.value);
          into.set(save.item, save);
        }
      }
      if (this.keep()) earlier.forEach((place) => device.set(place, null)); // it is kept here now
      if (!this.isEmpty) this.retry.later(0);
    }

    /** Keep on the device what the server does not have. Whether that could be done. */
    keep() {
      const unsent = { sending: [...this.sending.values()], waiting: [...this.waiting.values(), ...this.refused.values()] };
      const kept = device.set(this.place, unsent.sending.length || unsent.waiting.length ? unsent : null);
      if (!kept && this.keeps) this.page.notKept();
      this.keeps = kept;
      return kept;
    }

    add(item, value) {
      this.refused.delete(item);
      this.waiting.set(item, { op_id: operationId(), item, value, revision: 0 });
      this.number();
      this.keep();
      const now = performance.now();
      this.dirtySince = this.dirtySince || now;
      this.retry.later(Math.min(SAVE_DELAY, Math.max(LONGEST_DELAY - (now - this.dirtySince), 0)));
    }

    /** What waits gets the revision after the one that the server has, or will have. */
    number() {
      for (const [item, save] of this.waiting) save.revision = this.revisions[item] + (this.sending.has(item) ? 1 : 0) + 1;
    }

    /** Send all there is. Whether the server has all of it now. */
    async drain() {
      while (!this.isEmpty) if (!(await this.retry.now())) return false;
      return true;
    }

    /** Send what is on its way, or what waits: one request. */
    async send() {
      if (this.isEmpty) return;
      if (!this.sending.size) {
        this.sending = this.waiting;
        this.waiting = new Map();
        this.dirtySince = 0;
      }
      const saves = [...this.sending.values()].slice(0, this.oneByOne ? 1 : undefined);
      if (!this.isTroubled) this.page.saving();
      try {
        const reply = await this.shell.post("answer", { attempt: this.attempt, saves }, { keepalive: true, slow: () => this.wait() });
        this.accept(saves, reply);
      } catch (problem) {
        this.answerTo(problem, saves);
      } finally {
        this.late = false;
      }
      if (!this.isEmpty) this.retry.later(0);
    }

    wait() {
      this.late = true;
      this.page.unsaved(new Failure(408));
    }

    accept(saves, reply) {
      if (!reply.revisions) throw new Failure(0); // not from the server: something on the way has answered
      Object.assign(this.revisions, reply.revisions);
      this.settle(saves);
      this.page.saved(reply);
      this.showNewer(reply.overtaken || {});
      this.showNewer(reply.conflicts || {});
    }

    /** These are done with. */
    settle(saves) {
      for (const save of saves) this.sending.delete(save.item);
      if (!this.sending.size) this.oneByOne = false;
      this.number();
      this.keep();
    }

    /** Put in what another window has answered, unless something newer waits here to be sent. */
    showNewer(others) {
      for (const [item, other] of Object.entries(others)) {
        this.revisions[item] = other.revision;
        if (!this.waiting.has(Number(item))) this.page.newer(Number(item), other.value);
      }
      this.number();
      if (Object.keys(others).length) this.page.overtaken();
    }

    /** What the server has by now: another device may have gone on. */
    meet(saved) {
      const isNewer = ([item, other]) => other.revision > this.revisions[item] && !this.sending.has(Number(item));
      this.showNewer(Object.fromEntries(Object.entries(saved).filter(isNewer)));
    }

    /** What the server says to a request that it did not take; thrown on when the same request is to be made again, or never. */
    answerTo(problem, saves) {
      const { status, data } = problem instanceof Failure ? problem : { data: {} };
      if (data.conflicts) {
        this.accept(saves, data);
      } else if (data.html) {
        this.settle(saves); // the attempt has ended; the server keeps what came late
        if (this.isEmpty) this.page.ended(problem);
      } else if ((status === 400 || status === 413) && saves.length > 1) {
        this.oneByOne = true; // one of them spoils all
      } else if (status === 400 || status === 413) {
        const [save] = saves;
        if (!this.waiting.has(save.item)) this.refused.set(save.item, save);
        this.settle(saves);
        this.page.refused(save.item);
      } else {
        this.keep();
        throw problem;
      }
    }

    /** The page is left. What has not arrived stays on the device, for the page that comes next. */
    close() {
      this.closed = true;
      this.retry.stop();
    }

    /** The attempt is over: what could not be read will never be. */
    forgetRefused() {
      this.refused.clear();
      this.keep();
    }
  }

  /** Attempts of this learner of which something is kept here that has not arrived. */
  function leftBehind(shell) {
    const place = placeOf(shell);
    const rests = device.keysFrom(place).map((key) => /^(\d+)(\.|$)/.exec(key.slice(place.length)));
    return [...new Set(rests.filter(Boolean).map((rest) => Number(rest[1])))];
  }

  /**
   * Send what an earlier page could not, of attempts that have ended meanwhile: the server keeps it as late, and shows it.
   * What it cannot read, it cannot keep; that is no reason to lose the others.
   */
  function sendLate(shell) {
    for (const attempt of leftBehind(shell)) {
      const key = placeOf(shell) + attempt;
      const { sending, waiting } = keptAt(key);
      const left = [...new Map([...sending, ...waiting].map((save) => [save.item, save])).values()];
      let [oneByOne, page] = [false, null];
      const send = async () => {
        while (left.length) {
          const saves = left.slice(0, oneByOne ? 1 : undefined);
          try {
            await shell.post("answer", { attempt, saves });
          } catch (problem) {
            const { status, data } = problem instanceof Failure ? problem : {};
            if (status !== 400 && status !== 413 && !(data && data.html)) throw problem; // nobody has kept it
            if (data.html) page = data; // it has come too late
            else if (saves.length > 1) {
              oneByOne = true; // one of them spoils all
              continue;
            }
          }
          left.splice(0, saves.length);
        }
        forget(key);
        shell.alarm("", key);
        if (page) shell.show(page);
      };
      new Retry(send, (problem) => shell.fail(problem, key, shell.words.kept)).now();
    }
  }

  Object.assign(window.Ladder, { Queue, device, sendLate });
})();
