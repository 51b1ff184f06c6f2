(() => {
  "use strict";
  const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));
  const make = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  // A link to a case opens what the case is folded into.
  const reveal = () => {
    const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (!target) return;
    for (let e = target; e; e = e.parentElement) if (e.tagName === "DETAILS") e.open = true;
    const own = target.querySelector(":scope > details");
    if (own) own.open = true;
    // What is laid out only now may push the target away.
    let tries = 5;
    const settle = () => {
      target.scrollIntoView();
      if (tries-- > 0) requestAnimationFrame(settle);
    };
    settle();
  };
  addEventListener("hashchange", reveal);

  // Copy buttons.
  const copy = (block) => {
    const button = make("button", { type: "button", className: "copy", textContent: "Copy" });
    button.addEventListener("click", async () => {
      const text = block.textContent;
      try {
        await navigator.clipboard.writeText(text);
      } catch {
        getSelection().selectAllChildren(block);
        document.execCommand("copy");
      }
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    });
    block.after(button);
  };
  all(".cmd").forEach(copy);

  // Filter of the cases.
  const tools = document.getElementById("tools");
  const cases = all("#cases .case");
  if (tools && cases.length > 1) {
    const names = { f: "failed", e: "not judged", p: "passed", s: "not run" };
    const shown = new Set(Object.keys(names));
    const status = make("p", { className: "status" });
    status.setAttribute("role", "status");
    const input = make("input", { type: "search", placeholder: "Filter cases", autocomplete: "off" });
    input.setAttribute("aria-label", "Filter cases by id or title");
    const texts = new Map();
    const text = (item) => {
      if (!texts.has(item)) {
        const row = item.querySelector("summary, .row");
        texts.set(item, (row ? row.textContent : item.textContent).toLowerCase());
      }
      return texts.get(item);
    };
    const filter = () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      let visible = 0;
      for (const item of cases) {
        const fits = shown.has(item.dataset.v) && words.every((w) => text(item).includes(w));
        item.hidden = !fits;
        visible += fits;
      }
      for (const group of all("#cases .op")) {
        const some = group.querySelector(".case:not([hidden])");
        group.hidden = !some;
        if (some && words.length) group.open = true;
      }
      for (const api of all("#cases .api")) api.hidden = !api.querySelector(".op:not([hidden])");
      status.textContent = visible === cases.length ? "" : `${visible} of ${cases.length} cases`;
    };
    let timer;
    input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(filter, 120); });
    const toggles = make("span", { className: "toggles" });
    for (const [letter, name] of Object.entries(names)) {
      const n = cases.filter((c) => c.dataset.v === letter).length;
      if (!n) continue;
      const sign = make("span", { className: `st ${letter}` });
      sign.setAttribute("aria-hidden", "true");
      const toggle = make("button", { type: "button" }, sign, `${name} ${n.toLocaleString("en")}`);
      toggle.setAttribute("aria-pressed", "true");
      toggle.addEventListener("click", () => {
        if (!shown.delete(letter)) shown.add(letter);
        toggle.setAttribute("aria-pressed", String(shown.has(letter)));
        filter();
      });
      toggles.append(toggle);
    }
    const fold = (open) => {
      const button = make("button", { type: "button", textContent: open ? "Expand all" : "Fold all" });
      button.addEventListener("click", () => {
        const wanted = open && cases.length > 2000 ? "#cases .op" : "#cases .op, #cases .case > details";
        for (const d of all(wanted)) if (!open ? d.matches(".case > details") : !d.closest("[hidden]")) d.open = open;
      });
      return button;
    };
    tools.append(input, toggles, fold(true), fold(false), status);
    addEventListener("keydown", (event) => {
      if (event.key === "/" && !/^(INPUT|TEXTAREA)$/.test(event.target.tagName)) {
        event.preventDefault();
        input.focus();
      }
    });
  }
  reveal();
})();
