// The week board. [data-board] holds [data-cell="WINDOW|DATE|HALF"] cells and [data-chip="ID"] chips.
// A drop writes chip, version and cell into the form named by data-board-form and sends it; the server judges.
// An act and the opening of a chip fetch the page anew and put its board in place of the old one, so that nobody loses the place; without this script the address' fragment leads back to the cell.
// [data-live] holds all that changes: its data-targets says where a chip may go, its address is asked every few seconds whether somebody changed something.
import Sortable from "sortablejs";
import { say, toast, welcome } from "./dom.js";

const EVERY = 4000;
let turning = false;
let dragging = false;

const live = () => document.querySelector("[data-live]");
const boardOf = () => document.querySelector("[data-board]");

function send(board, chip, cell) {
  const target = document.getElementById(board.dataset.boardForm);
  if (!target) return;
  target.querySelector("[name=chip]").value = chip.dataset.chip;
  target.querySelector("[name=cell]").value = cell.dataset.cell;
  target.querySelector("[name=version]").value = chip.dataset.version || "";
  target.requestSubmit();
}

/** Where a chip may go: {cell: [verdict, word]}, asked once for as long as the board stands as it is. */
const asked = new Map();
function targets(chip) {
  const key = chip.dataset.chip;
  if (!asked.has(key)) {
    const answer = fetch(`${live().dataset.targets}&chip=${encodeURIComponent(key)}`, { credentials: "same-origin" })
      .then((response) => (response.ok && !response.redirected ? response.json() : { cells: {} }))
      .catch(() => ({ cells: {} }));
    asked.set(key, answer);
  }
  return asked.get(key);
}

const MARKS = ["is-open-target", "is-warn-target", "is-no-target"];
function clear(board) {
  for (const cell of board.querySelectorAll(MARKS.map((css) => `.${css}`).join(","))) {
    cell.classList.remove(...MARKS);
    cell.removeAttribute("data-mark");
  }
}

async function mark(board, chip) {
  clear(board);
  if (!chip) return;
  const { cells } = await targets(chip);
  if (!dragging) return;
  const all = live().dataset;
  const placing = chip.dataset.chip.startsWith("p");
  const words = { ok: placing ? all.wordPlaceOk : all.wordOk, warn: placing ? all.wordPlaceWarn : all.wordWarn };
  for (const cell of board.querySelectorAll("[data-cell]:not([data-shut])")) {
    const [verdict, word] = cells[cell.dataset.cell] || [];
    if (!verdict) continue;
    cell.classList.add({ ok: MARKS[0], warn: MARKS[1], no: MARKS[2] }[verdict]);
    cell.dataset.mark = { ok: words.ok, warn: word ? `${words.warn}${say("：", ": ")}${word}` : words.warn, no: word || "×" }[verdict];
  }
}

function drag(board) {
  for (const place of document.querySelectorAll("[data-board] [data-cell], [data-chip-source]")) {
    Sortable.create(place, {
      group: { name: "board", put: place.hasAttribute("data-cell") && !place.hasAttribute("data-shut") },
      draggable: "[data-chip]",
      filter: "[data-fixed]",
      preventOnFilter: false,
      delay: 150,
      delayOnTouchOnly: true,
      animation: window.matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
      sort: false,
      onStart: (event) => {
        dragging = true;
        mark(board, event.item);
      },
      onEnd: (event) => {
        dragging = false;
        clear(board);
        if (event.to === event.from || !event.to.dataset.cell) return;
        lastDrop = event;
        send(board, event.item, event.to);
      },
    });
  }
}

function walk(board) {
  const rows = [...board.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll("[data-cell]")]).filter((row) => row.length);
  const cells = rows.flat();
  if (!cells.length) return;
  for (const cell of cells) cell.tabIndex = -1;
  const first = cells.find((cell) => cell.querySelector(".is-picked")) || cells[0];
  first.tabIndex = 0;
  board.addEventListener("keydown", (event) => {
    const cell = event.target.closest("[data-cell]");
    const row = cell ? rows.findIndex((list) => list.includes(cell)) : -1;
    if (row < 0) return;
    const column = rows[row].indexOf(cell);
    const way = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key];
    if (way) {
      event.preventDefault();
      goTo((rows[row + way[0]] || [])[column + way[1]]);
    } else if (event.key === "Enter" && event.target === cell) {
      event.preventDefault();
      enter(cell);
    } else if (event.key === "Escape") board.querySelector(".move-menu-head a")?.click();
  });
}

/** Focus a cell, and bring it into view when it is out of it. */
function goTo(cell) {
  if (!cell) return;
  for (const one of boardOf().querySelectorAll("[data-cell][tabindex='0']")) one.tabIndex = -1;
  cell.tabIndex = 0;
  (cell.querySelector(".move-menu-to button, .move-menu-acts a") || cell).focus({ preventScroll: true });
  (cell.querySelector(".move-menu") || cell).scrollIntoView({ block: "nearest" });
}

/** Enter on a cell: open what stands there, or press what the cell offers. */
function enter(cell) {
  const opener = cell.querySelector("a[data-chip], button.board-target, a.board-free, a.board-gone");
  return opener ? opener.click() : undefined;
}

function bind() {
  const board = boardOf();
  asked.clear();
  if (!board) return;
  drag(board);
  walk(board);
  for (const chip of document.querySelectorAll("[data-chip]:not([data-fixed])")) {
    // Asked for when the hand is on it, so that the marks stand when the drag begins.
    chip.addEventListener("pointerdown", () => targets(chip));
  }
}

