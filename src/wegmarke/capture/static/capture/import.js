// Improvements of the import pages; each page works without them.
(() => {
  "use strict";

  // Nobody needs "check again" where the check follows every change by itself.
  document.querySelectorAll("[data-without-script]").forEach((button) => { button.hidden = true; });

  // The meaning of leaving can only be changed where the plan is to change.
  const plan = document.querySelectorAll('input[name="plan"]');
  const part = document.querySelector("[data-plan-change]");
  if (part && plan.length) {
    const show = () => { part.hidden = document.querySelector('input[name="plan"]:checked')?.value !== "change"; };
    plan.forEach((choice) => choice.addEventListener("change", show));
    show();
  }

  const form = document.querySelector("[data-upload]");
  if (!form) return;
  const input = form.querySelector('input[type="file"]');
  const zone = form.querySelector("[data-drop]");
  const problem = form.querySelector("[data-upload-error]");
  form.querySelector("[data-drop-hint]").hidden = false;

  const fits = () => {
    const file = input.files[0];
    const large = Boolean(file) && file.size > Number(form.dataset.limit);
    problem.textContent = large ? form.dataset.tooLarge : "";
    problem.classList.toggle("d-block", large);
    return !large;
  };
  input.addEventListener("change", fits);

  // Files dropped anywhere in the zone; a file dropped beside it must not make the browser leave the page.
  ["dragover", "drop"].forEach((name) => document.addEventListener(name, (event) => event.preventDefault()));
  ["dragenter", "dragover"].forEach((name) => zone.addEventListener(name, () => zone.classList.add("over")));
  ["dragleave", "drop"].forEach((name) => zone.addEventListener(name, () => zone.classList.remove("over")));
  zone.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    fits();
    form.querySelector('button[type="submit"]').focus();
  });

  // Show how far a long upload is. The answer is a page of its own, or the address of the next one.
  form.addEventListener("submit", (event) => {
    if (!input.files.length) return;
    event.preventDefault();
    if (!fits()) return;
    const bar = form.querySelector("[data-upload-progress]");
    const button = form.querySelector('button[type="submit"]');
    const request = new XMLHttpRequest();
    bar.hidden = false;
    button.disabled = true;
    form.querySelector("[data-upload-text]").textContent = form.dataset.uploading;
    request.upload.addEventListener("progress", (step) => {
      if (step.lengthComputable) bar.querySelector("progress").value = (100 * step.loaded) / step.total;
    });
    request.upload.addEventListener("load", () => bar.querySelector("progress").removeAttribute("value"));
    request.addEventListener("load", () => {
      if (request.responseURL && request.responseURL !== location.href.split("#")[0]) {
        location.assign(request.responseURL);
        return;
      }
      const answer = new DOMParser().parseFromString(request.responseText, "text/html");
      const said = answer.querySelector("[data-upload-error]")?.textContent.trim();
      showProblem(said || form.dataset.failed);
    });
    request.addEventListener("error", () => showProblem(form.dataset.failed));
    const showProblem = (text) => {
      bar.hidden = true;
      button.disabled = false;
      problem.textContent = text;
      problem.classList.add("d-block");
      input.focus();
    };
    request.open("POST", location.href);
    request.send(new FormData(form));
  });
})();
