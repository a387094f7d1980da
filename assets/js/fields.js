// Length under a field, plus and minus, showing a password.
import { fresh, make, say } from "./dom.js";

function counts(root) {
  for (const input of fresh(root, "[data-count]", "Count")) {
    const out = document.getElementById(input.dataset.count);
    const limit = Number(input.getAttribute("maxlength") || (out && (out.textContent.match(/\/\s*([\d,]+)/) || [])[1]) || 0);
    if (!out || !limit) continue;
    const paint = () => {
      const used = [...input.value].length;
      out.textContent = say(`${used} / ${limit} 字`, `${used} / ${limit} characters`);
      out.classList.toggle("is-over", used > limit);
    };
    input.addEventListener("input", paint);
  }
}

function counters(root) {
  for (const box of fresh(root, "[data-counter]", "Counter")) {
    const input = box.querySelector("input");
    for (const button of box.querySelectorAll("[data-step]")) {
      button.hidden = false;
      button.addEventListener("click", () => {
        const low = input.min === "" ? 0 : Number(input.min);
        const high = input.max === "" ? Infinity : Number(input.max);
        input.value = Math.min(high, Math.max(low, Number(input.value || 0) + Number(button.dataset.step)));
        input.dispatchEvent(new Event("input", { bubbles: true }));
        input.dispatchEvent(new Event("change", { bubbles: true }));
      });
    }
  }
}

function passwords(root) {
  for (const button of fresh(root, "[data-pass-show]", "Pass")) {
    const input = document.getElementById(button.dataset.passShow);
    if (!input) continue;
    button.hidden = false;
    button.addEventListener("click", () => {
      const shown = input.type === "text";
      input.type = shown ? "password" : "text";
      button.querySelector("span").textContent = shown ? button.dataset.show : button.dataset.hide;
    });
  }
}

/** `data-reveals="id"`: a part of the form that is asked only when this box or choice is taken; `data-reveals-at="1,2,3"` names the values. */
function reveals(root) {
  for (const input of fresh(root, "[data-reveals]", "Reveals")) {
    const target = document.getElementById(input.dataset.reveals);
    if (!target) continue;
    const group = input.type === "radio" ? [...(input.form || document).querySelectorAll(`[name="${input.name}"]`)] : [input];
    const paint = () => {
      const values = (input.dataset.revealsAt || "").split(",").filter(Boolean);
      const taken = group.find((one) => one.checked) || (input.type === "radio" || input.type === "checkbox" ? null : input);
      target.hidden = values.length ? !(taken && values.includes(taken.value)) : !taken;
    };
    for (const one of group) one.addEventListener("change", paint);
    paint();
  }
}

/** `data-submit-on-change`: a filter that applies itself. */
function instant(root) {
  for (const form of fresh(root, "form[data-submit-on-change]", "Instant")) {
    form.addEventListener("change", (event) => {
      if (event.target.matches("select, [type=radio], [type=checkbox], [type=date]")) form.requestSubmit ? form.requestSubmit() : form.submit();
    });
  }
}

/** On a phone the conditions of a list fold behind one button, so that the list itself is on the first screen. */
function folds(root) {
  for (const form of fresh(root, "form.filters", "Folds")) {
    const parts = [...form.children].filter((one) => one.type !== "hidden");
    if (parts.length < 3 || !window.matchMedia("(max-width: 767.98px)").matches) continue;
    for (const part of parts.slice(1)) part.classList.add("fold-part");
    const button = make("button", say("更多条件", "More conditions"), "btn btn-outline fold-toggle");
    button.type = "button";
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", () => {
      form.classList.remove("is-folded");
      button.remove();
      const next = parts[1].querySelector("input, select, summary, button");
      if (next) next.focus();
    });
    parts[0].after(button);
    form.classList.add("is-folded");
  }
}

export function bindFields(root) {
  for (const part of [counts, counters, passwords, reveals, instant, folds]) part(root);
}
