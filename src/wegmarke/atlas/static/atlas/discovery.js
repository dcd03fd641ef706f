// Selecting many at once: a box for all, and how many are selected. Without it the page works box by box.
(() => {
  "use strict";

  const boxes = (name) => [...document.querySelectorAll(`input[type="checkbox"][name="${name}"]`)];
  const count = (name) => {
    const checked = boxes(name).filter((box) => box.checked).length;
    for (const place of document.querySelectorAll(`[data-checked-count="${name}"]`)) {
      const text = checked === 1 ? place.dataset.one : place.dataset.many.replace("#", String(checked));
      place.textContent = checked ? text : "";
    }
    for (const all of document.querySelectorAll(`[data-check-all="${name}"]`)) {
      all.checked = checked > 0 && checked === boxes(name).length;
      all.indeterminate = checked > 0 && !all.checked;
    }
  };
  for (const all of document.querySelectorAll("[data-check-all]")) {
    const name = all.dataset.checkAll;
    all.closest("[hidden]")?.removeAttribute("hidden");
    all.addEventListener("change", () => {
      boxes(name).forEach((box) => { box.checked = all.checked; });
      count(name);
    });
    boxes(name).forEach((box) => box.addEventListener("change", () => count(name)));
    count(name);
  }
})();
