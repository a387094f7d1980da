// What was typed survives an expired sign-in: kept in this tab's sessionStorage only, dropped when sent, on sign-out, and with the tab.
import { fresh } from "./dom.js";

const PREFIX = "keep:";
const SENT = "sent:";

/** Whose drafts these are: on a shared machine the next person must not find them. */
function owner() {
  return `${PREFIX}${document.body.dataset.person || ""}:`;
}

function key(form) {
  return owner() + location.pathname + "#" + (form.dataset.keep || form.getAttribute("action") || "");
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

function flag(form) {
  try {
    if (sessionStorage.getItem(key(form))) sessionStorage.setItem(SENT + key(form), "1");
  } catch (error) {
    // Without storage there is nothing to keep.
  }
}

/** A form that was sent and led to a page of ours without errors has served; the door and error pages keep the draft for the next try. */
function settle() {
  const served = document.body.classList.contains("staff") && !document.querySelector("[data-focus]");
  try {
    for (const name of Object.keys(sessionStorage)) {
      if (!name.startsWith(SENT)) continue;
      if (served) sessionStorage.removeItem(name.slice(SENT.length));
      sessionStorage.removeItem(name);
    }
  } catch (error) {
    // Nothing was kept.
  }
}

export function bindKeep(root) {
  if (root === document) {
    if (document.body.dataset.person) clear((name) => !name.startsWith(owner()));
    settle();
  }
  for (const form of fresh(root, "form[data-keep]", "Keep")) {
    restore(form);
    form.addEventListener("input", () => store(form));
    form.addEventListener("submit", () => flag(form));
  }
  for (const form of fresh(root, "form[data-sign-out]", "SignOut")) form.addEventListener("submit", () => clear(() => true));
}

document.addEventListener("huanwei:saved", (event) => clear((name) => name === key(event.detail)));
