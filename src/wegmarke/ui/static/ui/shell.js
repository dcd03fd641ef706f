// The shell's own behaviour: appearance switch, sortable tables. Everything works without it but these.
(() => {
  "use strict";

  const switches = () => document.querySelectorAll("[data-theme-choice]");
  const showChoice = () => {
    const choice = window.wegmarkeTheme.choice();
    switches().forEach((b) => b.setAttribute("aria-pressed", String(b.dataset.themeChoice === choice)));
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-choice]");
    if (!button) return;
    window.wegmarkeTheme.choose(button.dataset.themeChoice);
    showChoice();
  });

  // <table data-sortable>: each <th data-sort="text|number"> becomes a button. A cell's data-value (a plain
  // number or text) counts before what it shows, so that "1.234,5 %" sorts as 0.12345. Empty cells stay last.
  const valueOf = (row, column, kind) => {
    const cell = row.cells[column];
    const raw = cell.dataset.value ?? cell.textContent.trim();
    if (kind !== "number") return raw === "" ? null : raw;
    return raw === "" || Number.isNaN(Number(raw)) ? null : Number(raw);
  };
  const compare = (a, b) =>
    typeof a === "number" ? a - b : a.localeCompare(b, document.documentElement.lang, { numeric: true });
  const sort = (table, header) => {
    const column = header.cellIndex;
    const kind = header.dataset.sort;
    const now = header.getAttribute("aria-sort");
    const down = now ? now === "ascending" : kind === "number"; // figures start with the largest
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row, place) => ({ row, place, value: valueOf(row, column, kind) }));
    rows.sort((a, b) => {
      if (a.value === null || b.value === null) return (a.value === null) - (b.value === null) || a.place - b.place;
      return (down ? -1 : 1) * compare(a.value, b.value) || a.place - b.place;
    });
    body.append(...rows.map((r) => r.row));
    table.querySelectorAll("th[aria-sort]").forEach((th) => th.removeAttribute("aria-sort"));
    header.setAttribute("aria-sort", down ? "descending" : "ascending");
  };
  const makeSortable = (table) => {
    table.querySelectorAll("thead th[data-sort]").forEach((header) => {
      if (header.querySelector("button")) return;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "wm-sort";
      button.append(...header.childNodes);
      header.append(button);
      button.addEventListener("click", () => sort(table, header));
    });
  };
  const prepare = (root) => root.querySelectorAll("table[data-sortable]").forEach(makeSortable);

  prepare(document);
  showChoice();
  document.addEventListener("htmx:load", (event) => prepare(event.target));
})();
