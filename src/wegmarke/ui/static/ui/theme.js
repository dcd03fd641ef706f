// Sets light or dark before anything is painted: chosen earlier, else as the system says.
(() => {
  "use strict";
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => {
    try {
      return localStorage.getItem("wegmarke-theme");
    } catch {
      return null; // storage is switched off: the system decides
    }
  };
  const apply = () => {
    const choice = chosen();
    const theme = choice === "light" || choice === "dark" ? choice : dark.matches ? "dark" : "light";
    root.setAttribute("data-bs-theme", theme);
    root.dispatchEvent(new CustomEvent("wegmarke:theme", { detail: theme }));
  };
  dark.addEventListener("change", apply);
  window.wegmarkeTheme = {
    choice: () => chosen() || "system",
    choose(choice) {
      try {
        if (choice === "system") localStorage.removeItem("wegmarke-theme");
        else localStorage.setItem("wegmarke-theme", choice);
      } catch {
        // not remembered, but shown
      }
      apply();
    },
  };
  apply();
})();
