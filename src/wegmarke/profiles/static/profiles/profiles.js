// Time lines: nothing is asked for while nobody looks, and what was unfolded stays so when new entries come.
(() => {
  "use strict";

  document.querySelectorAll(".wm-timeline-filters [data-without-script]").forEach((one) => { one.hidden = true; });

  let unfolded = [];

  const isLive = (event) => event.target instanceof Element && event.target.id === "newest";

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (isLive(event) && document.hidden) event.preventDefault();
  });

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!isLive(event)) return;
    const { xhr } = event.detail;
    if (!xhr.responseText.includes('id="newest"')) {
      event.detail.shouldSwap = false; // somebody logged out meanwhile: that page is not ours to show
      return;
    }
    unfolded = [...event.target.querySelectorAll("details[open]")].map((one) => one.id);
  });

  document.addEventListener("htmx:afterSettle", () => {
    for (const id of unfolded) document.getElementById(id)?.setAttribute("open", "");
    unfolded = [];
  });
})();
