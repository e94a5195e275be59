/* The author's editor: checks the text on the server, saves it when nothing is wrong. */
(function () {
  "use strict";

  const TIME_LIMIT = 30_000; // a large text is parsed, and Studio writes it to its store

  function list(problems) {
    const rows = document.createElement("ul");
    rows.className = "ladder-problems";
    for (const problem of problems) {
      const row = document.createElement("li");
      const place = document.createElement("code");
      place.textContent = `${problem.file}:${problem.line}:${problem.column}`;
      const message = document.createElement("strong");
      message.textContent = problem.message;
      const hint = document.createElement("span");
      hint.textContent = problem.hint;
      row.append(place, " ", message, " ", hint);
      rows.append(row);
    }
    return rows;
  }

  window.Ladder.parts.studio = function (shell) {
    const form = shell.body.querySelector("[data-studio]");
    if (!form) return;
    const found = form.querySelector(".ladder-found");
    const notify = (name, data) => shell.runtime.notify && shell.runtime.notify(name, data);

    async function send(checkOnly) {
      if (form.getAttribute("aria-busy")) return;
      form.setAttribute("aria-busy", "true");
      const data = { display_name: form.elements.display_name.value, content: form.elements.content.value, check_only: checkOnly };
      if (!checkOnly) notify("save", { state: "start" });
      try {
        const reply = await shell.post("studio_save", data, { limit: TIME_LIMIT });
        found.replaceChildren(reply.problems.length ? list(reply.problems) : shell.words.no_problems);
        if (!checkOnly) {
          if (reply.saved) notify("save", { state: "end" });
          else notify("error", { title: "", message: found.textContent });
        }
      } catch (problem) {
        const message = shell.fail(problem, "studio_save");
        if (!checkOnly) notify("error", { title: "", message });
      } finally {
        form.removeAttribute("aria-busy");
      }
    }

    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send(false);
    });
    form.querySelector("[data-check]").addEventListener("click", () => send(true));
    form.querySelector(".cancel-button").addEventListener("click", () => notify("cancel", {}));
  };
})();
