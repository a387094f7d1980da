// Menus, toasts, offline bar, idle dialog, print: what belongs to the frame and is bound once.
import { say, toast, welcome } from "./dom.js";

function menus() {
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details[data-drop][open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details[data-drop][open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}

function toasts() {
  for (const element of document.querySelectorAll("[data-toast]")) welcome(element);
}

let unsent = 0;
function paintOffline() {
  const bar = document.querySelector("[data-offline]");
  if (!bar) return;
  bar.hidden = navigator.onLine;
  const line = bar.querySelector("[data-offline-text]");
  if (unsent && line.dataset.one) line.textContent = line.dataset.one.replace("{n}", unsent);
}

function offline() {
  window.addEventListener("online", paintOffline);
  window.addEventListener("offline", paintOffline);
  document.addEventListener("huanwei:unsent", (event) => {
    unsent = event.detail;
    paintOffline();
  });
  paintOffline();
}

/** Two minutes before the sitting ends a dialog offers to go on; after it the page says that it has ended and keeps what was typed. */
function idle() {
  const seconds = Number(document.body.dataset.idleSeconds || 0);
  const dialog = document.querySelector("[data-idle-dialog]");
  if (!seconds || !dialog || !dialog.showModal) return;
  let timer;
  const restart = () => {
    clearTimeout(timer);
    timer = setTimeout(() => !dialog.open && dialog.showModal(), Math.max(seconds - 120, 10) * 1000);
  };
  const stay = dialog.querySelector("[data-idle-stay]");
  stay.addEventListener("click", async () => {
    try {
      await fetch(stay.dataset.url, { credentials: "same-origin", cache: "no-store" });
    } catch (error) {
      // Offline: the bar says so, the dialog closes all the same.
    }
    dialog.close();
    restart();
  });
  document.addEventListener("htmx:afterRequest", restart);
  document.addEventListener("huanwei:saved", restart);
  restart();
}

function printing() {
  for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
  // Paper cannot be unfolded: what is closed on the page stands open on it, and closes again afterwards.
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("main details.steps-detail:not([open])")];
    for (const one of opened) one.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const one of opened) one.open = false;
    opened = [];
  });
}

function focusSummary() {
  const summary = document.querySelector("[data-focus]");
  if (summary) summary.focus();
}

/** Back goes where the person came from, when that was a page of this site. */
function back() {
  for (const link of document.querySelectorAll("[data-back]")) {
    link.addEventListener("click", (event) => {
      if (history.length < 2 || !document.referrer.startsWith(location.origin) || document.referrer === location.href) return;
      event.preventDefault();
      history.back();
    });
  }
}

function htmxTrouble() {
  const bar = (text) => toast(text, true);
  document.addEventListener("htmx:sendError", () => bar(say("网断了，刚才的内容还在本页", "The network is down; what you typed is still here")));
  // A panel asked for after the sign-in has expired must not show the door inside itself.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const door = document.body.dataset.loginUrl;
    const address = event.detail.xhr.responseURL || "";
    if (!door || !address || new URL(address, location.href).pathname !== door) return;
    event.detail.shouldSwap = false;
    location.assign(`${door}?next=${encodeURIComponent(location.pathname + location.search)}`);
  });
  document.addEventListener("htmx:responseError", (event) => {
    // Our error pages are whole pages: show them, so that nobody waits in front of a dead button.
    const { xhr } = event.detail;
    if (xhr.status === 409 || xhr.status === 403) bar(say("这一步没有办成，请刷新后再看", "This did not go through; reload and look again"));
    else if (xhr.status >= 500) bar(say("这一步没有办成，请再试一次", "This did not go through; please try again"));
  });
}

export function bindFrame() {
  for (const part of [menus, toasts, offline, idle, printing, focusSummary, back, htmxTrouble]) part();
}
