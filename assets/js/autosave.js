// Forms with data-autosave="URL" are sent on leaving a field; the time of the last save stands in the bar.
import { clockText, csrf, fresh, say } from "./dom.js";

const waiting = new Set();

function announce() {
  document.dispatchEvent(new CustomEvent("huanwei:unsent", { detail: waiting.size }));
}

function paint(form, text, late) {
  const places = [...document.querySelectorAll("[data-saved-at]")];
  const own = form.querySelector("[data-saved-at]");
  for (const place of own ? [own] : places) {
    place.textContent = text;
    place.classList.toggle("is-late", late);
  }
}

/** Take over the row's version from the answer, so that the next save is not called stale. */
function takeVersion(form, answer) {
  const field = form.querySelector("[name=version]");
  if (field && answer && answer.version !== undefined) field.value = answer.version;
}

async function save(form) {
  if (form.dataset.saving) {
    form.dataset.again = "1";
    return;
  }
  form.dataset.saving = "1";
  const data = new FormData(form);
  for (const [name, value] of [...data.entries()]) if (value instanceof File) data.delete(name);
  try {
    const response = await fetch(form.dataset.autosave, {
      method: "POST",
      body: data,
      credentials: "same-origin",
      redirect: "manual",
      headers: { "X-CSRFToken": csrf(form), "X-Requested-With": "autosave", Accept: "application/json" },
    });
    await settle(form, response);
  } catch (error) {
    waiting.add(form);
    paint(form, say("没有网，内容留在本页", "Offline, kept on this page"), true);
  }
  delete form.dataset.saving;
  announce();
  if (form.dataset.again) {
    delete form.dataset.again;
    save(form);
  }
}

/** What a text still lacks to be handed in, said at the field on leaving it (`data-lacking="field"`). */
function takeLacking(form, answer) {
  for (const [name, text] of Object.entries((answer && answer.lacking) || {})) {
    const place = form.querySelector(`[data-lacking="${CSS.escape(name)}"]`);
    if (!place) continue;
    place.querySelector("span").textContent = text;
    place.hidden = !text;
  }
}

async function settle(form, response) {
  const json = (response.headers.get("Content-Type") || "").includes("json") ? await response.json() : null;
  if (response.ok && (json || response.status === 204)) {
    takeVersion(form, json);
    takeLacking(form, json);
    waiting.delete(form);
    delete form.dataset.dirty;
    paint(form, say(`${clockText()} 已存`, `Saved ${clockText()}`), false);
    document.dispatchEvent(new CustomEvent("huanwei:saved", { detail: form }));
  } else if (response.type === "opaqueredirect" || response.status === 403) {
    paint(form, say("登录已过期，内容留在本页", "Signed out, kept on this page"), true);
  } else if (response.ok || response.status === 400) {
    // The page came back instead of an answer: a field was refused, and saying "saved" would be a lie.
    paint(form, say("有一处还要改，没有存上", "One field needs another look; not saved"), true);
  } else if (response.status === 409) {
    paint(form, say("别人先改了，提交时可比较", "Changed by someone else; compare on sending"), true);
  } else {
    waiting.add(form);
    paint(form, say("还没存上，稍后再存", "Not saved yet, will try again"), true);
  }
}

export function bindAutosave(root) {
  for (const form of fresh(root, "form[data-autosave]", "Autosave")) {
    let timer;
    form.addEventListener("input", () => {
      form.dataset.dirty = "1";
    });
    form.addEventListener("change", () => {
      form.dataset.dirty = "1";
      clearTimeout(timer);
      timer = setTimeout(() => form.dataset.dirty && save(form), 400);
    });
    form.addEventListener("focusout", () => {
      if (!form.dataset.dirty) return;
      clearTimeout(timer);
      timer = setTimeout(() => save(form), 300);
    });
    form.addEventListener("submit", () => clearTimeout(timer));
  }
}

window.addEventListener("online", () => {
  for (const form of [...waiting]) save(form);
});
setInterval(() => {
  if (navigator.onLine) for (const form of [...waiting]) if (!form.dataset.sent) save(form);
}, 20000);
