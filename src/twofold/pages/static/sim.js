// What the page with the phone gains by script: buttons that do not load it anew, and news as it comes.
// The server renders one page; this fetches it again and puts in what changed. Nothing is decided here.
"use strict";

(() => {
  const REFRESH_MS = 30_000;
  const SLOW_MS = 400;
  const HELD_MS = 50;
  const HELD = "button:active, a:active, summary:active";
  const root = document.documentElement;
  const live = document.getElementById("live");
  const notices = document.getElementById("notices");
  /** Keys that leave alone what is half written. */
  const KEPT = /^key-/;
  const inTurn = { loading: false, again: false };
  let turn = Promise.resolve();
  let state = "";
  let address = location.pathname + location.search;
  root.classList.add("js");

  // -- putting in what changed -----------------------------------------------------------------

  /** Replace what differs, keep what the visitor has open or half written; what answers a form stays till the next. */
  function show(html, isAnswer) {
    const next = new DOMParser().parseFromString(html, "text/html");
    if (!next.getElementById("phone")) throw new Error("not the page");
    readyToCopy(next);
    const focus = document.activeElement && document.activeElement.id;
    const open = new Set([...document.querySelectorAll("details[open][id]")].map((one) => one.id));
    const parts = isAnswer ? "[data-part], [data-answer]" : "[data-part]";
    for (const part of document.querySelectorAll(parts)) replace(part, next.getElementById(part.id), open);
    const lists = [...next.querySelectorAll("[data-list]")];
    document.querySelectorAll("[data-list]").forEach((list, at) => merge(list, lists[at], open));
    for (const link of document.querySelectorAll("a[href][hreflang], .tabs a")) follow(link, next);
    for (const form of document.querySelectorAll("#write form, #account form")) point(form, next);
    const thread = document.getElementById("thread");
    thread.setAttribute("aria-label", next.getElementById("thread").getAttribute("aria-label"));
    const back = focus && document.getElementById(focus);
    if (back && back !== document.activeElement) back.focus({ preventScroll: true });
  }

  function replace(part, next, open) {
    if (!next) return;
    for (const one of next.querySelectorAll("details[id]")) one.open = open.has(one.id);
    if (part.innerHTML !== next.innerHTML) part.innerHTML = next.innerHTML;
  }

  /** A list keeps the items it has, so that a reader is told of new ones alone. */
  function merge(list, next, open) {
    const old = new Map([...list.children].map((item) => [item.dataset.key, item]));
    const wanted = [...next.children];
    const keys = new Set(wanted.map((item) => item.dataset.key));
    for (const [key, item] of old) if (!keys.has(key)) item.remove();
    wanted.forEach((item, at) => {
      const held = old.get(item.dataset.key);
      for (const one of item.querySelectorAll("details[id]")) one.open = open.has(one.id);
      if (held && held.innerHTML === item.innerHTML) item = held;
      else if (held) held.replaceWith((item = document.adoptNode(item)));
      else (item = document.adoptNode(item)).classList.add("fresh");
      if (list.children[at] !== item) list.insertBefore(item, list.children[at] || null);
    });
  }

  function follow(link, next) {
    const same = link.hreflang ? "a[hreflang]" : ".tabs a";
    const at = [...document.querySelectorAll(same)].indexOf(link);
    const found = next.querySelectorAll(same)[at];
    if (found) link.href = found.getAttribute("href");
  }

  function point(form, next) {
    const at = [...document.querySelectorAll("#write form, #account form")].indexOf(form);
    const found = next.querySelectorAll("#write form, #account form")[at];
    if (found) form.action = found.getAttribute("action");
  }

  // -- asking for it ---------------------------------------------------------------------------

  /** Load the page again; while one is under way, ask once more after it. */
  async function reload() {
    if (inTurn.loading) {
      inTurn.again = true;
      return;
    }
    inTurn.loading = true;
    const asked = address;
    try {
      const answer = await fetch(asked, { headers: { Accept: "text/html" } });
      const text = await answer.text();
      await release();
      if (answer.ok && asked === address) show(text, false);
    } catch {
      say("lost");
    } finally {
      inTurn.loading = false;
      if (inTurn.again) {
        inTurn.again = false;
        reload();
      }
    }
  }

  /** What is held down must stay where it is, or the click that follows reaches nobody. */
  async function release() {
    while (document.querySelector(HELD)) await new Promise((done) => setTimeout(done, HELD_MS));
  }

  /** Post forms one after another, each as the page has it when its turn has come. */
  function act(event) {
    const form = event.target.closest("form[data-act]");
    if (!form) return;
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form, event.submitter));
    const button = event.submitter && event.submitter.id;
    root.classList.add("posting");
    const slow = setTimeout(say, SLOW_MS, "working");
    turn = turn
      .then(() => post(form, button, body))
      .finally(() => {
        clearTimeout(slow);
        root.classList.remove("posting");
        if (state === "working") say("connected");
      });
  }

  async function post(form, button, body) {
    const shown = (button && document.getElementById(button)?.form) || form;
    try {
      const answer = await fetch(shown.action, { method: "POST", body, headers: { Accept: "text/html" } });
      if (answer.ok) remember(new URL(answer.url));
      show(await answer.text(), true);
      if (answer.ok && !KEPT.test(button)) for (const field of shown.querySelectorAll("input[required]")) field.value = "";
    } catch {
      say("lost");
      tellUnsent();
    }
  }

  /** Nobody heard it: say so where the visitor looks, and leave what was written where it is. */
  function tellUnsent() {
    notices.replaceChildren(document.getElementById("unsent").content.cloneNode(true));
  }

  /** A notice can be put away without loading the page. */
  function close(event) {
    if (!event.target.closest("#notices .close")) return;
    event.preventDefault();
    notices.replaceChildren();
  }

  /** The address is that of the phone in hand; a notice is for one visit. */
  function remember(url) {
    url.searchParams.delete("notice");
    url.searchParams.delete("status");
    address = url.pathname + url.search;
    history.replaceState(null, "", address);
  }

  // -- being told ------------------------------------------------------------------------------

  function say(now) {
    state = now;
    const text = live.dataset[now];
    if (live.textContent !== text) live.textContent = text;
    live.classList.toggle("lost", now === "lost");
  }

  function listen() {
    const events = new EventSource("/sim/events");
    events.addEventListener("open", () => {
      say("connected");
      reload();
    });
    events.addEventListener("changed", reload);
    events.addEventListener("error", () => {
      say("lost");
      if (events.readyState === EventSource.CLOSED) setTimeout(listen, 3_000);
    });
  }

  // -- copying ---------------------------------------------------------------------------------

  function readyToCopy(page) {
    for (const button of page.querySelectorAll("button.copy")) button.hidden = false;
  }

  async function copy(event) {
    const button = event.target.closest("button.copy");
    if (!button) return;
    const text = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(text.textContent);
      button.textContent = button.dataset.copied;
    } catch {
      getSelection().selectAllChildren(text);
    }
  }

  document.addEventListener("submit", act);
  document.addEventListener("click", copy);
  document.addEventListener("click", close);
  addEventListener("pageshow", (event) => event.persisted && reload());
  setInterval(() => document.visibilityState === "visible" && reload(), REFRESH_MS);
  readyToCopy(document);
  listen();
})();
