// The inventory: clean addresses, selection of rows, quick adding, Ctrl+Enter. Everything works without it.
(() => {
  "use strict";

  // Filters: what says nothing does not go into the address.
  document.addEventListener("htmx:configRequest", (event) => {
    if (!event.target.matches("[data-filters]")) return;
    const { parameters } = event.detail;
    for (const name of [...new Set(Object.keys(parameters))]) {
      if (parameters[name] === "") delete parameters[name];
    }
  });
  document.addEventListener("formdata", (event) => {
    if (!event.target.matches("[data-filters]")) return;
    for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
  });
  const hideFallbacks = () => {
    document.querySelectorAll("[data-filters] [data-without-script]").forEach((b) => { b.hidden = true; });
  };

  // Selection: the box above all rows, ranges with Shift, how many are ticked.
  const boxes = (form) => [...form.querySelectorAll("input[name=keys]")];
  const showSelection = (form) => {
    const every = form.querySelector("[data-every]");
    const all = boxes(form);
    const ticked = all.filter((box) => box.checked).length;
    const said = form.querySelector("[data-selected]");
    if (said) {
      const text = ticked === 0 ? said.dataset.none : ticked === 1 ? said.dataset.one : said.dataset.many;
      said.textContent = text.replace("{n}", ticked.toLocaleString(document.documentElement.lang));
    }
    form.querySelectorAll("[data-needs-selection]").forEach((b) => { b.disabled = ticked === 0 && !every?.checked; });
    const head = form.querySelector("[data-tick-all]");
    if (!head) return;
    head.checked = all.length > 0 && ticked === all.length;
    head.indeterminate = ticked > 0 && ticked < all.length;
  };
  let last = null;
  document.addEventListener("click", (event) => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement) || box.name !== "keys") return;
    const form = box.closest("[data-bulk]");
    if (!form) return;
    const all = boxes(form);
    if (event.shiftKey && last && all.includes(last)) {
      const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
      all.slice(from, to + 1).forEach((one) => { one.checked = box.checked; });
    }
    last = box;
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest("[data-bulk]");
    if (!form) return;
    if (event.target.matches("[data-tick-all]")) boxes(form).forEach((box) => { box.checked = event.target.checked; });
    showSelection(form);
  });
  const showLater = () => {
    document.querySelectorAll(".wm-tp-later").forEach((rows) => rows.classList.remove("wm-tp-later"));
  };
  const prepare = () => {
    document.querySelectorAll("[data-bulk]").forEach((form) => {
      form.querySelectorAll("[data-tick-all]").forEach((box) => { box.hidden = false; });
      showSelection(form);
    });
  };

  const tell = (messages) => {
    document.querySelectorAll(".container-xl > .wm-message").forEach((old) => old.remove());
    document.querySelector("main .container-xl").prepend(...messages);
  };
  const sent = async (form) => {
    try {
      const body = new FormData(form);
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/html" } });
      return [answer, new DOMParser().parseFromString(await answer.text(), "text/html")];
    } catch {
      return [];
    }
  };

  // Quick adding: the list comes anew, the field stays where it is, empty, for the next name.
  document.querySelectorAll("[data-quick]").forEach((form) => {
    const field = form.querySelector("[name=name]");
    let busy = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (busy || !field.value.trim()) return;
      busy = true;
      try {
        const [answer, page] = await sent(form);
        const list = page?.getElementById("inventory");
        if (!answer?.ok || !list) {
          // A line that needs a look, or a session that is over: go where the server sent us. Where nothing came
          // back, the line may have been added or not: it stays in the field and is not sent again unasked.
          if (answer?.redirected) window.location.assign(answer.url);
          else tell([form.querySelector("[data-failed]").content.firstElementChild.cloneNode(true)]);
          return;
        }
        document.getElementById("inventory").replaceWith(document.adoptNode(list));
        const said = page.querySelectorAll(".container-xl > .wm-message");
        tell(said);
        window.htmx?.process(document.getElementById("inventory"));
        showLater();
        // What was not added stays, so that it can be changed.
        if (said.length && !said[0].matches(".alert-success")) field.select();
        else field.value = "";
        prepare();
        field.focus();
      } finally {
        busy = false;
      }
    });
  });

  // By keyboard, from a row's box: arrows lead on, with Shift they take the box along; a digit puts what is
  // ticked (the row itself where nothing is) into the phase with that digit; P leads to the other phases.
  const step = (box, down, form, range) => {
    const all = boxes(form);
    const next = all[all.indexOf(box) + (down ? 1 : -1)];
    if (!next) return;
    if (range) {
      if (!all.some((one) => one.checked)) box.checked = true;
      next.checked = box.checked;
      showSelection(form);
    }
    last = next;
    next.focus();
  };
  const putInto = (box, button, form) => {
    if (!boxes(form).some((one) => one.checked)) box.checked = true;
    showSelection(form);
    form.requestSubmit(button);
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!event.target.matches("[data-bulk] input[name=keys]")) return;
    const form = event.target.form;
    const { key, shiftKey } = event;
    const into = /^[1-9]$/.test(key) && form.querySelectorAll("button[name=into]")[Number(key) - 1];
    const others = key.toLowerCase() === "p" && document.getElementById("into-phase");
    if (key === "ArrowDown" || key === "ArrowUp") step(event.target, key === "ArrowDown", form, shiftKey);
    else if (into && !event.repeat) putInto(event.target, into, form);
    else if (others && !others.disabled) others.focus();
    else return;
    event.preventDefault();
  });

  // Changing many: naming owners or ticking a phase means to add them, unless something else is chosen.
  document.addEventListener("input", (event) => {
    const { form, name, type, checked, value } = event.target;
    const how = form?.elements[`${name}_how`];
    if (!(how instanceof HTMLSelectElement) || how.value !== "") return;
    if (type === "checkbox" ? checked : value.trim()) how.value = "add";
  });

  // Collecting: Ctrl+Enter (or Command) looks before saving.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    const form = event.target.closest?.("[data-collect]");
    if (!form) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("[data-preview]"));
  });

  hideFallbacks();
  prepare();
  // A hidden tab paints nothing, so it does not wait for a frame.
  if (document.hidden) showLater();
  else requestAnimationFrame(() => setTimeout(showLater));
  document.addEventListener("htmx:afterSwap", () => {
    prepare();
    showLater();
  });
})();
