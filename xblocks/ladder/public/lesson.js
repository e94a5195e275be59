/* Tells the server which sections of a lesson have been on screen. */
(function () {
  "use strict";

  window.Ladder.parts.lesson = function (shell) {
    const page = shell.body.querySelector(".ladder-lesson-page");
    if (!page || page.dataset.finished !== undefined) return;
    const read = new Set(page.dataset.read.split(" ").filter(Boolean));
    const waiting = new Set();

    function mark(slug) {
      const row = page.querySelector(`[data-section="${CSS.escape(slug)}"]`);
      row.classList.add("is-read");
      row.querySelector(".ladder-read-word").textContent = page.querySelector(".ladder-word-read").textContent;
    }

    async function send() {
      const sections = [...waiting];
      if (!sections.length) return;
      for (const slug of (await shell.post("read", { sections })).read) mark(slug);
      sections.forEach((slug) => waiting.delete(slug));
      if (waiting.size) sending.later(400);
    }

    const sending = new window.Ladder.Retry(send, (problem) => shell.fail(problem, "read", shell.words.unkept));
    window.addEventListener("online", () => sending.now());

    function seen(slug) {
      if (read.has(slug)) return;
      read.add(slug);
      waiting.add(slug);
      sending.later(400);
    }

    // A section counts once its heading and what follows it have come into view: its end, the next heading, is the mark.
    const headings = [...page.querySelectorAll(".ladder-text h2[id]")];
    const ends = headings.map((heading, index) => headings[index + 1] || page.querySelector(".ladder-end"));
    const observer = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        ends.forEach((end, index) => end === entry.target && seen(headings[index].id.slice(2)));
      }
    });
    new Set(ends).forEach((end) => observer.observe(end));
  };
})();
