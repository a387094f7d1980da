// What was typed survives an expired sign-in: kept in this tab's sessionStorage only, dropped when sent, on sign-out, and with the tab.
import { fresh } from "./dom.js";

const PREFIX = "keep:";

function key(form) {
  return PREFIX + location.pathname + "#" + (form.dataset.keep || form.getAttribute("action") || "");
}

function fields(form) {
  return [...form.querySelectorAll("textarea, input[type=text], input:not([type]), input[type=number], input[type=date], select")].filter(
    (field) => field.name && !field.closest("[data-no-keep]") && field.type !== "hidden",
  );
}

function store(form) {
  const data = {};
  for (const field of fields(form)) if (field.value && field.value !== field.dataset.first) data[field.name] = field.value;
  try {
    if (Object.keys(data).length) sessionStorage.setItem(key(form), JSON.stringify(data));
  } catch (error) {
    // A full or forbidden storage costs this convenience only.
  }
}

function restore(form) {
  let data = null;
  try {
    data = JSON.parse(sessionStorage.getItem(key(form)) || "null");
  } catch (error) {
    return;
  }
  for (const field of fields(form)) {
    field.dataset.first = field.value;
    if (data && data[field.name] && !field.value) {
      field.value = data[field.name];
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
}

function clear(test) {
  try {
    for (const name of Object.keys(sessionStorage)) if (name.startsWith(PREFIX) && test(name)) sessionStorage.removeItem(name);
  } catch (error) {
    // Nothing to clear.
  }
}

export function bindKeep(root) {
  for (const form of fresh(root, "form[data-keep]", "Keep")) {
    restore(form);
    form.addEventListener("input", () => store(form));
  }
  for (const form of fresh(root, "form[data-sign-out]", "SignOut")) form.addEventListener("submit", () => clear(() => true));
  // The act went through (its page no longer shows the form's errors): the draft has served.
  if (document.querySelector("[data-toast]")) clear((name) => !document.querySelector("[data-focus]") && !name.startsWith(`${PREFIX}${location.pathname}#`));
}
