// The hall screen: its own clock, the half-day in view, lists shown in turn, a fresh page every minute.
// Without a network it keeps what it shows, says of when that is, and asks again until it is answered.
// One timer for everything and one page replaced by the next: what a day of it needs is what a minute needs.
const TICK = 5000;
const TURN = 15000;
const FRESH_AFTER = 55000;
const AGAIN_AFTER = 20000;
const PATIENCE = 15000;

const state = { asking: false, lost: false, asked: Date.now(), skew: 0, turns: 0, turned: Date.now() };

function box() {
  return document.querySelector("[data-screen]");
}

/** The server's time: a television's own clock is often wrong. */
function now() {
  return new Date(Date.now() - state.skew);
}

function show(element, visible) {
  if (element && element.hidden === visible) element.hidden = !visible;
}

function write(selector, text) {
  const element = box().querySelector(selector);
  if (element && element.textContent !== text) element.textContent = text;
}

/** 14:26 and 2026-05-20 in the hall's zone, whatever the television's. */
const time = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit" });
const date = new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Shanghai", year: "numeric", month: "2-digit", day: "2-digit" });

function paintPart(moment) {
  let found = false;
  for (const part of box().querySelectorAll("[data-from]")) {
    const current = Date.parse(part.dataset.from) <= moment && moment < Date.parse(part.dataset.until);
    show(part, current);
    if (!current) continue;
    found = true;
    write("[data-day]", part.dataset.dayText);
  }
  show(box().querySelector("[data-too-old]"), !found);
  const day = date.format(moment);
  for (const word of box().querySelectorAll("[data-near]")) show(word, word.dataset.near === day);
}

function paintTurns() {
  for (const list of box().querySelectorAll("[data-turn]")) {
    const size = Number(list.dataset.turn);
    const pages = Math.ceil(list.children.length / size);
    for (let i = 0; i < list.children.length; i += 1) show(list.children[i], Math.floor(i / size) === state.turns % pages);
  }
}

function paint() {
  const moment = now();
  write("[data-clock]", time.format(moment));
  paintPart(moment.getTime());
  paintTurns();
  show(box().querySelector("[data-fresh]"), !state.lost);
  show(box().querySelector("[data-lost]"), state.lost);
}

async function fetchPage() {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const answer = await fetch(location.href, { cache: "no-store", credentials: "same-origin", signal: stop.signal });
    if (!answer.ok) throw new Error(String(answer.status));
    // An answer that the worker kept from earlier is no sign of a network.
    if (answer.headers.get("X-Kept")) throw new Error("kept");
    return await answer.text();
  } finally {
    clearTimeout(timer);
  }
}

async function refresh() {
  if (state.asking) return;
  state.asking = true;
  state.asked = Date.now();
  try {
    const page = new DOMParser().parseFromString(await fetchPage(), "text/html");
    const next = page.querySelector("[data-screen]");
    // No roster in the answer: the screen was taken off. The page itself says what to do.
    if (!next) return location.reload();
    box().replaceWith(document.adoptNode(next));
    state.skew = Date.now() - Date.parse(next.dataset.screen);
    state.lost = false;
  } catch (error) {
    state.lost = true;
  } finally {
    state.asking = false;
  }
  paint();
  document.dispatchEvent(new CustomEvent("huanwei:refreshed", { detail: !state.lost }));
  return undefined;
}

function tick() {
  const moment = Date.now();
  if (moment - state.turned >= TURN) {
    state.turned = moment;
    state.turns += 1;
  }
  paint();
  if (moment - state.asked >= (state.lost ? AGAIN_AFTER : FRESH_AFTER)) refresh();
}

function keepOffline() {
  const worker = document.body.dataset.worker;
  if (worker && navigator.serviceWorker) navigator.serviceWorker.register(worker).catch(() => undefined);
}

if (box()) {
  window.addEventListener("online", refresh);
  window.addEventListener("offline", refresh);
  keepOffline();
  // Asked at once, so that a page which the worker kept is not taken for a fresh one.
  refresh();
  setInterval(tick, TICK);
}
