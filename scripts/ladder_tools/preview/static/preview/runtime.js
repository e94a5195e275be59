/* What the LMS gives a block's script: its element, its arguments, the addresses of its handlers. */
(function () {
  "use strict";
  const runtime = {
    handlerUrl: (element, name, suffix) => `/handler/${encodeURIComponent(element.dataset.usage)}/${name}/${suffix || ""}`,
    notify: () => undefined,
  };
  for (const element of document.querySelectorAll(".xblock[data-init], .xblock-v1[data-init]")) {
    const script = element.querySelector(":scope > .xblock_json_init_args");
    window[element.dataset.init](runtime, element, script ? JSON.parse(script.textContent) : undefined);
  }
})();
