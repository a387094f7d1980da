// [data-redact="id of the hidden field"]: boxes drawn over a stored picture; the server burns them in. Without this the numbers below do it.
import { fresh, make } from "./dom.js";

const SMALLEST = 0.004;

class Boxes {
  constructor(stage) {
    this.stage = stage;
    this.picture = stage.querySelector("img");
    this.field = document.getElementById(stage.dataset.redact);
    this.form = this.field.form;
    this.boxes = [];
    this.start = null;
    this.layer = make("div", "", "redact-layer");
    stage.append(this.layer);
    for (const hint of document.querySelectorAll("[data-redact-hint]")) hint.hidden = false;
    this.undo = this.form.querySelector("[data-redact-undo]");
    this.undo.addEventListener("click", () => {
      this.boxes.pop();
      this.paint();
    });
    this.layer.addEventListener("pointerdown", (event) => this.begin(event));
    this.layer.addEventListener("pointermove", (event) => this.start && this.paint(this.box(event)));
    this.layer.addEventListener("pointerup", (event) => this.end(event));
  }

  point(event) {
    const area = this.layer.getBoundingClientRect();
    const inside = (value) => Math.min(1, Math.max(0, value));
    return { x: inside((event.clientX - area.left) / area.width), y: inside((event.clientY - area.top) / area.height) };
  }

  begin(event) {
    event.preventDefault();
    this.layer.setPointerCapture(event.pointerId);
    this.start = this.point(event);
  }

  box(event) {
    const end = this.point(event);
    const left = Math.min(this.start.x, end.x);
    const top = Math.min(this.start.y, end.y);
    return [left, top, Math.abs(this.start.x - end.x), Math.abs(this.start.y - end.y)];
  }

  end(event) {
    if (!this.start) return;
    const box = this.box(event);
    this.start = null;
    if (box[2] > SMALLEST && box[3] > SMALLEST) this.boxes.push(box);
    this.paint();
  }

  paint(current) {
    const all = current ? [...this.boxes, current] : this.boxes;
    const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    drawing.setAttribute("viewBox", "0 0 1 1");
    drawing.setAttribute("preserveAspectRatio", "none");
    for (const [x, y, width, height] of all) {
      const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      for (const [name, value] of Object.entries({ x, y, width, height })) rect.setAttribute(name, value);
      drawing.append(rect);
    }
    this.layer.replaceChildren(drawing);
    this.undo.hidden = this.boxes.length === 0;
    this.field.value = this.boxes.map((box) => box.map((side) => side.toFixed(5)).join(",")).join(";");
  }
}

export function bindBoxes(root) {
  for (const stage of fresh(root, "[data-redact]", "Redact")) new Boxes(stage);
}
