// Improvements of the form of a touchpoint; it works without them.
(() => {
  "use strict";

  // Nobody needs to ask for the preview where it follows every change by itself.
  const hideSpare = (root) => root.querySelectorAll("[data-without-script]").forEach((one) => { one.hidden = true; });
  hideSpare(document);

  // What stopped the form from being saved is read first.
  document.getElementById("problems")?.focus();

  // Rows came or went: the preview asks again, and the first empty field of a new row is where typing goes on.
  let before = 0;
  const fields = (part) => part.querySelectorAll("input:not([type=hidden]), textarea");
  document.addEventListener("htmx:beforeSwap", (event) => { before = fields(event.detail.target).length; });
  document.addEventListener("htmx:afterSettle", (event) => {
    const part = event.detail.elt.id && document.getElementById(event.detail.elt.id);
    if (!part || !part.closest("#card-form") || part.id === "preview") return;
    hideSpare(part);
    if (fields(part).length > before) [...fields(part)].reverse().find((one) => one.value === "" && one.type !== "checkbox")?.closest(".wm-condition, .wm-row, #owners")?.querySelector("input:placeholder-shown, input[value=''], textarea")?.focus();
    if (part.closest("#rules")) document.getElementById("rules").dispatchEvent(new CustomEvent("wm-rows"));
  });
  // Typed, but not saved: leaving asks first.
  const form = document.getElementById("card-form");
  if (!form) return;
  let changed = false;
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
})();