/** Which part of the board has the focus, in words that its successor answers to. */
function focusedPart() {
  const here = document.activeElement?.closest("[data-live] *");
  if (!here) return "";
  const cell = here.closest("[data-cell]");
  const within = cell ? `[data-cell="${CSS.escape(cell.dataset.cell)}"]` : "[data-live]";
  if (here === cell) return within;
  for (const name of ["href", "value", "id"]) {
    if (here.getAttribute(name)) return `${within} ${here.localName}[${name}="${CSS.escape(here.getAttribute(name))}"]`;
  }
  return cell ? within : "";
}

/** The fresh board in place of this one: what was unfolded or scrolled inside of it stays so. */
function put(fresh) {
  const inner = ".move-menu-to ul, .finding-list, .board-card";
  const scrolled = [...live().querySelectorAll(inner)].map((element) => [element.scrollTop, element.scrollLeft]);
  const top = () => boardOf()?.getBoundingClientRect().top || 0;
  const before = top();
  const unfolded = [...live().querySelectorAll("details")].map((element) => element.open);
  live().replaceWith(document.adoptNode(fresh));
  live().querySelectorAll(inner).forEach((element, n) => scrolled[n] && element.scrollTo(scrolled[n][1], scrolled[n][0]));
  live().querySelectorAll("details").forEach((element, n) => n in unfolded && (element.open = unfolded[n]));
  window.scrollBy(0, top() - before); // what stands above the table may have become higher or lower
  bind();
}

let lastDrop = null;
/** A drop that did not reach the server lies where it lay before. */
function takeBack() {
  if (lastDrop?.item.isConnected) lastDrop.from.append(lastDrop.item);
}

/** Fetch the board anew after an act or a choice; `spots` are selectors of the cell to go to, the first that is there. */
async function turn(address, options, spots) {
  if (turning) return;
  turning = true;
  try {
    const response = await fetch(address, { credentials: "same-origin", ...options });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.querySelector("[data-live]");
    if (fresh) {
      if (response.url !== location.href.split("#")[0]) history[options.method ? "replaceState" : "pushState"](null, "", response.url);
      put(fresh);
      const said = [...page.querySelectorAll("[data-toast]")].map((element) => document.adoptNode(element));
      if (said.length) document.querySelector("[data-toasts]").replaceChildren(...said);
      said.forEach(welcome);
      goTo(spots.map((spot) => spot && document.querySelector(spot)).find(Boolean));
    } else await refused(response, page);
  } catch (error) {
    takeBack();
    toast(say("没有连上，没有保存。请再试一次", "There is no connection and nothing was kept. Please try again"), true);
  } finally {
    turning = false;
    lastDrop = null;
  }
}

/** An answer without a board: somebody was faster, which is said beside the board of now; or signed out. */
async function refused(response, page) {
  const reason = page.querySelector("[data-reason]");
  if (!reason) return location.assign(response.redirected ? response.url : location.href);
  takeBack();
  await renew("", true);
  toast(reason.textContent, true);
}

const spotOf = (fragment) => fragment && `#${CSS.escape(fragment)}`;
function submits(event) {
  const form = event.target;
  if (event.defaultPrevented || !live() || !form.matches("#arrange, #pick-form, .board-undo, .toast-undo")) return;
  event.preventDefault();
  const body = new FormData(form, event.submitter);
  const chip = body.get("chip") || "";
  const cell = body.get("cell");
  const spots = [
    chip && !chip.startsWith("p") && `#cell-${CSS.escape(chip)}`,
    cell && `[data-cell="${CSS.escape(cell)}"]`,
    spotOf((body.get("next") || "").split("#")[1]),
  ];
  turn(form.action, { method: "POST", body }, spots);
}

function opens(event) {
  const link = event.target.closest("[data-live] a[href*='#cell-']");
  const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  if (!link || !plain || event.defaultPrevented || new URL(link.href).pathname !== location.pathname) return;
  event.preventDefault();
  turn(link.href.split("#")[0], {}, [spotOf(link.href.split("#")[1])]);
}

function tell(text) {
  const box = document.querySelector("[data-toasts]");
  const old = box && box.querySelector("[data-board-news]");
  if (old) old.remove();
  toast(text);
  if (box && box.lastElementChild) box.lastElementChild.dataset.boardNews = "1";
}

/** The board as it is now, in place of what stands here; the focus stays where it is. */
async function renew(by, silent = false) {
  const before = live();
  const headers = { "X-Board-Renewal": "1" };
  const response = await fetch(location.href, { credentials: "same-origin", headers });
  if (!response.ok || response.redirected || dragging) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("[data-live]");
  if (!fresh || before !== live()) return;
  const focused = focusedPart();
  const words = fresh.dataset.wordNews;
  put(fresh);
  const again = focused && document.querySelector(focused);
  if (again) again.focus({ preventScroll: true });
  if (!silent) tell(by ? `${words}${say("：", ": ")}${by}` : words);
}

let stopped = false;
async function ask() {
  const here = live();
  if (!here || stopped || dragging || turning || document.hidden || !navigator.onLine) return;
  try {
    const address = `${here.dataset.live}&pulse=${encodeURIComponent(here.dataset.pulse)}`;
    const response = await fetch(address, { credentials: "same-origin", cache: "no-store" });
    // Signed out, or no longer allowed: the next click says so.
    if (!response.ok || response.redirected) stopped = response.status < 500;
    else {
      const state = await response.json();
      if (state.pulse !== here.dataset.pulse && here === live() && !turning) await renew(state.by);
    }
  } catch (error) {
    // No network for a moment: the bar on top says so, and the next turn asks again.
  }
}

bind();
if (live()) {
  document.addEventListener("submit", submits);
  document.addEventListener("click", opens);
  window.addEventListener("popstate", () => turn(location.href.split("#")[0], {}, [spotOf(location.hash.slice(1))]));
  if (location.hash) goTo(document.getElementById(decodeURIComponent(location.hash.slice(1))));
  setInterval(ask, EVERY);
}
