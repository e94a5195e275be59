/* The book of mistakes: a selection is shown as soon as it is made; a redo sends what was chosen or written. */
(function () {
  "use strict";

  const { fieldsOf, operationOf } = window.Ladder;

  function hidden(form) {
    return Object.fromEntries([...form.querySelectorAll("input[type=hidden]")].map((field) => [field.name, field.value]));
  }

  /** As an exam takes it: positions on this card, or a text for each blank. */
  function answer(form) {
    const fields = [...form.querySelectorAll('[name="q1"]')];
    if (fields[0].type === "text") return fields.map((field) => field.value);
    return fields.filter((field) => field.checked).map((field) => Number(field.value));
  }

  async function ask(shell, form, action, data) {
    if (form.getAttribute("aria-busy")) return false;
    form.setAttribute("aria-busy", "true");
    const asked = performance.now();
    try {
      const reply = await shell.post(action, data);
      shell.show(reply, asked);
      if (reply.say) shell.say(reply.say);
      return true;
    } catch (problem) {
      shell.fail(problem, action);
      return false;
    } finally {
      form.removeAttribute("aria-busy");
    }
  }

  window.Ladder.parts.mistakes = function (shell) {
    // What was said of the book is not about the question that is on the screen now.
    if (shell.body.querySelector(".ladder-one-mistake")) shell.say("");
    const selection = shell.body.querySelector("form[data-selection]");
    if (selection) {
      selection.addEventListener("change", async (event) => {
        const name = event.target.name;
        if (!(await ask(shell, selection, "show", fieldsOf(selection)))) return;
        const again = shell.body.querySelector(`form[data-selection] [name="${name}"]`);
        if (again) again.focus();
      });
    }
    const redo = shell.body.querySelector("form[data-redo]");
    if (redo) {
      redo.addEventListener("submit", (event) => {
        event.preventDefault();
        const data = { ...hidden(redo), value: answer(redo) };
        ask(shell, redo, "redo", { ...data, op_id: operationOf(redo, data) });
      });
    }
  };
})();
