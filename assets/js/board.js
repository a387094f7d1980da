// The week board. [data-board] holds [data-cell="WINDOW|DATE|HALF"] cells and [data-chip="ID"] chips.
// A drop (or Enter on a cell after picking a chip) writes chip, version and cell into the form named by data-board-form and sends it; the server judges.
// [data-live] holds all that changes: its data-targets says where a chip may go, its address is asked every few seconds whether somebody changed something.
import Sortable from "sortablejs";
import { say, toast } from "./dom.js";

const EVERY = 4000;
let picked = null;
let dragging = false;

const live = () => document.querySelector("[data-live]");
const boardOf = () => document.querySelector("[data-board]");

function send(board, chip, cell) {
  const target = document.getElementById(board.dataset.boardForm);
  if (!target) return;
  target.querySelector("[name=chip]").value = chip.dataset.chip;
  target.querySelector("[name=cell]").value = cell.dataset.cell;
  target.querySelector("[name=version]").value = chip.dataset.version || "";
  if (target.requestSubmit) target.requestSubmit();
  else target.submit();
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
  if (picked !== chip && !dragging) return;
  const words = live().dataset;
  for (const cell of board.querySelectorAll("[data-cell]:not([data-shut])")) {
    const [verdict, word] = cells[cell.dataset.cell] || [];
    if (!verdict) continue;
    cell.classList.add({ ok: MARKS[0], warn: MARKS[1], no: MARKS[2] }[verdict]);
    cell.dataset.mark = { ok: words.wordOk, warn: word ? `${words.wordWarn}${say("：", ": ")}${word}` : words.wordWarn, no: word || "×" }[verdict];
  }
}

function pick(board, chip) {
  if (picked) picked.classList.remove("is-picked");
  picked = picked === chip ? null : chip;
  if (picked) picked.classList.add("is-picked");
  mark(board, picked);
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
  const go = (cell) => {
    if (!cell) return;
    for (const one of cells) one.tabIndex = -1;
    cell.tabIndex = 0;
    cell.focus();
  };
  board.addEventListener("keydown", (event) => {
    const cell = event.target.closest("[data-cell]");
    const row = cell ? rows.findIndex((list) => list.includes(cell)) : -1;
    if (row < 0) return;
    const column = rows[row].indexOf(cell);
    const way = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key];
    if (way) {
      event.preventDefault();
      go((rows[row + way[0]] || [])[column + way[1]]);
    } else if (event.key === "Enter" && event.target === cell) {
      event.preventDefault();
      enter(board, cell);
    } else if (event.key === "Escape" && picked) pick(board, picked);
  });
  if (first !== cells[0]) first.focus({ preventScroll: true });
}

/** Enter on a cell: drop what is picked, open what stands there, or press what the cell offers. */
function enter(board, cell) {
  const chip = cell.querySelector("[data-chip]");
  if (picked && picked !== chip) return send(board, picked, cell);
  const opener = cell.querySelector("a[data-chip], button.board-target, a.board-free, a.board-gone");
  return opener ? opener.click() : undefined;
}

function bind() {
  const board = boardOf();
  picked = null;
  asked.clear();
  if (!board) return;
  drag(board);
  walk(board);
  for (const chip of document.querySelectorAll("[data-chip]:not([data-fixed])")) {
    // Asked for when the hand is on it, so that the marks stand when the drag begins.
    chip.addEventListener("pointerdown", () => targets(chip));
  }
  for (const button of document.querySelectorAll("[data-pick]")) {
    button.addEventListener("click", () => pick(board, button.closest("[data-chip]")));
  }
}

function tell(text) {
  const box = document.querySelector("[data-toasts]");
  const old = box && box.querySelector("[data-board-news]");
  if (old) old.remove();
  toast(text);
  if (box && box.lastElementChild) box.lastElementChild.dataset.boardNews = "1";
}

/** The board as it is now, in place of what stands here; the focus stays on its cell. */
async function renew(by) {
  const headers = { "X-Board-Renewal": "1" };
  const response = await fetch(location.href, { credentials: "same-origin", headers });
  if (!response.ok || response.redirected || dragging) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("[data-live]");
  if (!fresh) return;
  const focused = document.activeElement && document.activeElement.closest("[data-cell]");
  const words = fresh.dataset.wordNews;
  live().replaceWith(document.adoptNode(fresh));
  bind();
  const again = focused && document.querySelector(`[data-cell="${focused.dataset.cell}"]`);
  if (again) again.focus({ preventScroll: true });
  tell(by ? `${words}${say("：", ": ")}${by}` : words);
}

let stopped = false;
async function ask() {
  const here = live();
  if (!here || stopped || dragging || document.hidden || !navigator.onLine) return;
  try {
    const address = `${here.dataset.live}&pulse=${encodeURIComponent(here.dataset.pulse)}`;
    const response = await fetch(address, { credentials: "same-origin", cache: "no-store" });
    // Signed out, or no longer allowed: the next click says so.
    if (!response.ok || response.redirected) stopped = response.status < 500;
    else {
      const state = await response.json();
      if (state.pulse !== here.dataset.pulse && here === live()) await renew(state.by);
    }
  } catch (error) {
    // No network for a moment: the bar on top says so, and the next turn asks again.
  }
}

bind();
if (live()) setInterval(ask, EVERY);
