// Silent clocks: data-timer="ISO start" counts up; data-timer-base adds seconds already gone. Never announced to screen readers.
import { fresh, say } from "./dom.js";

function text(seconds, long) {
  const minutes = Math.floor(seconds / 60);
  const rest = String(seconds % 60).padStart(2, "0");
  return long ? say(`${minutes} 分 ${rest} 秒`, `${minutes} min ${rest} s`) : `${String(minutes).padStart(2, "0")}:${rest}`;
}

export function bindTimers(root) {
  for (const element of fresh(root, "[data-timer]", "Timer")) {
    const start = Date.parse(element.dataset.timer);
    // The server's clock counts: a phone that is minutes off must not show a negative time.
    const skew = element.dataset.now ? Date.now() - Date.parse(element.dataset.now) : 0;
    const base = Number(element.dataset.timerBase || 0);
    element.setAttribute("aria-live", "off");
    const tick = () => {
      element.textContent = text(Math.max(0, Math.floor((Date.now() - skew - start) / 1000) + base), element.dataset.timerLong !== undefined);
      if (element.isConnected) setTimeout(tick, 1000);
    };
    if (!Number.isNaN(start)) tick();
  }
}
