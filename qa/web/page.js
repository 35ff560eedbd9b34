// The page's own script: language, theme, the report pane, copy and export. It asks nothing of any other host.
"use strict";

window.youju = (() => {
  const root = document.documentElement;
  const $ = (selector, within = document) => within.querySelector(selector);
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
  const remember = (key, value) => { try { localStorage.setItem("youju-" + key, value); } catch { /* private mode */ } };
  const remembered = (key) => { try { return localStorage.getItem("youju-" + key); } catch { return null; } };
  const narrow = () => matchMedia("(max-width: 900px)").matches;

  // ---- language: all wordings stand in the page, the style sheet shows one; attributes are set here

  const OWN = [
    ["#question textarea", "placeholder", { zh: "就这份报告提问…", hant: "就這份報告提問…", en: "Ask about this report…" }],
    ["#question textarea", "aria-label", { zh: "问题", hant: "問題", en: "Question" }],
    ["#chat [role=log]", "aria-label", { zh: "对话", hant: "對話", en: "Conversation" }],
    ["#report", "aria-label", { zh: "报告原文", hant: "報告原文", en: "The report" }],
    ["#talk", "aria-label", { zh: "问答", hant: "問答", en: "Questions and answers" }],
  ];
  const TAGS = { zh: "zh-Hans", hant: "zh-Hant", en: "en" };

  const language = () => root.dataset.language;

  function localise(within) {
    const own = language();
    for (const node of [...(within.matches?.("[data-attribute]") ? [within] : []), ...$$("[data-attribute]", within)]) {
      node.setAttribute(node.dataset.attribute, node.dataset[own]);
    }
    for (const [selector, attribute, wordings] of OWN) {
      const node = $(selector);
      if (node && node.getAttribute(attribute) !== wordings[own]) node.setAttribute(attribute, wordings[own]);
    }
    for (const choice of $$(".tools [data-language]")) choice.setAttribute("aria-pressed", choice.dataset.language === own);
    $("#talk")?.setAttribute("role", "main");
    $("#report")?.setAttribute("role", "complementary");
  }

  function speak(code) {
    root.dataset.language = code;
    root.lang = TAGS[code];
    localise(document);
  }

  // The framework sets the browser's own tag when its texts have loaded, which may be after us.
  new MutationObserver(() => {
    if (root.lang !== TAGS[language()]) root.lang = TAGS[language()];
  }).observe(root, { attributes: true, attributeFilter: ["lang"] });

  // The browser's first language: Chinese in the script of its region, English for everybody else.
  function preferred() {
    const tag = (navigator.languages?.[0] ?? navigator.language).toLowerCase();
    if (!tag.startsWith("zh")) return "en";
    return /hant|tw|hk|mo/.test(tag) ? "hant" : "zh";
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
  let sectionsKept = false;

  const source = () => $("#pane article.source");
  const settled = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));

  function notice(kind) {
    for (const line of $$("#pane .notice")) line.hidden = !line.classList.contains(kind);
  }

  // Shows a report as the index of that generation, or a newer one, has it; false, and says so, when it is not there.
  async function load(name, generation = source()?.dataset.generation) {
    const before = source();
    const found = before?.dataset.document === name && before.dataset.generation === generation
      ? pane.props.value
      : await pane.server.report(name);
    const shown = found || await pane.server.report(before?.dataset.document ?? null) || await pane.server.report(null);
    if (shown !== pane.props.value) {
      pane.props.value = shown;
      for (let i = 0; i < 100 && source() === before; i++) await settled();
    }
    notice(found ? "" : "gone");
    return Boolean(found);
  }

  // Whether the marks lie on the words that were quoted, though the report was read anew since.
  function stillThere(button, found) {
    const quoted = $("blockquote", button.closest("figure.quote") ?? button)?.textContent ?? button.dataset.text;
    const bare = (text) => text.replace(/\s/g, "");
    return Boolean(quoted) && bare(found.map((node) => node.textContent).join("")) === bare(quoted);
  }

  // What is still hidden, as on the first frames of a transition, takes no focus.
  async function focusWhenShown(node) {
    for (let i = 0; i < 30 && root.classList.contains("drawer-open") && document.activeElement !== node; i++) {
      node?.focus({ preventScroll: true });
      await settled();
    }
  }

  function drawer(open) {
    root.classList.toggle("drawer-open", open);
    if (open) focusWhenShown($("#report [data-action=drawer]"));
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
  // One mark for each block, around figures and holes, so that it runs through; text in a figure cut in two, its own.
  function mark(start, end) {
    const found = [];
    for (const block of $$("[data-start]", source())) {
      let at = Number(block.dataset.start);
      if (Number(block.dataset.end) <= start || at >= end) continue;
      const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
      const pieces = [];
      while (walker.nextNode()) {
        const node = walker.currentNode;
        const size = length(node.data);
        const [from, to] = [Math.max(start - at, 0), Math.min(end - at, size)];
        if (from < to) pieces.push([node, units(node.data, from), units(node.data, to)]);
        at += size;
      }
      if (!pieces.length) continue;
      const ranges = [[pieces[0], pieces.at(-1)]];
      const around = (node) => (node.parentNode === block ? node : node.parentNode);
      const cut = ([node, from, to]) => node.parentNode !== block && (from > 0 || to < node.data.length);
      if (cut(pieces[0]) || cut(pieces.at(-1))) ranges.splice(0, 1, ...pieces.map((piece) => [piece, piece]));
      for (const [first, last] of ranges) {
        const range = document.createRange();
        if (first[0].parentNode === block || first === last) range.setStart(first[0], first[1]);
        else range.setStartBefore(around(first[0]));
        if (last[0].parentNode === block || first === last) range.setEnd(last[0], last[2]);
        else range.setEndAfter(around(last[0]));
        const here = document.createElement("mark");
        here.className = "here";
        here.append(range.extractContents());
        range.insertNode(here);
        found.push(here);
      }
    }
    return found;
  }

  // The very figure or hole that was asked about stands out within the quote.
  function point(offsets) {
    for (const node of $$(".asked", source())) node.classList.remove("asked");
    return offsets.map((at) => $(`:is(.hole, .figure)[data-at="${at}"]`, source())).filter(Boolean).map((node) => {
      node.classList.add("asked");
      return node;
    });
  }

  function scrollTo(nodes) {
    const box = source();
    const top = nodes[0].getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop;
    const height = nodes.at(-1).getBoundingClientRect().bottom - nodes[0].getBoundingClientRect().top;
    box.scrollTop = top - Math.max(24, (box.clientHeight - height) / 2.5);
  }

  async function openQuote(button) {
    if (!pane) return;
    const generation = button.closest("[data-generation]")?.dataset.generation;
    const there = await load(button.dataset.document, generation);
    if (!source()) return;
    unmark();
    let found = there ? mark(Number(button.dataset.start), Number(button.dataset.end)) : [];
    if (there && source().dataset.generation !== generation && !stillThere(button, found)) {
      unmark();
      found = [];
      notice("changed");
    }
    const asked = point(found.length ? (button.dataset.asked ?? "").split(" ").filter(Boolean) : []);
    for (const other of $$(".place.open")) other.classList.remove("open");
    button.classList.add("open");
    // The list of sections gives its room to the text, once: who opens it again keeps it.
    const sections = $("#pane .sections");
    if (sections?.open && !sectionsKept) sections.open = false;
    if (narrow()) { drawer(true); opener = button; }
    await settled();
    const tall = found.length && found.at(-1).getBoundingClientRect().bottom - found[0].getBoundingClientRect().top > source().clientHeight;
    if (found.length) scrollTo(tall && asked.length ? asked : found);
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
    const above = box.getBoundingClientRect().top - box.scrollTop;
    const share = (y) => `${(100 * (y - above) / box.scrollHeight).toFixed(1)}%`;
    const ticks = $$(":is(.figure, .hole:not(.weak))", box).map((slot) =>
      `<i class="${slot.matches(".hole") ? "missing" : "stated"}" style="top:${share(slot.getBoundingClientRect().top)}"></i>`);
    const here = $$("mark.here", box).map((node) => node.getBoundingClientRect());
    const now = here.length ? `<span class="now" style="top:${share(here[0].top)};height:calc(${share(here.at(-1).bottom)} - ${share(here[0].top)})"></span>` : "";
    bar.innerHTML = now + [...new Set(ticks)].sort().join("") + '<span class="thumb"></span>';
    thumb();
  }

  function thumb() {
    const box = source();
    const view = $("#pane .strip .thumb");
    if (!box || !view) return;
    view.style.top = `${100 * box.scrollTop / box.scrollHeight}%`;
    view.style.height = `${100 * box.clientHeight / box.scrollHeight}%`;
    view.hidden = box.clientHeight >= box.scrollHeight;
  }

  function report(element, props, server, watch) {
    pane = { element, props, server };
    element.addEventListener("scroll", thumb, true);
    element.addEventListener("change", (event) => { if (event.target.matches("[data-action=choose]")) load(event.target.value); });
    element.addEventListener("toggle", strip, true);
    element.addEventListener("click", (event) => { if (event.target.closest(".sections summary")) sectionsKept = true; });
    element.addEventListener("click", (event) => {
      const bar = event.target.closest(".strip");
      if (!bar) return;
      const place = bar.getBoundingClientRect();
      source().scrollTop = source().scrollHeight * (event.clientY - place.top) / place.height - source().clientHeight / 2;
    });
    new ResizeObserver(strip).observe(element);
    watch("value", () => { localise(element); strip(); fillScope(); });
    strip();
    fillScope();
  }

  // ---- which reports are searched: one, or all

  let reach = null;

  const documents = () => JSON.parse(source()?.dataset.documents ?? "[]");

  function scope(element, props, watch) {
    reach = { element, props };
    element.addEventListener("change", (event) => {
      props.value = event.target.value;
      if (event.target.value) load(event.target.value);
    });
    watch("value", fillScope);
    fillScope();
  }

  function fillScope() {
    const select = reach && $("select", reach.element);
    if (!select) return;
    const names = documents();
    root.classList.toggle("many", names.length > 1);
    if (reach.props.value && !names.includes(reach.props.value)) reach.props.value = "";
    const options = names.map((name) => Object.assign(document.createElement("option"), { value: name, textContent: name }));
    select.replaceChildren(select.options[0], ...options);
    select.value = reach.props.value ?? "";
    localise(reach.element);
  }

  // ---- the desk: reports come and go, the index is rebuilt, the page stays

  let office = null;

  function desk(element, server) {
    if (!$(".desk", element)) return;
    office = { element, server, generation: null };
    element.addEventListener("toggle", (event) => { if (event.target.matches(".desk[open]")) tend(server.desk_state(null)); }, true);
    element.addEventListener("change", async (event) => {
      const chosen = [...(event.target.files ?? [])];
      if (!chosen.length) return;
      event.target.value = "";
      tend(server.desk_add(await Promise.all(chosen.map(packed))));
    });
  }

  async function packed(file) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    let binary = "";
    for (let i = 0; i < bytes.length; i += 32768) binary += String.fromCharCode(...bytes.subarray(i, i + 32768));
    return { name: file.name, content: btoa(binary) };
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
      await load(source()?.dataset.document ?? null, state.generation);
    }
  }

  function draw(state) {
    const box = $(".desk", office.element);
    box.classList.toggle("running", state.running);
    const bar = $("progress", box);
    if (state.total) { bar.max = state.total; bar.value = state.done; } else bar.removeAttribute("value");
    $(".meter .done", box).textContent = state.total ? `${state.done} / ${state.total}` : "";
    $(".line", box).textContent = state.error ?? "";
    for (const kind of ["skipped", "changed"]) {
      const notes = state[kind].map((line) => Object.assign(document.createElement("li"), { textContent: line }));
      $(`.${kind} ul`, box).replaceChildren(...notes);
    }
    $("ul.reports", box).replaceChildren(...state.documents.map(({ name, passages }) => {
      const row = $("template", box).content.firstElementChild.cloneNode(true);
      $(".name", row).textContent = $(".name", row).title = name;
      for (const wording of $$(".size span", row)) wording.textContent = wording.textContent.replace("#", passages);
      const button = $("button", row);
      button.dataset.name = name;
      button.hidden = state.documents.length < 2;
      return row;
    }));
    for (const control of $$("button, input", box)) control.disabled = state.running;
  }

  function remove(button) {
    if (button.classList.contains("asked")) tend(office.server.desk_remove(button.dataset.name));
    else button.classList.add("asked");
  }

  // ---- the chat

  // Questions are asked one at a time, in the order in which they were sent, each of the reports chosen at that moment.
  let ask = null;
  let current = null;
  const waiting = [];

  function asking(element, trigger) {
    ask = (asked) => trigger("click", asked);
    element.addEventListener("click", sendTyped);
  }

  const box = () => $("#question textarea");
  const turns = () => $$("#chat .question").length;

  function type(text) {
    box().value = text;
    box().dispatchEvent(new Event("input", { bubbles: true }));
  }

  function sendTyped() {
    const typed = box().value;
    if (typed) type("");
    send(typed);
  }

  function send(question) {
    if (question) waiting.push({ question, document: reach?.props.value ?? "" });
    next();
  }

  function next() {
    if (ask && !current && waiting.length) {
      current = { asked: waiting.shift(), before: turns() };
      ask(current.asked);
    }
    drawWaiting();
  }

  // What could not be asked, the server being full or gone, is given back, or waits for the next Enter.
  function finished(well) {
    const { asked } = current;
    current = null;
    if (well || !box().value) {
      if (!well) type(asked.question);
      setTimeout(next);
    } else {
      waiting.unshift(asked);
      drawWaiting();
    }
  }

  function drawWaiting() {
    const list = $("#waiting ol");
    const shown = current && turns() <= current.before ? [current.asked, ...waiting] : waiting;
    const questions = shown.map(({ question }) => question);
    if (!list || JSON.stringify(questions) === list.dataset.shown) return;
    list.dataset.shown = JSON.stringify(questions);
    list.replaceChildren(...questions.map((q) => Object.assign(document.createElement("li"), { textContent: q })));
  }

  // Enter asks, except where it ends what an input method composes (Safari says so by the key code only).
  document.addEventListener("keydown", (event) => {
    if (event.target !== box() || event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    sendTyped();
  });

  // Questions that the page offers, as examples or in an answer, are asked by a click.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-question]");
    if (!button) return;
    if (button.dataset.everywhere && reach) { reach.props.value = ""; fillScope(); }
    send(button.dataset.question);
  });

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
    language: (button) => { remember("language", button.dataset.language); speak(button.dataset.language); },
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

  speak(TAGS[remembered("language")] ? remembered("language") : preferred());

  // The page is built by Gradio after this script has run: watch it from the root, which is there already.
  new MutationObserver((changes) => {
    const added = changes.flatMap((change) => [...change.addedNodes]).filter((node) => node.nodeType === Node.ELEMENT_NODE);
    if (!added.length) return;
    for (const node of added) localise(node);
    keepTheme();
    follow();
    drawWaiting();
  }).observe(root, { childList: true, subtree: true });

  return { asking, desk, finished, report, scope };
})();
