/* Reloads the open page when the author saves a file. */
(function () {
  "use strict";
  const mine = Number(document.body.dataset.version);
  window.setInterval(async () => {
    if (document.visibilityState === "hidden") return;
    try {
      const now = (await (await fetch("/version/")).json()).version;
      if (now !== mine) window.location.reload();
    } catch {
      return; // the server is being restarted: ask again
    }
  }, 1500);
})();
