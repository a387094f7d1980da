// Helpers that every part shares.

/** Elements under `root` (itself included) that match and were not bound by `name` before. */
export function fresh(root, selector, name) {
  const found = [...root.querySelectorAll(selector)];
  if (root.matches && root.matches(selector)) found.push(root);
  const key = `bound${name}`;
  return found.filter((element) => {
    if (element.dataset[key]) return false;
    element.dataset[key] = "1";
    return true;
  });
}

/** The CSRF token of the page: the header that htmx sends, or a form's own field. */
export function csrf(form) {
  const field = (form || document).querySelector("[name=csrfmiddlewaretoken]");
  if (field) return field.value;
  try {
    return JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || "";
  } catch (error) {
    return "";
  }
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${document.body.dataset.sprite || "/static/dist/sprite.svg"}#${name}`);
  svg.append(use);
  return svg;
}

export function make(tag, text, css) {
  const element = document.createElement(tag);
  if (text) element.textContent = text;
  if (css) element.className = css;
  return element;
}

export function clockText(moment = new Date()) {
  return `${String(moment.getHours()).padStart(2, "0")}:${String(moment.getMinutes()).padStart(2, "0")}`;
}

/** A word of the page's language: Chinese unless the page says English. */
export function say(chinese, english) {
  return document.documentElement.lang === "en" ? english : chinese;
}

export function toast(text, bad = false) {
  const box = document.querySelector("[data-toasts]");
  if (!box) return;
  const element = make("div", "", `toast${bad ? " toast-error" : ""}`);
  element.append(icon(bad ? "exclamation-circle" : "check-lg"), make("span", text));
  box.append(element);
  leave(element);
}

/** A toast that the server wrote: it can be closed, and leaves. */
export function welcome(element) {
  const close = element.querySelector("[data-toast-close]");
  if (close) {
    close.hidden = false;
    close.addEventListener("click", () => element.remove());
  }
  leave(element);
}

/** A toast stays eight seconds, longer while the pointer or focus rests on it. */
export function leave(element) {
  const close = () => {
    if (element.matches(":hover") || element.contains(document.activeElement)) return setTimeout(close, 2000);
    element.classList.add("is-leaving");
    return setTimeout(() => element.remove(), 150);
  };
  setTimeout(close, 8000);
}
