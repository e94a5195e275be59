/* Reloads the open page when the author saves a file. */
(function () {
  "use strict";
  const mine = Number(document.body.dataset.version);
  async function ask() {
    if (document.visibilityState === "hidden") return;
    try {
      const reply = await fetch("/version/", { signal: AbortSignal.timeout(5000) });
      if ((await reply.json()).version !== mine) window.location.reload();
    } catch {
      return; // the server is being restarted: ask again
    }
  }
  // One after another: questions that nobody answers would fill the lines to the server, and what is to be saved would wait for them.
  const next = () => window.setTimeout(() => ask().finally(next), 1500);
  next();
})();
