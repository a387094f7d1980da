// Chosen rows raise the bulk bar: form[data-selection] with row check boxes, [data-select-all], [data-selected-count], [data-bulk-bar].
// [data-ticks]: the buttons "all" and "none" (data-tick) over the boxes of the same [data-tick-scope], and how many are ticked (data-ticked).
import { fresh } from "./dom.js";

export function bindTicks(root) {
  for (const scope of fresh(root, "[data-tick-scope]", "Ticks")) {
    const boxes = [...scope.querySelectorAll("input[type=checkbox]")];
    const out = scope.querySelector(":scope > summary [data-ticked]");
    const paint = () => {
      if (out) out.textContent = boxes.filter((box) => box.checked).length;
    };
    for (const bar of scope.querySelectorAll("[data-ticks]")) {
      if (bar.closest("[data-tick-scope]") !== scope) continue;
      bar.hidden = false;
      bar.addEventListener("click", (event) => {
        const button = event.target.closest("[data-tick]");
        if (!button) return;
        for (const box of boxes) box.checked = button.dataset.tick === "1";
        if (boxes[0]) boxes[0].dispatchEvent(new Event("change", { bubbles: true }));
        for (const inner of scope.querySelectorAll("[data-tick-scope]")) inner.dispatchEvent(new Event("change"));
      });
    }
    scope.addEventListener("change", paint);
  }
}

export function bindSelection(root) {
  for (const form of fresh(root, "[data-selection]", "Selection")) {
    const boxes = [...form.querySelectorAll("tbody input[type=checkbox]")];
    const all = form.querySelector("[data-select-all]");
    const bar = form.querySelector("[data-bulk-bar]");
    const paint = () => {
      const chosen = boxes.filter((box) => box.checked);
      for (const box of boxes) box.closest("tr").classList.toggle("is-picked", box.checked);
      for (const out of form.querySelectorAll("[data-selected-count]")) out.textContent = chosen.length;
      if (bar) bar.hidden = chosen.length === 0;
      if (all) {
        all.checked = chosen.length > 0 && chosen.length === boxes.length;
        all.indeterminate = chosen.length > 0 && chosen.length < boxes.length;
      }
    };
    for (const box of boxes) box.addEventListener("change", paint);
    if (all) {
      all.addEventListener("change", () => {
        for (const box of boxes) box.checked = all.checked;
        paint();
      });
    }
    const none = form.querySelector("[data-select-none]");
    if (none) {
      none.addEventListener("click", () => {
        for (const box of boxes) box.checked = false;
        paint();
      });
    }
    paint();
  }
}
