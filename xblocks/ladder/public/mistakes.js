/* The book of mistakes: a selection is shown as soon as it is made; a redo sends what was chosen or written. */
(function () {
  "use strict";

  const { Failure, fieldsOf, operationId } = window.Ladder;

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
    try {
      const reply = await shell.post(action, data);
      shell.show(reply);
      if (reply.say) shell.say(reply.say);
      return true;
    } catch (failure) {
      if (failure instanceof Failure && failure.data.html) shell.show(failure.data); // another window was first
      shell.fail(failure);
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
        // One name for this answer, so that sending it once more after a lost reply counts once; another answer, another name.
        const value = answer(redo);
        const words = JSON.stringify(value);
        if (redo.dataset.words !== words) {
          redo.dataset.words = words;
          redo.dataset.opId = operationId();
        }
        ask(shell, redo, "redo", { ...hidden(redo), op_id: redo.dataset.opId, value });
      });
    }
  };
})();
