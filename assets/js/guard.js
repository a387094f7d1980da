// A form is sent once: the button turns busy and keeps its width.
import { fresh, say } from "./dom.js";

export function bindGuard(root) {
  for (const form of fresh(root, "form[method=post]", "Guard")) {
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      if (form.dataset.sent) return void event.preventDefault();
      const button = event.submitter || form.querySelector("button:not([type=button])");
      if (form.matches("[hx-post]") || form.closest("[hx-boost]")) return;
      form.dataset.sent = "1";
      if (button) busy(button);
    });
  }
}

function busy(button) {
  const width = button.offsetWidth;
  // A disabled button would drop its own name and value from the post; busy only looks so.
  button.classList.add("is-busy");
  button.setAttribute("aria-busy", "true");
  button.dataset.idleHtml = button.textContent;
  if (button.matches(".btn")) {
    button.textContent = button.dataset.busy || say("正在提交", "Sending");
    if (button.offsetWidth < width) button.style.minWidth = `${width}px`;
  }
}

// Back to a page from the browser's memory: its buttons work again.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll(".is-busy")) {
    button.classList.remove("is-busy");
    button.removeAttribute("aria-busy");
    if (button.dataset.idleHtml && button.matches(".btn")) button.textContent = button.dataset.idleHtml;
  }
});
