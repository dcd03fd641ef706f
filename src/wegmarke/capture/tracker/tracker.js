// The tracker of Wegmarke: what a visitor does on a page, without a cookie, without the contents of any field.
//
//   <script src="https://wegmarke.example/t.js" data-key="wk_…" defer></script>
//
// data-storage="session" or "local" keeps one id over the pages of a visit, or over visits; without it an id
// lives as long as the page. Global Privacy Control and Do Not Track switch everything off. Nothing here may
// throw into the page or make it wait: every handler is wrapped, every listener passive, and what cannot be
// sent is kept for later or dropped.
(() => {
  const script = document.currentScript;
  const key = script?.dataset.key;
  if (!key || window.wegmarke) return;
  const address = new URL(script.src).origin + "/v1/b";
  const MOST_WAITING = 200;
  const BATCH = 20;
  const IDLE = 60_000;
  const COLUMNS = 24;
  const storage = { session: "sessionStorage", local: "localStorage" }[script.dataset.storage];
  const refused = () => navigator.globalPrivacyControl || navigator.doNotTrack === "1";

  let off = refused();
  let consented = false;
  let waiting = [];
  let user;
  let timer;
  let pause = 1_000;

  const guard = (handler) => (...given) => {
    try {
      return handler(...given);
    } catch {
      // The page comes first.
    }
  };

  const uuid = () =>
    crypto.randomUUID?.() ??
    Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

  const stored = () => guard(() => (storage ? window[storage] : consented ? localStorage : null))();
  const remembered = (name, make) => {
    const place = stored();
    if (!place) return make();
    let text = guard(() => place.getItem(name))();
    if (!text) {
      text = make();
      guard(() => place.setItem(name, text))();
    }
    return text;
  };
  let visitor = remembered("wegmarke", uuid);

  // Sending

  const body = (events) => JSON.stringify({ batch: events, writeKey: key, sentAt: new Date().toISOString() });

  const again = () => {
    clearTimeout(timer);
    timer = setTimeout(flush, pause);
    pause = Math.min(pause * 2, 60_000);
  };

  const flush = guard(() => {
    clearTimeout(timer);
    timer = 0;
    const events = waiting.splice(0, BATCH);
    if (!events.length) return;
    const back = () => {
      waiting = events.concat(waiting).slice(0, MOST_WAITING);
      again();
    };
    fetch(address, { method: "POST", body: body(events), keepalive: true, credentials: "omit" }).then((answer) => {
      if (answer.status === 429 || answer.status >= 500) return back();
      pause = 1_000;
      if (waiting.length) flush();
    }, back);
  });

  const beacon = guard(() => {
    while (waiting.length) {
      const events = waiting.splice(0, BATCH);
      if (!navigator.sendBeacon(address, body(events))) {
        waiting = events.concat(waiting);
        return;
      }
    }
  });

  const send = (type, fields) => {
    if (off || waiting.length >= MOST_WAITING) return;
    waiting.push({
      type,
      anonymousId: visitor,
      userId: user,
      messageId: uuid(),
      timestamp: new Date().toISOString(),
      context: { page: { path: location.pathname, title: document.title, referrer: document.referrer }, campaign: campaign() },
      ...fields,
    });
    if (waiting.length >= BATCH) flush();
    else timer ||= setTimeout(flush, 1_000);
  };
  const track = (event, properties) => send("track", { event, properties });

  const campaign = () => {
    const found = {};
    for (const [name, text] of new URLSearchParams(location.search)) {
      if (name.startsWith("utm_")) found[name === "utm_campaign" ? "name" : name.slice(4)] = text;
    }
    return Object.keys(found).length ? found : undefined;
  };

  // What is on the page, without what anybody wrote

  const named = (element) => {
    if (!element?.tagName) return "page";
    const mark = element.closest("[data-wm-name]");
    if (mark) return mark.dataset.wmName;
    const found = element.closest("a,button,input,select,textarea,label,summary,[role=button],[id]") ?? element;
    const tag = found.tagName.toLowerCase();
    const name = found.getAttribute("name") || found.id;
    return name ? `${tag}#${name}` : found.classList[0] ? `${tag}.${found.classList[0]}` : tag;
  };

  // One page view and what happens during it

  let at;
  const begin = (by) => {
    at = { path: location.pathname, since: Date.now(), last: null, signals: new Set(), moves: {}, forms: new Map(), clicks: [], depth: 0, left: false };
    send("page", { properties: { path: location.pathname, ...(by && { by }) } });
  };

  const signal = (name) => {
    if (at.signals.has(name)) return;
    at.signals.add(name);
    track("Exit Intent", { path: at.path, signal: name, seconds: Math.round((Date.now() - at.since) / 1000) });
  };

  const leave = guard(() => {
    if (at.left) return;
    at.left = true;
    for (const [form, seen] of at.forms) {
      if (seen.fields.size) track("Form Abandoned", { path: at.path, form, field: seen.last, fields: seen.fields.size });
    }
    const cells = Object.entries(at.moves).map(([cell, count]) => `${cell}:${count}`);
    if (cells.length) track("Pointer Moved", { path: at.path, columns: COLUMNS, cells: cells.join(" ") });
    track("Page Left", { path: at.path, seconds: Math.round((Date.now() - at.since) / 1000), depth: at.depth, ...(at.last && { last: at.last }) });
    beacon();
  });

  const listen = (target, names, handler) => {
    for (const name of names.split(" ")) target.addEventListener(name, guard(handler), { passive: true, capture: true });
  };

  const acted = (what, element) => {
    at.last = `${what} ${named(element)}`;
    at.left = false;
  };

  // Pointer: intent to leave through the top, and where it moved, summed up in coarse cells

  listen(document, "mouseout", (event) => {
    if (!event.relatedTarget && event.clientY <= 0) signal("pointer");
  });
  let moved = 0;
  listen(document, "pointermove", (event) => {
    const now = Date.now();
    if (now - moved < 100 || event.pointerType === "touch") return;
    moved = now;
    const width = document.documentElement.scrollWidth / COLUMNS;
    const cell = `${Math.floor(event.pageX / width)},${Math.floor(event.pageY / width)}`;
    at.moves[cell] = (at.moves[cell] ?? 0) + 1;
  });

  // Clicks: rage (three in a second on one spot), dead (nothing came of it)

  const changes = { count: 0 };
  guard(() => new MutationObserver(() => { changes.count += 1; }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true }))();
  listen(document, "click", (event) => {
    const element = event.target;
    acted("click", element);
    const now = Date.now();
    at.clicks = at.clicks.filter((one) => now - one.at < 1_000);
    at.clicks.push({ at: now, x: event.clientX, y: event.clientY });
    const near = at.clicks.filter((one) => Math.hypot(one.x - event.clientX, one.y - event.clientY) < 30);
    if (near.length === 3) track("Rage Click", { path: at.path, target: named(element) });
    if (!element.closest?.("a,button,[role=button],[onclick],summary")) return;
    const before = changes.count;
    const here = location.href;
    const view = at;
    setTimeout(guard(() => {
      if (changes.count === before && location.href === here && view === at && !document.hidden && document.hasFocus()) {
        track("Dead Click", { path: at.path, target: named(element) });
      }
    }), 1_500);
  });
  listen(window, "error unhandledrejection", (event) => {
    const where = event.filename ? `${event.filename.split(/[?#]/)[0]}:${event.lineno}` : "";
    track("Error Seen", { path: at.path, kind: event.error?.name ?? event.reason?.name ?? "Error", where });
  });

  // Forms: which field was the last before giving up, never what stands in it

  const form = (element) => {
    const found = element.form;
    if (!found) return null;
    return found.dataset.wmName || found.getAttribute("name") || found.id || new URL(found.action || location.href, location.href).pathname;
  };
  listen(document, "focusin change", (event) => {
    const name = event.target.form && form(event.target);
    if (!name) return;
    acted(event.type === "change" ? "filled" : "entered", event.target);
    if (!at.forms.has(name)) {
      at.forms.set(name, { fields: new Set(), last: "" });
      track("Form Started", { path: at.path, form: name });
    }
    const seen = at.forms.get(name);
    seen.last = event.target.name || event.target.id || event.target.type;
    if (event.type === "change") seen.fields.add(seen.last);
  });
  listen(document, "submit", (event) => {
    const found = event.target;
    const name = form({ form: found });
    at.forms.delete(name);
    acted("submitted", found);
    track("Form Submitted", { path: at.path, form: name });
  });

  // Steps of a workflow: <section data-wm-step="checkout:payment">, told when it comes into view

  const seen = new WeakSet();
  const observer = guard(() => new IntersectionObserver(guard((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting || seen.has(entry.target)) continue;
      seen.add(entry.target);
      const [workflow, step] = entry.target.dataset.wmStep.split(":");
      api.step(workflow, step);
    }
  })))();
  const watch = guard(() => {
    for (const element of document.querySelectorAll("[data-wm-step]")) observer?.observe(element);
  });

  // Scrolling: how far, and fast back to the top on touch; doing nothing at all

  let height = scrollY;
  let scrolled = Date.now();
  listen(document, "scroll", () => {
    const now = Date.now();
    const full = document.documentElement.scrollHeight;
    at.depth = Math.max(at.depth, Math.round((100 * (scrollY + innerHeight)) / full));
    if (matchMedia("(pointer: coarse)").matches && now - scrolled < 200 && height - scrollY > innerHeight / 4) signal("scroll");
    height = scrollY;
    scrolled = now;
  });
  let idle;
  listen(document, "pointermove pointerdown keydown scroll", () => {
    clearTimeout(idle);
    idle = setTimeout(guard(() => signal("idle")), IDLE);
  });

  // Leaving: the tab is hidden, the page unloaded, or another view of the same page begins

  listen(document, "visibilitychange", () => {
    if (document.visibilityState !== "hidden") {
      at.left = false;
      return;
    }
    signal("hidden");
    leave();
  });
  listen(window, "pagehide", leave);
  listen(window, "pageshow", (event) => event.persisted && begin("back"));
  listen(window, "online", flush);
  listen(window, "popstate", () => signal("back"));

  const turn = guard((by) => {
    if (location.pathname === at.path) return;

    leave();
    begin(by);
    watch();

  });
  for (const name of ["pushState", "replaceState"]) {
    guard(() => {
      const own = history[name];
      history[name] = function (...given) {
        const done = own.apply(this, given);
        turn();
        return done;
      };
    })();
  }
  listen(window, "popstate", () => turn("back"));

  // For the page

  const api = (window.wegmarke = {
    track: guard(track),
    page: guard((name, properties) => send("page", { name, properties })),
    identify: guard((id, traits) => {
      user = id;
      send("identify", { traits });
    }),
    group: guard((id, traits) => send("group", { groupId: id, traits })),
    step: guard((workflow, step, properties) => track("Step Viewed", { path: location.pathname, workflow, step, ...properties })),
    consent: guard((given = true) => {
      consented = given;
      if (given) visitor = remembered("wegmarke", () => visitor);
      else localStorage.removeItem("wegmarke");
    }),
    stop: guard(() => {
      off = true;
      waiting = [];
    }),
    flush,
  });

  guard(() => {
    const [arrival] = performance.getEntriesByType("navigation");
    begin(arrival?.type === "back_forward" ? "back" : undefined);
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", watch);
    else watch();
  })();
})();
