// Moving touchpoints on the map: by mouse, by finger (after a moment of rest), and by keyboard (M, arrows, Enter).
// Each way ends in the form below the map, which does the same without any of this.
(() => {
  "use strict";
  // Arrow keys lead from card to card, to the nearest one in their direction; a card in the hand goes elsewhere.
  const DIRECTIONS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
  const middle = (card) => {
    const box = card.getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
  };
  const neighbour = (card, [right, down]) => {
    const [x, y] = middle(card);
    let found = null;
    let least = Infinity;
    document.querySelectorAll(".wm-map-stage .wm-map-card").forEach((one) => {
      const [dx, dy] = middle(one).map((value, axis) => value - [x, y][axis]);
      const along = dx * right + dy * down;
      const aside = Math.abs(dx * down) + Math.abs(dy * right);
      if (along > 1 && along + 4 * aside < least) [found, least] = [one, along + 4 * aside];
    });
    return found;
  };
  const stage = document.querySelector(".wm-map-stage");
  if (!stage) return;
  stage.addEventListener("keydown", (event) => {
    const card = event.target.closest(".wm-map-card");
    const direction = DIRECTIONS[event.key];
    if (!card || !direction || card.hasAttribute("data-taken") || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    neighbour(card, direction)?.focus();
  });

  const enliven = () => {
    stage.removeAttribute("aria-busy");
    const form = document.getElementById("map-move");
    const says = document.getElementById("map-says");
    const remembered = "wegmarke-map-place";
    if (!form || !("movable" in stage.dataset)) return;

    const picture = stage.querySelector("svg");
    const places = [...picture.querySelectorAll(".wm-map-place")].sort((a, b) => a.x.baseVal.value - b.x.baseVal.value);
    const FAR = 6; // pixels from which a press is a drag and no click
    const REST = 350; // milliseconds a finger rests before it takes a card instead of scrolling
    let taken = null;

    const say = (name, card, place) => {
      says.textContent = stage.dataset[name].replace("{name}", card.dataset.name).replace("{place}", place ? place.dataset.name : "");
    };
    const mark = (place) => {
      places.forEach((one) => one.toggleAttribute("data-over", one === place));
      taken.place = place;
    };
    const take = (card) => {
      const own = places.find((place) => place.dataset.place === card.dataset.place);
      taken = { card, place: own, own, next: card.nextSibling, parent: card.parentNode };
      picture.classList.add("wm-map-dragging");
      card.toggleAttribute("data-taken", true);
      mark(own);
    };
    const let_go = () => {
      const { card, parent, next } = taken;
      picture.classList.remove("wm-map-dragging");
      card.removeAttribute("data-taken");
      card.removeAttribute("transform");
      places.forEach((place) => place.removeAttribute("data-over"));
      if (card.nextSibling !== next) parent.insertBefore(card, next);
      taken = null;
    };
    const put_down = () => {
      const { card, place, own } = taken;
      let_go();
      if (!place || place === own) { say("cancelled", card); return; }
      say("saving", card, place);
      form.elements.key.value = card.dataset.key;
      form.elements.source.value = card.dataset.place;
      form.elements.target.value = place.dataset.place || "-";
      try { sessionStorage.setItem(remembered, JSON.stringify({ key: card.dataset.key, y: window.scrollY, x: stage.scrollLeft })); } catch { /* not remembered */ }
      form.requestSubmit();
    };

    // By mouse and finger
    let press = null;
    const at = (event) => {
      const matrix = picture.getScreenCTM().inverse();
      return new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix);
    };
    const nearest = (point) => {
      const inside = (place) => {
        const left = place.x.baseVal.value;
        return Math.max(left - point.x, point.x - left - place.width.baseVal.value, 0);
      };
      return places.reduce((best, place) => (inside(place) < inside(best) ? place : best), places[0]);
    };
    const begin = () => {
      take(press.card);
      picture.append(press.card); // drawn above all others; the focus stays where it is
      press.dragging = true;
    };
    picture.addEventListener("pointerdown", (event) => {
      const card = event.target.closest(".wm-map-card[data-key]");
      if (!card || event.button !== 0 || taken) return;
      press = { card, from: at(event), x: event.clientX, y: event.clientY, dragging: false, id: event.pointerId };
      if (event.pointerType === "touch") press.timer = setTimeout(() => { if (press) begin(); }, REST);
      else event.preventDefault(); // no selecting of words, no dragging of the link
    });
    window.addEventListener("pointermove", (event) => {
      if (!press || event.pointerId !== press.id) return;
      const far = Math.hypot(event.clientX - press.x, event.clientY - press.y) > FAR;
      if (!press.dragging) {
        if (!far) return;
        if (event.pointerType === "touch") { clearTimeout(press.timer); press = null; return; }
        begin();
      }
      const point = at(event);
      press.card.setAttribute("transform", `translate(${point.x - press.from.x} ${point.y - press.from.y})`);
      mark(nearest(point));
    });
    const end = (event) => {
      if (!press || event.pointerId !== press.id) return;
      clearTimeout(press.timer);
      const { dragging, card } = press;
      press = null;
      if (!dragging) { if (event.pointerType !== "touch") card.focus(); return; }
      card.addEventListener("click", (click) => click.preventDefault(), { once: true, capture: true });
      if (event.type === "pointercancel") { let_go(); return; }
      put_down();
    };
    window.addEventListener("pointerup", end);
    window.addEventListener("pointercancel", end);
    picture.addEventListener("touchmove", (event) => { if (press && press.dragging) event.preventDefault(); }, { passive: false });
    picture.addEventListener("dragstart", (event) => event.preventDefault());
    picture.addEventListener("contextmenu", (event) => { if (press && press.dragging) event.preventDefault(); });

    // By keyboard
    picture.addEventListener("keydown", (event) => {
      const card = event.target.closest(".wm-map-card[data-key]");
      if (press && press.dragging && event.key === "Escape") { const held = press.card; press = null; let_go(); say("cancelled", held); return; }
      if (!card || event.ctrlKey || event.metaKey || event.altKey) return;
      if (!taken) {
        if (event.key.toLowerCase() !== "m") return;
        event.preventDefault();
        take(card);
        say("taken", card);
        return;
      }
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (step) {
        const next = Math.min(places.length - 1, Math.max(0, places.indexOf(taken.place) + step));
        mark(places[next]);
        places[next].scrollIntoView({ block: "nearest", inline: "nearest" });
        say("over", card, places[next]);
      } else if (event.key === "Enter" || event.key === " ") put_down();
      else if (event.key === "Escape" || event.key === "Tab") { let_go(); say("cancelled", card); if (event.key === "Tab") return; }
      else return;
      event.preventDefault();
    });
    picture.addEventListener("focusout", (event) => {
      if (taken && !press && event.target === taken.card) { const { card } = taken; let_go(); say("cancelled", card); }
    });

    // Back where one was after the page came again
    try {
      const before = JSON.parse(sessionStorage.getItem(remembered) || "null");
      sessionStorage.removeItem(remembered);
      if (before) {
        window.scrollTo(0, before.y);
        stage.scrollLeft = before.x;
        const card = [...picture.querySelectorAll(".wm-map-card[data-key]")].find((one) => one.dataset.key === before.key);
        if (card) card.focus({ preventScroll: true });
      }
    } catch { /* nothing remembered */ }
  };
  // The picture of a large map comes after its page
  if (stage.querySelector("svg")) enliven();
  else stage.addEventListener("htmx:afterSwap", enliven, { once: true });
})();
