// After a phase or step was added, moved or removed, the focus goes on where the work goes on.
(() => {
  "use strict";
  const note = document.getElementById("model-focus");
  const target = note && document.getElementById(note.dataset.focus);
  if (!target) return;
  const reachable = target.disabled ? target.parentElement.querySelector("button:not([disabled])") : target;
  if (reachable) { reachable.focus(); reachable.scrollIntoView({ block: "center" }); }
})();
