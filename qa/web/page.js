// The page's own script: language, theme, the report pane, copy and export. It asks nothing of any other host.
"use strict";

window.youju = (() => {
  const root = document.documentElement;
  const $ = (selector, within = document) => within.querySelector(selector);
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
  const remember = (key, value) => { try { localStorage.setItem("youju-" + key, value); } catch { /* private mode */ } };
  const remembered = (key) => { try { return localStorage.getItem("youju-" + key); } catch { return null; } };
  const narrow = () => matchMedia("(max-width: 900px)").matches;

  // ---- language: both wordings stand in the page, the style sheet shows one; attributes are set here

  const OWN = [
    ["#question textarea", "placeholder", "就这份报告提问…", "Ask about this report…"],
    ["#question textarea", "aria-label", "问题", "Question"],
    ["#send", "aria-label", "提问", "Ask"],
    ["#chat [role=log]", "aria-label", "对话", "Conversation"],
    ["#report", "aria-label", "报告原文", "The report"],
    ["#talk", "aria-label", "问答", "Questions and answers"],
  ];

  const language = () => root.dataset.language;

  function localise(within) {
    const english = language() === "en";
    for (const node of $$("[data-attribute]", within)) node.setAttribute(node.dataset.attribute, english ? node.dataset.en : node.dataset.zh);
    for (const [selector, attribute, zh, en] of OWN) {
      const node = $(selector);
      const wording = english ? en : zh;
      if (node && node.getAttribute(attribute) !== wording) node.setAttribute(attribute, wording);
    }
    $("#talk")?.setAttribute("role", "main");
    $("#report")?.setAttribute("role", "complementary");
  }

  function speak(code) {
    root.dataset.language = code;
    root.lang = code === "zh" ? "zh-Hans" : "en";
    localise(document);
  }

  // ---- theme: the system's, until the reader chooses

  function keepTheme() {
    const chosen = remembered("theme");
    if (chosen && document.body && document.body.classList.contains("dark") !== (chosen === "dark")) {
      document.body.classList.toggle("dark", chosen === "dark");
    }
  }

  // ---- the report pane

  let pane = null;
  let opener = null;

  const source = () => $("#pane article.source");
  const settled = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));

  async function load(name) {
    if (!pane || source()?.dataset.document === name) return;
    pane.props.value = await pane.server.report(name);
    for (let i = 0; i < 100 && source()?.dataset.document !== name; i++) await settled();
  }

  function drawer(open) {
    root.classList.toggle("drawer-open", open);
    if (open) $("#report [data-action=drawer]")?.focus({ preventScroll: true });
    else (opener ?? $(".tools [data-action=drawer]"))?.focus({ preventScroll: true });
    if (!open) opener = null;
  }

  const length = (text) => { let n = 0; for (const _ of text) n++; return n; };
  const units = (text, points) => { let n = 0; for (const c of text) { if (points-- <= 0) break; n += c.length; } return n; };

  function unmark() {
    for (const mark of $$("mark.here", source())) {
      const parent = mark.parentNode;
      mark.replaceWith(...mark.childNodes);
      parent.normalize();
    }
  }

  // Offsets are in characters (code points) of the document, as in every answer; the browser counts UTF-16 units.
  function mark(start, end) {
    const found = [];
    for (const block of $$("[data-start]", source())) {
      let at = Number(block.dataset.start);
      if (Number(block.dataset.end) <= start || at >= end) continue;
      const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
      const nodes = [];
      while (walker.nextNode()) nodes.push(walker.currentNode);
      for (const node of nodes) {
        const size = length(node.data);
        const from = Math.max(start - at, 0);
        const to = Math.min(end - at, size);
        if (from < to) {
          const range = document.createRange();
          range.setStart(node, units(node.data, from));
          range.setEnd(node, units(node.data, to));
          const here = document.createElement("mark");
          here.className = "here";
          range.surroundContents(here);
          found.push(here);
        }
        at += size;
      }
    }
    return found;
  }

  function scrollTo(nodes) {
    const box = source();
    const top = nodes[0].getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop;
    const height = nodes.at(-1).getBoundingClientRect().bottom - nodes[0].getBoundingClientRect().top;
    box.scrollTop = top - Math.max(24, (box.clientHeight - height) / 2.5);
  }

  async function openQuote(button) {
    await load(button.dataset.document);
    if (!source()) return;
    unmark();
    const found = mark(Number(button.dataset.start), Number(button.dataset.end));
    for (const other of $$(".place.open")) other.classList.remove("open");
    button.classList.add("open");
    if (narrow()) { drawer(true); opener = button; }
    await settled();
    if (found.length) scrollTo(found);
    strip();
  }

  function jump(button) {
    const block = $(`[data-start="${button.dataset.start}"]`, source());
    if (block) source().scrollTop = block.offsetTop - 12;
    source().focus({ preventScroll: true });
  }

  function strip() {
    const box = source();
    const bar = $("#pane .strip");
    if (!box || !bar) return;
    const ticks = $$(".hole", box).map((hole) => {
      const top = hole.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop;
      return `<i style="top:${(100 * top / box.scrollHeight).toFixed(2)}%"></i>`;
    });
    bar.innerHTML = [...new Set(ticks)].join("") + '<span class="thumb"></span>';
    thumb();
  }

  function thumb() {
    const box = source();
    const view = $("#pane .strip .thumb");
    if (!box || !view) return;
    view.style.top = `${100 * box.scrollTop / box.scrollHeight}%`;
    view.style.height = `${100 * box.clientHeight / box.scrollHeight}%`;
  }

  function report(element, props, server, watch) {
    pane = { element, props, server };
    element.addEventListener("scroll", thumb, true);
    element.addEventListener("change", (event) => { if (event.target.matches("[data-action=choose]")) load(event.target.value); });
    element.addEventListener("toggle", strip, true);
    element.addEventListener("click", (event) => {
      const bar = event.target.closest(".strip");
      if (!bar) return;
      const place = bar.getBoundingClientRect();
      source().scrollTop = source().scrollHeight * (event.clientY - place.top) / place.height - source().clientHeight / 2;
    });
    new ResizeObserver(strip).observe(element);
    watch("value", () => { localise(element); strip(); });
    strip();
  }

  // ---- the desk: reports come and go, the index is rebuilt, the page stays

  let office = null;

  function desk(element, server) {
    if (!$(".desk", element)) return;
    office = { element, server, generation: null };
    element.addEventListener("toggle", (event) => { if (event.target.matches(".desk[open]")) tend(server.desk_state(null)); }, true);
    element.addEventListener("change", async (event) => {
      const file = event.target.files?.[0];
      if (!file) return;
      const bytes = new Uint8Array(await file.arrayBuffer());
      let binary = "";
      for (let i = 0; i < bytes.length; i += 32768) binary += String.fromCharCode(...bytes.subarray(i, i + 32768));
      event.target.value = "";
      tend(server.desk_add({ name: file.name, content: btoa(binary) }));
    });
  }

  async function tend(asked) {
    let state = await asked;
    office.generation ??= state.generation;
    const before = office.generation;
    const failed = state.error;
    // A build has ended well when the server has taken up the generation it made.
    for (let i = 0; i < 1500; i++) {
      draw(state);
      if (!state.running && (failed || state.error || i === 0 || state.generation !== before)) break;
      await new Promise((done) => setTimeout(done, 400));
      state = await office.server.desk_state(null);
    }
    draw({ ...state, running: false, error: failed ?? state.error });
    if (state.generation !== before) {
      office.generation = state.generation;
      pane.props.value = await pane.server.report(source()?.dataset.document ?? null);
    }
  }

  function draw(state) {
    const box = $(".desk", office.element);
    box.classList.toggle("running", state.running);
    const bar = $("progress", box);
    bar.hidden = !state.running;
    if (state.total) { bar.max = state.total; bar.value = state.done; } else bar.removeAttribute("value");
    $(".line", box).textContent = state.error ?? "";
    $("ul", box).replaceChildren(...state.documents.map((name) => {
      const row = document.createElement("li");
      const title = document.createElement("span");
      title.textContent = name;
      const button = $("template", box).content.firstElementChild.cloneNode(true);
      button.dataset.name = name;
      button.hidden = state.documents.length < 2;
      row.append(title, button);
      return row;
    }));
    for (const control of $$("button, input", box)) control.disabled = state.running;
  }

  function remove(button) {
    if (button.classList.contains("asked")) tend(office.server.desk_remove(button.dataset.name));
    else button.classList.add("asked");
  }

  // ---- the chat

  function examples(element, trigger) {
    element.addEventListener("click", (event) => {
      const button = event.target.closest("[data-question]");
      if (button) trigger("click", { question: button.dataset.question });
    });
  }

  // The newest question goes to the top, so that the verdict is the first thing seen, however long the answer: once
  // when it is asked, and again when the answer has come and there is enough below it to scroll.
  let followed = "";
  function follow() {
    const turns = $$("#chat .question");
    root.classList.toggle("has-turn", turns.length > 0);
    root.classList.toggle("has-answer", $("#chat .answer") !== null);
    const state = `${turns.length} ${$("#chat .pending") !== null}`;
    if (state === followed) return;
    followed = state;
    if (!turns.length) return;
    const log = $("#chat [role=log]");
    const top = turns.at(-1).getBoundingClientRect().top - log.getBoundingClientRect().top + log.scrollTop;
    log.scrollTo({ top: top - 16 });
  }

  async function copy(button) {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      const area = Object.assign(document.createElement("textarea"), { value: button.dataset.copy });
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
      button.focus();
    }
    button.classList.add("copied");
    setTimeout(() => button.classList.remove("copied"), 1600);
  }

  function download(name, type, content) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([content], { type: type + ";charset=utf-8" }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  const ACTIONS = {
    open: openQuote,
    jump,
    drawer: () => drawer(!root.classList.contains("drawer-open")),
    rebuild: () => tend(office.server.desk_rebuild(null)),
    remove,
    new: () => location.reload(),
    language: () => { const next = language() === "zh" ? "en" : "zh"; remember("language", next); speak(next); },
    theme: () => { remember("theme", document.body.classList.contains("dark") ? "light" : "dark"); keepTheme(); },
    json: () => {
      const answers = $$("#chat .answer").map((node) => JSON.parse(node.dataset.answer));
      download("youju.json", "application/json", JSON.stringify({ answers }, null, 1));
    },
    markdown: () => download("youju.md", "text/markdown", $$("#chat .answer").map((n) => n.dataset.markdown).join("\n---\n\n")),
  };

  document.addEventListener("click", (event) => {
    // A click anywhere on a quote opens its place, unless it ends a selection; the button does so for the keyboard.
    const quoted = event.target.closest("figure.quote blockquote");
    const selecting = !(getSelection()?.isCollapsed ?? true);
    const button = quoted && !selecting ? $(".place", quoted.parentElement) : event.target.closest("button");
    if (button?.dataset.copy) copy(button);
    ACTIONS[button?.dataset.action]?.(button);
    for (const menu of $$("details.menu[open]")) if (!menu.contains(event.target) || (button && !menu.matches(".desk"))) menu.open = false;
    const skip = event.target.closest("a.skip");
    if (skip) { event.preventDefault(); $("#question textarea")?.focus(); }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = $("details.menu[open]");
    if (menu) { menu.open = false; $("summary", menu).focus(); }
    else if (root.classList.contains("drawer-open")) drawer(false);
  });

  speak(remembered("language") ?? ((navigator.languages?.[0] ?? navigator.language).toLowerCase().startsWith("zh") ? "zh" : "en"));

  // The page is built by Gradio after this script has run: watch it from the root, which is there already.
  new MutationObserver((changes) => {
    const added = changes.flatMap((change) => [...change.addedNodes]).filter((node) => node.nodeType === Node.ELEMENT_NODE);
    if (!added.length) return;
    for (const node of added) localise(node);
    keepTheme();
    follow();
  }).observe(root, { childList: true, subtree: true });

  return { desk, examples, report };
})();
