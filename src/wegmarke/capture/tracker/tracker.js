// The tracker of Wegmarke: what a visitor does on a page, without a cookie, without the contents of any field.
//
//   <script src="https://wegmarke.example/t.js" data-key="wk_…" async></script>
//
// data-storage="session" or "local" keeps one id over the pages of a visit, or over visits; without it an id
// lives as long as the page. Global Privacy Control and Do Not Track switch everything off. Nothing here may
// throw into the page or make it wait: every handler is wrapped, every listener passive, and what cannot be
// sent is kept for later or dropped.
//
// Attributes are read by `attribute`, never as properties: a form with a field called "id" answers `form.id`
// with that field, and the field holds what somebody wrote.
(() => {
  const guard = (handler) => (...given) => {
    try {
      return handler(...given);
    } catch {
      // The page comes first.
    }
  };

  const start = () => {
    const script = document.currentScript;
    const key = script?.dataset.key;
    if (!key || window.wegmarke) return;
    const offer = (make) => {
      window.wegmarke = {};
      for (const name of "track page identify group step consent stop flush".split(" ")) {
        window.wegmarke[name] = guard(make(name));
      }
    };
    if (navigator.globalPrivacyControl || navigator.doNotTrack === "1") return offer(() => () => {});
    const address = new URL(script.src).origin + "/v1/b";
    const STORED = "wegmarke";
    const LATER = "wegmarke-later";
    const MOST_WAITING = 200;
    const BATCH = 20;
    const MOST_KEPT_ALIVE = 60_000; // browsers let requests of 64 kB in all outlive their page
    const IDLE = 60_000;
    const COLUMNS = 24;
    const MOST_CELLS = 300;
    const MOST_TOLD = 30;
    const { apply } = Reflect;
    const getAttribute = Element.prototype.getAttribute;
    const closest = Element.prototype.closest;

    let off = false;
    let kept = { session: "sessionStorage", local: "localStorage" }[script.dataset.storage];
    let waiting = [];
    const underway = new Set(); // events sent and not yet answered, request by request
    let visitor;
    let user;
    let timer;
    let pause = 1_000;

    const uuid = () =>
      crypto.randomUUID?.() ??
      Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

    const remembered = guard((name) => (kept ? window[kept].getItem(name) : null));
    const remember = guard((name, text) => kept && window[kept].setItem(name, text));
    const forget = guard((name) => kept && window[kept].removeItem(name));

    // Sending

    const body = (events) => {
      events.toJSON = undefined; // old libraries give all arrays one that makes texts of them
      return JSON.stringify({ batch: events, writeKey: key, sentAt: new Date().toISOString() });
    };

    const flush = guard(() => {
      clearTimeout(timer);
      timer = 0;
      if (off || !waiting.length) return;
      const events = waiting.splice(0, BATCH);
      const text = body(events);
      underway.add(events);
      const back = guard(() => {
        underway.delete(events);
        if (off) return;
        waiting = events.concat(waiting).slice(0, MOST_WAITING);
        clearTimeout(timer);
        timer = setTimeout(flush, pause);
        pause = Math.min(pause * 2, 60_000);
      });
      const given = { method: "POST", body: text, keepalive: text.length < MOST_KEPT_ALIVE, credentials: "omit" };
      const sent = guard(() => fetch(address, given))();
      if (!sent) return back();
      sent.then(guard((answer) => {
        if (answer.status === 429 || answer.status >= 500) return back();
        underway.delete(events);
        pause = 1_000;
        if (waiting.length) flush();
      }), back);
    });

    // The last chance to send: what no beacon takes is kept where the page's owner allows it, and so is what
    // nobody has answered yet; what arrives twice for that counts once.
    const sendNow = guard(() => {
      while (waiting.length && navigator.onLine !== false) {
        const events = waiting.splice(0, BATCH);
        if (!guard(() => navigator.sendBeacon(address, body(events)))()) {
          waiting = events.concat(waiting);
          break;
        }
      }
      const left = [...underway].flat().concat(waiting);
      if (!left.length) return forget(LATER);
      left.toJSON = undefined;
      remember(LATER, JSON.stringify(left));
    });

    const send = (type, fields) => {
      if (off || waiting.length >= MOST_WAITING) return;
      waiting.push({
        type,
        anonymousId: visitor,
        userId: user,
        messageId: uuid(),
        timestamp: new Date().toISOString(),
        context: { page: { path: path(), title: `${document.title}`, referrer: bare(document.referrer) }, campaign: campaign() },
        ...fields,
      });
      if (waiting.length >= BATCH) flush();
      else timer ||= setTimeout(flush, 1_000);
    };
    const track = (event, properties) => send("track", { event, properties });
    const note = (event, more) => track(event, { path: at.path, ...more });

    const campaign = () => {
      const found = {};
      for (const [name, text] of new URLSearchParams(location.search)) {
        if (/^utm_(source|medium|campaign|term|content|id)$/.test(name)) {
          found[name === "utm_campaign" ? "name" : name.slice(4)] = text;
        }
      }
      return Object.keys(found).length ? found : undefined;
    };

    // What is on the page, without what anybody wrote

    const bare = (url) => `${url}`.split(/[?#]/)[0]; // a query may hold the contents of a form
    const path = () => location.pathname + (/^#!?\//.test(location.hash) ? location.hash.split("?")[0] : "");
    const attribute = (element, name) => (element instanceof Element && apply(getAttribute, element, [name])) || "";
    const above = (element, selector) => (element instanceof Element ? apply(closest, element, [selector]) : null);

    const named = (element) => {
      const mark = attribute(above(element, "[data-wm-name]"), "data-wm-name");
      if (mark) return mark;
      const found = above(element, "a,button,input,select,textarea,label,summary,[role=button],[id]") ?? element;
      if (!(found instanceof Element)) return "page";
      const tag = found.localName;
      const name = attribute(found, "name") || attribute(found, "id");
      const [style] = attribute(found, "class").trim().split(/\s+/);
      return name ? `${tag}#${name}` : style ? `${tag}.${style}` : tag;
    };

    // One page view and what happens during it

    let at;
    let idle;
    let touched = 0;
    const begin = (by) => {
      at = { path: path(), since: Date.now(), told: new Set(), moves: new Map(), forms: new Map(), clicks: [], depth: 0 };
      touched = 0;
      send("page", { properties: { path: at.path, ...(by && { by }) } });
      stir();
    };

    const seconds = () => Math.round((Date.now() - at.since) / 1000);
    const once = (name) => !at.told.has(name) && at.told.add(name);
    const signal = (name) => {
      if (once(name)) note("Exit Intent", { signal: name, seconds: seconds() });
    };

    // `how`: the page was left, or its tab hidden; on a phone nothing more may come after that.
    const leave = (how) => {
      if (at.left) return sendNow();
      at.left = true;
      for (const [form, seen] of at.forms) {
        if (seen.filled.size && !seen.told) note("Form Abandoned", { form, field: seen.last, fields: seen.filled.size, how });
        seen.told = true;
      }
      const cells = [...at.moves].sort((one, other) => other[1] - one[1]).slice(0, MOST_CELLS);
      if (cells.length) note("Pointer Moved", { columns: COLUMNS, cells: cells.map((cell) => cell.join(":")).join(" ") });
      at.moves.clear();
      note("Page Left", { how, seconds: seconds(), depth: at.depth, last: at.last, step: at.step });
      sendNow();
    };

    const listen = (target, names, handler) => {
      for (const name of names.split(" ")) target.addEventListener(name, guard(handler), { passive: true, capture: true });
    };
    const acted = (what, element) => {
      at.last = `${what} ${named(element)}`;
      at.left = false;
    };

    // Pointer: intent to leave through the top, and where it moved, summed up in coarse cells

    let moved = 0;
    listen(document, "mouseout", (event) => {
      if (!event.relatedTarget && event.clientY <= 0) signal("pointer");
    });
    listen(document, "pointermove", (event) => {
      const now = Date.now();
      if (now - moved < 100 || event.pointerType === "touch") return;
      moved = now;
      const width = document.documentElement.scrollWidth / COLUMNS;
      const cell = `${Math.floor(event.pageX / width)},${Math.floor(event.pageY / width)}`;
      at.moves.set(cell, (at.moves.get(cell) ?? 0) + 1);
    });

    // Clicks: rage (three in a second on one spot), dead (nothing came of it)

    let effects = 0;
    listen(document, "click", (event) => {
      const target = event.target;
      acted("click", target);
      const now = Date.now();
      at.clicks = at.clicks.filter((one) => now - one.now < 1_000);
      at.clicks.push({ now, x: event.clientX, y: event.clientY });
      const near = at.clicks.filter((one) => Math.hypot(one.x - event.clientX, one.y - event.clientY) < 30);
      if (near.length === 3) note("Rage Click", { target: named(target) });
      // What opens elsewhere changes nothing here.
      if (!above(target, "a,button,[role=button],[onclick],summary") || above(target, "a[target],a[download],a[href^='mailto:'],a[href^='tel:']")) return;
      const before = effects;
      const here = location.href;
      const view = at;
      const observer = new MutationObserver(() => effects++);
      observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
      setTimeout(guard(() => {
        observer.disconnect();
        if (effects === before && location.href === here && view === at && document.hasFocus()) {
          note("Dead Click", { target: named(target) });
        }
      }), 1_500);
    });
    listen(document, "submit change invalid scroll toggle", () => effects++);

    listen(window, "error unhandledrejection", (event) => {
      const thrown = event.error ?? event.reason;
      if (!thrown && !event.message) return; // a picture that did not load
      const kind = thrown instanceof Error ? thrown.name : "Error";
      const where = event.filename ? `${bare(event.filename)}:${event.lineno}` : undefined;
      if (at.told.size < MOST_TOLD && once(`${kind} ${where}`)) note("Error Seen", { kind, where });
    });

    // Forms: which field was the last before giving up, never what stands in it

    const formOf = (field) => field.form ?? above(field, "form,[data-wm-form]");
    const nameOf = (form) =>
      attribute(form, "data-wm-form") || attribute(form, "data-wm-name") || attribute(form, "name") ||
      attribute(form, "id") || bare(attribute(form, "action")) || at.path;

    listen(document, "focusin input", (event) => {
      const field = event.target;
      const form = formOf(field);
      if (!form || above(field, "button,[type=submit],[type=reset],[type=button]")) return;
      const filled = event.type === "input";
      acted(filled ? "filled" : "entered", field);
      const name = nameOf(form);
      let seen = at.forms.get(name);
      if (!seen) {
        at.forms.set(name, (seen = { filled: new Set() }));
        note("Form Started", { form: name });
      }
      seen.last = attribute(field, "name") || attribute(field, "id") || attribute(field, "type") || `${field.localName}`;
      if (!filled) return;
      seen.filled.add(seen.last);
      seen.told = false;
    });
    listen(document, "submit", (event) => {
      const form = nameOf(event.target);
      at.forms.delete(form);
      acted("submitted", event.target);
      note("Form Submitted", { form });
    });

    // Steps of a workflow: <section data-wm-step="checkout:payment">, told when it comes into view

    const step = (workflow, name, more) => {
      at.step = `${workflow}:${name}`;
      note("Step Viewed", { workflow, step: name, ...more });
    };
    guard(() => {
      const watched = new WeakSet();
      let looking = 0;
      const shown = new IntersectionObserver(guard((entries) => {
        for (const { isIntersecting, target } of entries) {
          if (!isIntersecting) continue;
          shown.unobserve(target);
          const [workflow, name] = attribute(target, "data-wm-step").split(":");
          if (once(`step ${workflow} ${name}`)) step(workflow, name);
        }
      }));
      const watch = guard(() => {
        looking = 0;
        for (const element of document.querySelectorAll("[data-wm-step]")) {
          if (watched.has(element)) continue;
          watched.add(element);
          shown.observe(element);
        }
      });
      new MutationObserver(guard(() => {
        looking ||= setTimeout(watch, 200);
      })).observe(document, { subtree: true, childList: true });
      looking = setTimeout(watch);
    })();

    // Scrolling: how far, and fast back up on touch; doing nothing at all

    let from = { y: scrollY, now: 0 };
    let height = scrollY;
    listen(document, "touchmove", () => {
      touched = Date.now();
    });
    listen(document, "scroll", () => {
      const now = Date.now();
      at.depth = Math.max(at.depth, Math.round((100 * (scrollY + innerHeight)) / document.documentElement.scrollHeight));
      if (scrollY >= height || now - from.now > 1_000) from = { y: Math.max(scrollY, height), now };
      height = scrollY;
      // One and a half screens within a second: to the address bar, not back to a paragraph.
      if (now - touched < 2_000 && from.y - scrollY > 1.5 * innerHeight) signal("scroll");
    });
    const stir = () => {
      clearTimeout(idle);
      idle = setTimeout(guard(() => document.hidden || signal("idle")), IDLE);
    };
    listen(document, "pointermove pointerdown keydown scroll", stir);

    // Leaving: the tab is hidden, the page unloaded, or another view of the same page begins

    const place = () => window.navigation?.currentEntry?.index;
    let before = place();
    const turn = guard((by) => {
      before = place();
      if (path() === at.path) return;
      leave("left");
      begin(by);
    });
    listen(document, "visibilitychange", () => {
      if (!document.hidden) {
        at.left = false;
      } else if (!at.left) {
        signal("hidden");
        leave("hidden");
      }
    });
    listen(window, "pagehide", () => leave("left"));
    listen(window, "pageshow", (event) => event.persisted && begin("back"));
    listen(window, "online", flush);
    listen(window, "popstate", () => {
      const back = before === undefined ? path() !== at.path : place() < before;
      if (back) signal("back");
      turn(back ? "back" : undefined);
    });
    for (const name of ["pushState", "replaceState"]) {
      guard(() => {
        const own = history[name];
        history[name] = function (...given) {
          const done = apply(own, this, given);
          turn();
          return done;
        };
      })();
    }

    // For the page

    const offered = {
      track,
      page: (name, properties) => send("page", { name, properties }),
      identify: (id, traits) => {
        user = id;
        send("identify", { traits });
      },
      group: (groupId, traits) => send("group", { groupId, traits }),
      step,
      consent: (given = true) => {
        if (off) return;
        if (!given) {
          forget(STORED);
          forget(LATER);
          visitor = uuid();
        }
        kept = given ? "localStorage" : undefined;
        remember(STORED, visitor);
      },
      stop: () => {
        off = true;
        waiting = [];
      },
      flush,
    };
    offer((name) => offered[name]);

    visitor = remembered(STORED) || uuid();
    remember(STORED, visitor);
    guard(() => {
      waiting = [].concat(JSON.parse(remembered(LATER) || "[]"));
      forget(LATER);
    })();
    const arrival = guard(() => performance.getEntriesByType("navigation")[0].type)();
    begin(arrival === "back_forward" ? "back" : undefined);
  };

  guard(start)();
})();
