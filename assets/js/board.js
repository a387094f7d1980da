// The week board. [data-board] holds [data-cell="WINDOW|DATE|HALF"] cells and [data-chip="ID"] chips.
// A drop (or Enter on a cell after picking a chip) writes chip and cell into the form named by data-board-form and sends it; the server judges.
// Optional data-targets on a chip, a JSON map {cell: "ok" | "warn" | "no"}, marks where it may go. Arrow keys walk the cells.
import Sortable from "sortablejs";

function form(board) {
  return document.getElementById(board.dataset.boardForm);
}

function send(board, chip, cell) {
  const target = form(board);
  if (!target) return;
  target.querySelector("[name=chip]").value = chip.dataset.chip;
  target.querySelector("[name=cell]").value = cell.dataset.cell;
  if (target.requestSubmit) target.requestSubmit();
  else target.submit();
}

function targets(chip) {
  try {
    return JSON.parse(chip.dataset.targets || "{}");
  } catch (error) {
    return {};
  }
}

function mark(board, chip) {
  const map = chip ? targets(chip) : {};
  for (const cell of board.querySelectorAll("[data-cell]")) {
    const word = map[cell.dataset.cell];
    cell.classList.toggle("is-open-target", word === "ok");
    cell.classList.toggle("is-warn-target", word === "warn");
  }
}

let picked = null;
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
      onStart: (event) => mark(board, event.item),
      onEnd: (event) => {
        mark(board, null);
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
  cells[0].tabIndex = 0;
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
}

function enter(board, cell) {
  const chip = cell.querySelector("[data-chip]");
  if (picked && picked !== chip) return send(board, picked, cell);
  const opener = chip && (chip.matches("a, button, summary") ? chip : chip.querySelector("a, button, summary"));
  return opener ? opener.click() : undefined;
}

for (const board of document.querySelectorAll("[data-board]")) {
  drag(board);
  walk(board);
  for (const button of document.querySelectorAll("[data-pick]")) {
    button.addEventListener("click", () => pick(board, button.closest("[data-chip]")));
  }
}
