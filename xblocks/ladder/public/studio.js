/* The author's editor: checks the text on the server, saves it when nothing is wrong. */
(function () {
  "use strict";

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
      const data = { display_name: form.elements.display_name.value, content: form.elements.content.value, check_only: checkOnly };
      if (!checkOnly) notify("save", { state: "start" });
      try {
        const reply = await shell.post("studio_save", data);
        found.replaceChildren(reply.problems.length ? list(reply.problems) : shell.words.no_problems);
        if (!checkOnly) {
          if (reply.saved) notify("save", { state: "end" });
          else notify("error", { title: "", message: found.textContent });
        }
      } catch (failure) {
        shell.fail(failure);
        if (!checkOnly) notify("error", { title: "", message: failure.message });
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
