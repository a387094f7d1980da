// Solid boxes over personal data, burnt into the pixels before the picture leaves the machine. Blur can be undone and is not offered.
import { make, say } from "./dom.js";

const LONGEST = 2560;

function load(file) {
  return new Promise((resolve, reject) => {
    const picture = new Image();
    const address = URL.createObjectURL(file);
    picture.addEventListener("load", () => {
      URL.revokeObjectURL(address);
      resolve(picture);
    });
    picture.addEventListener("error", () => {
      URL.revokeObjectURL(address);
      reject(new Error("unreadable"));
    });
    picture.src = address;
  });
}

function draw(canvas, picture, boxes, current) {
  const pen = canvas.getContext("2d");
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  pen.fillStyle = "black";
  for (const box of current ? [...boxes, current] : boxes) pen.fillRect(box.x, box.y, box.w, box.h);
}

function point(canvas, event) {
  const area = canvas.getBoundingClientRect();
  return { x: ((event.clientX - area.left) * canvas.width) / area.width, y: ((event.clientY - area.top) * canvas.height) / area.height };
}

function between(a, b) {
  return { x: Math.min(a.x, b.x), y: Math.min(a.y, b.y), w: Math.abs(a.x - b.x), h: Math.abs(a.y - b.y) };
}

function pointer(canvas, picture, boxes) {
  let start = null;
  canvas.addEventListener("pointerdown", (event) => {
    start = point(canvas, event);
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => start && draw(canvas, picture, boxes, between(start, point(canvas, event))));
  canvas.addEventListener("pointerup", (event) => {
    const box = start && between(start, point(canvas, event));
    start = null;
    if (box && box.w > 6 && box.h > 6) boxes.push(box);
    draw(canvas, picture, boxes);
  });
}

function button(text, css) {
  const element = make("button", text, `btn ${css}`);
  element.type = "button";
  return element;
}

/** Opens the picture, lets boxes be drawn; gives {file, boxes} (left, top, width, height as fractions) or null when left without a change. */
export async function cover(file) {
  let picture;
  try {
    picture = await load(file);
  } catch (error) {
    // HEIC outside Safari cannot be drawn here; boxes are then set after the upload.
    window.alert(say("这张图在本机打不开，请上传后再遮盖", "This picture cannot be opened here; cover it after the upload"));
    return null;
  }
  const scale = Math.min(1, LONGEST / Math.max(picture.naturalWidth, picture.naturalHeight));
  const canvas = make("canvas");
  canvas.width = Math.round(picture.naturalWidth * scale);
  canvas.height = Math.round(picture.naturalHeight * scale);
  const boxes = [];
  draw(canvas, picture, boxes);
  pointer(canvas, picture, boxes);
  return new Promise((resolve) => show(canvas, picture, boxes, file, resolve));
}

function show(canvas, picture, boxes, file, resolve) {
  const dialog = make("dialog", "", "redact-dialog");
  const title = make("p", say("在姓名、证件号、电话上拖出黑框", "Drag a black box over names, ID and phone numbers"), "dialog-title");
  title.id = "redact-title";
  dialog.setAttribute("aria-labelledby", "redact-title");
  const acts = make("div", "", "dialog-acts");
  const undo = button(say("撤销一框", "Undo one box"), "btn-quiet");
  const leave = button(say("再看看", "Look again"), "btn-outline");
  const done = button(say("遮盖好了", "Covered"), "btn-primary");
  undo.addEventListener("click", () => {
    boxes.pop();
    draw(canvas, picture, boxes);
  });
  const finish = (result) => {
    dialog.close();
    dialog.remove();
    resolve(result);
  };
  leave.addEventListener("click", () => finish(null));
  dialog.addEventListener("cancel", () => finish(null));
  done.addEventListener("click", () => {
    if (!boxes.length) return finish(null);
    const name = `${file.name.replace(/\.[^.]*$/, "") || "image"}.png`;
    const sides = boxes.map((box) => [box.x / canvas.width, box.y / canvas.height, box.w / canvas.width, box.h / canvas.height]);
    return canvas.toBlob((blob) => finish(blob ? { file: new File([blob], name, { type: "image/png" }), boxes: sides } : null), "image/png");
  });
  acts.append(undo, leave, done);
  dialog.append(title, canvas, acts);
  document.body.append(dialog);
  dialog.showModal();
}
