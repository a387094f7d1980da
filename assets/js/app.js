// One small script for all pages. Every part binds itself by data-attributes and to what htmx brings in later.
import { bindAutosave } from "./autosave.js";
import { bindBoxes } from "./boxes.js";
import { bindFiles } from "./files.js";
import { bindFields } from "./fields.js";
import { bindFrame } from "./frame.js";
import { bindGuard } from "./guard.js";
import { bindKeep } from "./keep.js";
import { bindSelection, bindTicks } from "./selection.js";
import { bindTimers } from "./timers.js";

const parts = [bindGuard, bindFields, bindFiles, bindBoxes, bindAutosave, bindKeep, bindSelection, bindTicks, bindTimers];

function bind(root) {
  for (const part of parts) part(root);
}

bindFrame();
bind(document);
document.addEventListener("htmx:load", (event) => {
  if (event.target !== document.body) bind(event.target);
});
