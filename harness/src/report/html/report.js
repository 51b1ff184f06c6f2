// What the page can do beyond being read: filters that live in the URL, keys, evidence that is unpacked when it is
// wanted, messages as they were sent. Text of a target is only ever put into the page as text; HTML comes from the
// page itself (deflated), where the report's own escaping made it.
(() => {
  "use strict";
  const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));
  const byId = (id) => document.getElementById(id);
  const make = (tag, properties, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(properties || {})) {
      if (name in element) element[name] = value;
      else element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  };
  document.documentElement.classList.add("js");

  // ---- Evidence that is kept deflated: `z3` is the fourth piece of it, an address is "piece offset length".
  const pieces = new Map();
  const unpack = (id) => {
    if (!pieces.has(id)) {
      const packed = Uint8Array.from(atob(byId(id).textContent), (c) => c.charCodeAt(0));
      const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
      pieces.set(id, new Response(stream).arrayBuffer().then((buffer) => new Uint8Array(buffer)));
    }
    return pieces.get(id);
  };
  const kept = async (letter, address) => {
    const [piece, offset, length] = address.split(" ").map(Number);
    return (await unpack(letter + piece)).subarray(offset, offset + length);
  };

  // Puts the whole evidence of a case where its short form is.
  const load = async (item) => {
    const address = item.dataset.z;
    if (!address) return;
    delete item.dataset.z;
    const html = new TextDecoder().decode(await kept("z", address));
    const parsed = new DOMParser().parseFromString(html, "text/html");
    const inside = item.querySelector(".inside");
    inside.replaceChildren(...parsed.body.childNodes);
    decorate(inside);
  };

  // ---- Messages: laid out, as they were sent, as bytes.
  const hidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\p{Default_Ignorable_Code_Point}]/gu;
  const symbol = (c) => {
    const code = c.codePointAt(0);
    if (c === "\n" || c === "\t") return c;
    if (code < 32) return String.fromCodePoint(0x2400 + code);
    return code === 127 ? "␡" : `⟨U+${code.toString(16).toUpperCase().padStart(4, "0")}⟩`;
  };
  const visible = (text) => text.replace(/\r\n/g, "\n").replace(hidden, symbol);
  const latin1 = (bytes) => Array.from(bytes, (b) => String.fromCharCode(b)).join("");
  const headEnd = (bytes) => {
    for (let i = 0; i + 3 < bytes.length; i++) {
      if (bytes[i] === 13 && bytes[i + 1] === 10 && bytes[i + 2] === 13 && bytes[i + 3] === 10) return i + 4;
    }
    return bytes.length;
  };
  const decode = (bytes, charset) => {
    try {
      return new TextDecoder(charset, { ignoreBOM: true }).decode(bytes);
    } catch {
      return latin1(bytes);
    }
  };
  const asSent = (bytes, charset) => {
    const end = headEnd(bytes);
    return visible(latin1(bytes.subarray(0, end)) + decode(bytes.subarray(end), charset));
  };
  const DUMP = 8192;
  const asBytes = (bytes) => {
    const rows = [];
    for (let at = 0; at < Math.min(bytes.length, DUMP); at += 16) {
      const row = Array.from(bytes.subarray(at, Math.min(at + 16, DUMP)));
      const hex = row.map((b) => b.toString(16).padStart(2, "0")).join(" ");
      const ascii = row.map((b) => (b >= 32 && b < 127 ? String.fromCharCode(b) : "·")).join("");
      rows.push(`${at.toString(16).padStart(5, "0")}  ${hex.padEnd(47)}  ${ascii}`);
    }
    if (bytes.length > DUMP) rows.push(`… ${(bytes.length - DUMP).toLocaleString("en")} more bytes`);
    return rows.join("\n");
  };
  const views = (message) => {
    const charset = message.dataset.c || "utf-8";
    const laidOut = Array.from(message.children).slice(1);
    const shown = make("pre", { className: "body asis", tabIndex: 0, hidden: true });
    const note = make("p", { className: "note", hidden: true });
    const names = { pretty: "Pretty", raw: "Raw", bytes: "Bytes" };
    const buttons = Object.entries(names).map(([view, name]) => {
      const button = make("button", { type: "button", textContent: name, "aria-pressed": String(view === "pretty") });
      button.addEventListener("click", async () => {
        for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
        for (const element of laidOut) element.hidden = view !== "pretty";
        shown.hidden = note.hidden = view === "pretty";
        if (view === "pretty") return;
        const bytes = await kept("r", message.dataset.r);
        shown.classList.toggle("bytes", view === "bytes");
        shown.textContent = view === "raw" ? asSent(bytes, charset) : asBytes(bytes);
        const cut = message.dataset.cut ? ` · ${message.dataset.cut} more in run.ndjson` : "";
        note.textContent = `${bytes.length.toLocaleString("en")} bytes with headers · ${charset}${cut}`;
      });
      return button;
    });
    const group = make("span", { className: "views", role: "group", "aria-label": "How the message is shown" }, ...buttons);
    message.firstElementChild.append(group);
    message.append(shown, note);
  };

  const copied = async (text, block) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      if (block) getSelection().selectAllChildren(block);
      document.execCommand("copy");
    }
  };
  const copy = (block) => {
    const button = make("button", { type: "button", className: "copy", textContent: "Copy" });
    button.addEventListener("click", async () => {
      await copied(block.textContent, block);
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    });
    block.after(button);
  };

  // Buttons are made when what they belong to is opened.
  const decorated = new WeakSet();
  const decorate = (root) => {
    for (const element of all(".cmd, .msg[data-r]", root)) {
      if (decorated.has(element)) continue;
      decorated.add(element);
      if (element.classList.contains("cmd")) copy(element);
      else views(element);
    }
  };
  addEventListener("toggle", (event) => {
    const details = event.target;
    if (!(details instanceof HTMLDetailsElement) || !details.open) return;
    if (details.matches(".op, .chunk")) return sync(details);
    const item = details.parentElement;
    if (item && item.dataset.z) load(item);
    if (!details.matches(".docs")) decorate(details);
  }, true);
  for (const details of all("details[open]")) if (!details.matches(".op, .chunk, .docs")) decorate(details);

  // ---- The cases as data.
  const VERDICTS = { failed: "f", errored: "e", waived: "v", flaky: "k", passed: "p", skipped: "s" };
  const WORDS = { failed: "failed", errored: "not judged", waived: "waived", flaky: "flaky", passed: "passed", skipped: "not run" };
  const LEVELS = { f: "must", s: "should", m: "may" };
  const list = (id) => all(`#${id} li`).map((li) => li.textContent);
  let data;
  // Rows by the element that folds them: an operation has its first cases, a chunk the next ones.
  const folds = new Map();
  const cases = () => {
    if (data) return data;
    const tags = list("tags"), checks = list("checks");
    const numbers = (text, names) => (text ? text.split(" ").map((n) => names[n]) : []);
    const rows = [], groups = [];
    for (const api of all("#cases .api")) {
      const name = api.dataset.api;
      for (const op of all(":scope > .op", api)) {
        const operation = op.dataset.op;
        const group = { element: op, api, folds: [], open: op.open, note: op.querySelector("summary > .fit"), of: 0 };
        for (const element of [op, ...all(".chunk", op)]) {
          const fold = { element, rows: [], open: element.open, fitting: 0 };
          const items = element.querySelector(":scope > .cases").children;
          for (const item of items) {
            if (!item.classList.contains("case")) continue;
            const says = item.dataset.v === "p" ? "" : all(".says, .why_", item).map((e) => e.textContent).join(" ");
            const head = item.firstElementChild;
            const text = (head.tagName === "DETAILS" ? head.firstElementChild : head).textContent;
            const row = {
              element: item, api: name, operation, verdict: item.dataset.v, level: LEVELS[item.dataset.l || "f"],
              tags: numbers(item.dataset.g, tags), checks: numbers(item.dataset.k, checks),
              text: `${text} ${says} ${name} ${operation}`.toLowerCase(), fits: true, hidden: false,
            };
            rows.push(row);
            fold.rows.push(row);
          }
          group.folds.push(fold);
          group.of += fold.rows.length;
          folds.set(element, fold);
        }
        groups.push(group);
      }
    }
    data = { rows, groups, tags, checks };
    return data;
  };
  // Only what is open is hidden and shown: the rest when it is opened.
  const sync = (element) => {
    const fold = folds.get(element);
    if (!fold) return;
    for (const row of fold.rows) {
      if (row.hidden === row.fits) row.element.hidden = row.hidden = !row.fits;
    }
  };
  const rowOf = (item) => (data ? data.rows.find((row) => row.element === item) : undefined);

  // ---- Filters. Their state is in the fragment: `#status=failed&api=cube&text=order&at=c0123456789`.
  const KEYS = ["status", "api", "operation", "tag", "level", "check", "text"];
  const state = Object.fromEntries(KEYS.map((key) => [key, ""]));
  const isActive = () => KEYS.some((key) => state[key]);
  const fragment = (at) => {
    const words = KEYS.filter((key) => state[key]).map((key) => `${key}=${encodeURIComponent(state[key])}`);
    if (words.length === 0) return at ? `#${at}` : "";
    return `#${words.join("&")}${at ? `&at=${at}` : ""}`;
  };
  // Where more cases or folds than these fit, a filter opens none: it counts.
  const FEW = 40, FEW_CASES = 200;
  const controls = {};
  let status;
  const filter = () => {
    const { rows, groups } = cases();
    const verdicts = state.status ? new Set(state.status.split(",").map((name) => VERDICTS[name])) : null;
    const words = state.text.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (row) =>
      (!verdicts || verdicts.has(row.verdict)) &&
      (!state.api || row.api === state.api) &&
      (!state.operation || row.operation === state.operation) &&
      (!state.tag || row.tags.includes(state.tag)) &&
      (!state.level || row.level === state.level) &&
      (!state.check || row.checks.includes(state.check)) &&
      words.every((word) => row.text.includes(word));
    const active = isActive();
    let fitting = 0, some = 0;
    for (const group of groups) {
      group.fitting = 0;
      for (const fold of group.folds) {
        fold.fitting = 0;
        for (const row of fold.rows) fold.fitting += row.fits = fits(row);
        group.fitting += fold.fitting;
        some += fold.fitting > 0;
      }
      fitting += group.fitting;
    }
    const apis = new Map();
    const all = fitting;
    for (const group of groups) {
      for (const { element, open, fitting } of group.folds) {
        const any = element === group.element ? group.fitting > 0 : fitting > 0;
        if (element.hidden === any) element.hidden = !any;
        const wanted = active && some <= FEW && all <= FEW_CASES ? any : open;
        if (element.open !== wanted) element.open = wanted;
        if (wanted && any && group.element.open) sync(element);
      }
      const note = active && group.fitting > 0 && group.fitting < group.of ? `${group.fitting.toLocaleString("en")} fit` : "";
      if (group.note.textContent !== note) group.note.textContent = note;
      apis.set(group.api, (apis.get(group.api) || 0) + group.fitting);
    }
    for (const [api, n] of apis) if (api.hidden === n > 0) api.hidden = n === 0;
    const of = `of ${rows.length.toLocaleString("en")} cases`;
    status.textContent = active ? (fitting === 0 ? `No case fits, ${of}` : `${fitting.toLocaleString("en")} ${of}`) : "";
    controls.clear.hidden = !active;
  };
  const show = () => {
    for (const key of ["api", "operation", "tag", "level", "check"]) if (controls[key]) controls[key].value = state[key];
    if (controls.text.value !== state.text) controls.text.value = state.text;
    const verdicts = state.status ? state.status.split(",") : Object.keys(VERDICTS);
    for (const [name, toggle] of Object.entries(controls.toggles)) {
      toggle.setAttribute("aria-pressed", String(verdicts.includes(name)));
    }
  };
  // Every link of the page is resolved again when the URL changes: not at every key.
  let writing;
  const writeUrl = () => {
    clearTimeout(writing);
    writing = setTimeout(() => history.replaceState(null, "", fragment("") || location.pathname + location.search), 250);
  };
  const set = (changes) => {
    Object.assign(state, changes);
    filter();
    show();
    writeUrl();
  };
  const clear = () => set(Object.fromEntries(KEYS.map((key) => [key, ""])));

  const tools = byId("tools");
  const build = () => {
    controls.text = make("input", { type: "search", placeholder: "Filter cases", autocomplete: "off", "aria-label": "Filter cases by id, title or finding", "aria-keyshortcuts": "/" });
    controls.text.addEventListener("input", () => set({ text: controls.text.value }));
    controls.toggles = {};
    const toggles = make("span", { className: "toggles", role: "group", "aria-label": "Status" });
    const counts = {};
    for (const item of document.getElementsByClassName("case")) counts[item.dataset.v] = (counts[item.dataset.v] || 0) + 1;
    const there = Object.keys(VERDICTS).filter((name) => counts[VERDICTS[name]]);
    for (const name of there) {
      const sign = make("span", { className: `st ${VERDICTS[name]}`, "aria-hidden": "true" });
      const toggle = make("button", { type: "button", "aria-pressed": "true" }, sign, `${WORDS[name]} ${counts[VERDICTS[name]].toLocaleString("en")}`);
      toggle.addEventListener("click", () => {
        // The first click on one of all shows it alone.
        let shown = state.status ? state.status.split(",") : [];
        shown = shown.includes(name) ? shown.filter((other) => other !== name) : [...shown, name];
        set({ status: shown.length === there.length ? "" : there.filter((n) => shown.includes(n)).join(",") });
      });
      controls.toggles[name] = toggle;
      toggles.append(toggle);
    }
    const choose = (key, label, options) => {
      if (options.length < 2 && key !== "check") return [];
      if (options.length === 0) return [];
      const select = make("select", { "aria-label": label }, make("option", { value: "", textContent: label }), ...options);
      select.addEventListener("change", () => set({ [key]: select.value, ...(key === "api" ? { operation: "" } : {}) }));
      controls[key] = select;
      return [select];
    };
    const option = (value) => make("option", { value, textContent: value });
    const apis = all("#cases .api");
    const operations = apis.map((api) => make("optgroup", { label: api.dataset.api }, ...new Set(all(":scope > .op", api).map((op) => op.dataset.op))));
    for (const group of operations) group.replaceChildren(...Array.from(group.childNodes, (node) => option(node.textContent)));
    const levels = new Set(all("#cases .case[data-l]").map((item) => item.dataset.l));
    const selects = make("span", { className: "selects" },
      ...choose("api", "All APIs", apis.map((api) => option(api.dataset.api))),
      ...choose("operation", "All operations", operations),
      ...choose("tag", "All tags", list("tags").map(option)),
      ...(levels.size ? choose("level", "All levels", Object.values(LEVELS).map(option)) : []),
      ...choose("check", "All findings", list("checks").map(option)));
    status = make("p", { className: "status", role: "status" });
    controls.clear = make("button", { type: "button", textContent: "Clear", hidden: true });
    controls.clear.addEventListener("click", clear);
    const fold = (open) => {
      const button = make("button", { type: "button", className: "fold", textContent: open ? "Expand all" : "Fold all" });
      button.addEventListener("click", () => {
        const many = cases().rows.length > 2000;
        for (const d of all(many ? "#cases .op" : "#cases .op, #cases .case > details")) {
          if (!open ? d.matches(".case > details") || many : !d.closest("[hidden]")) d.open = open;
        }
      });
      return button;
    };
    const help = make("button", { type: "button", className: "fold", textContent: "Keys", "aria-keyshortcuts": "?" });
    help.addEventListener("click", showKeys);
    tools.append(controls.text, toggles, selects, controls.clear, fold(true), fold(false), help, status);
  };

  // ---- Links: to a case, a finding, a problem; with or without filters.
  const reveal = async (id) => {
    if (!id) return;
    // A finding of a case whose evidence is not unpacked yet.
    const target = byId(id) || byId(id.replace(/-\d+$/, ""));
    if (!target) return;
    const item = target.closest(".case");
    const row = item && rowOf(item);
    if (row && !row.fits) clear();
    for (let e = target; e; e = e.parentElement) if (e.tagName === "DETAILS") e.open = true;
    const own = target.querySelector(":scope > details");
    if (own) own.open = true;
    if (item && item.dataset.z) await load(item);
    const place = byId(id) || target;
    for (let e = place; e; e = e.parentElement) if (e.tagName === "DETAILS") e.open = true;
    for (const old of all(".target")) old.classList.remove("target");
    place.classList.add("target");
    // What is laid out only now may push the target away.
    let tries = 5;
    const settle = () => {
      place.scrollIntoView();
      if (tries-- > 0) requestAnimationFrame(settle);
    };
    settle();
  };
  const plain = (fragment) => {
    try {
      return decodeURIComponent(fragment);
    } catch {
      return fragment;
    }
  };
  const arrive = () => {
    const hash = location.hash.slice(1);
    if (!hash.includes("=")) {
      if (hash && tools && isActive()) history.replaceState(null, "", fragment(hash));
      return reveal(plain(hash));
    }
    const words = new URLSearchParams(hash);
    if (tools) {
      for (const key of KEYS) state[key] = words.get(key) || "";
      filter();
      show();
    }
    const at = words.get("at");
    return at ? reveal(at) : byId("cases").scrollIntoView();
  };
  addEventListener("hashchange", arrive);
  addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest("a");
    if (!link) return;
    const wanted = link.dataset.f;
    if (wanted && tools) {
      event.preventDefault();
      const words = new URLSearchParams(wanted);
      set(Object.fromEntries(KEYS.map((key) => [key, words.get(key) || ""])));
      byId("cases").scrollIntoView();
    } else if (link.hash && link.hash === location.hash) {
      // The same place again: there is no hashchange.
      reveal(plain(link.hash.slice(1)));
    }
  });

  // ---- Keys.
  const KEYS_OF_HELP = [
    ["j", "next problem, operation or case"], ["k", "the one before"], ["Enter", "open or close it"], ["n", "next case that is wrong"],
    ["/", "filter the cases"], ["Esc", "leave the filter, then clear it"], ["c", "copy a link to what is focused, with the filters"], ["?", "this list"],
  ];
  let keys;
  const showKeys = () => {
    if (!keys) {
      const items = KEYS_OF_HELP.flatMap(([key, does]) => [make("dt", {}, make("kbd", { textContent: key })), make("dd", { textContent: does })]);
      const close = make("button", { type: "button", textContent: "Close" });
      keys = make("dialog", { "aria-labelledby": "keys-h" }, make("h2", { id: "keys-h", textContent: "Keys" }), make("dl", {}, ...items), close);
      close.addEventListener("click", () => keys.close());
      document.body.append(keys);
    }
    if (!keys.open) keys.showModal();
  };
  const STOPS = ".problem > details > summary, .op > summary, .chunk > summary, .case > details > summary";
  let stops;
  const move = (by, fits) => {
    stops ||= all(STOPS);
    const focused = document.activeElement && document.activeElement.closest("summary");
    let at = stops.indexOf(focused);
    if (at < 0) {
      // From what is on the screen.
      const below = stops.findIndex((stop) => stop.checkVisibility() && stop.getBoundingClientRect().top >= 0);
      at = by > 0 ? below - 1 : below;
    }
    for (at += by; at >= 0 && at < stops.length; at += by) {
      if (!fits(stops[at])) continue;
      stops[at].focus({ preventScroll: true });
      stops[at].scrollIntoView({ block: "center" });
      return;
    }
  };
  const isSeen = (stop) => stop.checkVisibility();
  const isWrong = (stop) => {
    const item = stop.closest(".case");
    if (!item || !"fe".includes(item.dataset.v)) return false;
    const row = rowOf(item);
    if (row && !row.fits) return false;
    for (let e = item; e; e = e.parentElement) if (e.tagName === "DETAILS") e.open = true;
    return true;
  };
  const linkOf = (element) => {
    const item = element && element.closest(".case, .problem");
    const place = item && (item.id ? item : item.querySelector("[id]"));
    return `${location.href.split("#")[0]}${fragment(place ? place.id : "")}`;
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || (keys && keys.open)) return;
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if (event.key === "Escape" && tools) {
      if (typing) {
        // The browser's own would empty the field.
        event.preventDefault();
        event.target.blur();
      } else if (isActive()) clear();
      return;
    }
    if (typing) return;
    if (event.key === "?") showKeys();
    else if (event.key === "j") move(1, isSeen);
    else if (event.key === "k") move(-1, isSeen);
    else if (event.key === "n") move(1, isWrong);
    else if (event.key === "c") copied(linkOf(document.activeElement));
    else if (event.key === "/" && tools) controls.text.focus();
    else return;
    event.preventDefault();
  });

  if (tools) {
    build();
    // The first keystroke should find everything read already.
    (window.requestIdleCallback || setTimeout)(() => cases());
  }
  addEventListener("beforeprint", () => { for (const details of all(".problem > details")) details.open = true; });
  arrive();
})();
