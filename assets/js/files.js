// input[type=file][data-images]: paste, drag, camera, previews, covering personal data with solid boxes. Without this the plain input works.
import { fresh, icon, make, say } from "./dom.js";
import { cover } from "./redact.js";

const LIMIT = 20 * 1024 * 1024;

/** Old webviews lack DataTransfer; there the plain input stays as it is. */
function canFill() {
  try {
    return Boolean(new DataTransfer().items);
  } catch (error) {
    return false;
  }
}

/** By its first bytes: a name says nothing. JPEG, PNG, GIF, WebP, or the box of HEIC. */
async function isPicture(file) {
  const head = String.fromCharCode(...new Uint8Array(await file.slice(0, 12).arrayBuffer()));
  return /^(\xff\xd8\xff|\x89PNG|GIF8|RIFF.{4}WEBP|.{4}ftyp)/s.test(head);
}

class Images {
  constructor(input) {
    this.input = input;
    this.files = [];
    this.zone = make("div", "", "drop-zone");
    this.list = make("ul", "", "drop-list");
    this.error = make("p", "", "field-error");
    this.error.setAttribute("role", "alert");
    this.error.hidden = true;
    const hint = make("p", "", "drop-hint");
    // A phone has no such keys and drags nothing; a long press pastes there.
    const ways = window.matchMedia("(pointer: coarse)").matches
      ? say("可粘贴、拍照或选文件", "Paste, take a photo or choose files")
      : say("可粘贴（Ctrl+V）、拖进来或选文件", "Paste (Ctrl+V), drag in or choose files");
    hint.append(icon("image"), make("span", ways + say("，每张不超过 20 MB", ", up to 20 MB each")));
    input.before(this.zone);
    this.zone.append(hint, input, ...this.camera(), this.error, this.list);
    input.addEventListener("change", () => this.add([...input.files]));
    // A picture that was refused must not be missed: the first sending stops here, the second goes without it.
    if (input.form) input.form.addEventListener("submit", (event) => this.hold(event), true);
    this.zone.addEventListener("dragover", (event) => this.over(event, true));
    this.zone.addEventListener("dragleave", (event) => this.over(event, false));
    this.zone.addEventListener("drop", (event) => {
      this.over(event, false);
      this.add([...event.dataTransfer.files]);
    });
  }

  /** On a phone: straight to the camera, which not every webview offers beside the files. */
  camera() {
    if (!window.matchMedia("(pointer: coarse)").matches) return [];
    const shot = make("input");
    Object.assign(shot, { type: "file", accept: "image/*", hidden: true });
    shot.setAttribute("capture", "environment");
    shot.addEventListener("change", (event) => {
      event.stopPropagation();
      this.add([...shot.files]);
      shot.value = "";
    });
    const button = this.act("camera", say("拍照", "Take a photo"), () => shot.click());
    button.className = "btn btn-outline mt-2";
    return [button, shot];
  }

  over(event, on) {
    event.preventDefault();
    this.zone.classList.toggle("is-over", on);
  }

  /** What is chosen, pasted or dropped joins what is there already; only a field for one picture changes it. */
  async add(files) {
    const found = await Promise.all(files.map(async (file) => ({ file, good: !file.size || (await isPicture(file)) })));
    const good = found.filter((one) => one.good);
    const small = good.filter(({ file }) => file.size > 0 && file.size <= LIMIT);
    this.warn(files.length, good.length, small.length);
    const added = small.filter(({ file }) => !this.holds(file)).map(({ file }) => ({ file, boxes: [] }));
    if (this.input.multiple) this.files.push(...added);
    else if (added.length) this.files = added.slice(-1);
    this.fill();
  }

  /** The same file chosen once more is no second picture. */
  holds(file) {
    return this.files.some((one) => ["name", "size", "lastModified"].every((fact) => one.file[fact] === file[fact]));
  }

  warn(all, good, small) {
    let text = "";
    if (good < all) text = say("只收图片：JPEG、PNG、WebP、HEIC 或 GIF", "Pictures only: JPEG, PNG, WebP, HEIC or GIF");
    else if (small < good) text = say("有图片是空的或超过 20 MB，请换一张", "A picture is empty or larger than 20 MB; choose another");
    this.error.textContent = text;
    this.error.hidden = !text;
    this.told = false;
  }

  hold(event) {
    if (this.error.hidden || this.told) return;
    event.preventDefault();
    this.told = true;
    this.error.textContent += say("。再提交一次就不带它", ". Sending once more leaves it out");
    this.error.scrollIntoView({ block: "center" });
  }

  fill() {
    const transfer = new DataTransfer();
    for (const one of this.files) transfer.items.add(one.file);
    this.input.files = transfer.files;
    this.mark();
    this.paint();
  }

  paint() {
    this.list.replaceChildren(...this.files.map((one, index) => this.tile(one, index)));
    this.input.dispatchEvent(new CustomEvent("huanwei:images", { bubbles: true, detail: this.files.length }));
  }

  tile(one, index) {
    const item = make("li");
    const picture = make("img");
    picture.alt = say(`第 ${index + 1} 张`, `Picture ${index + 1}`);
    const address = URL.createObjectURL(one.file);
    picture.src = address;
    picture.addEventListener("load", () => URL.revokeObjectURL(address));
    picture.addEventListener("error", () => picture.remove());
    const acts = make("div", "", "cluster");
    acts.append(
      this.act("crop", say("遮盖", "Cover"), () => this.cover(index)),
      this.act("trash", say("移除", "Remove"), () => this.remove(index)),
    );
    const line = make("div", one.boxes.length ? say(`已遮盖 ${one.boxes.length} 处`, `${one.boxes.length} places covered`) : `${Math.max(1, Math.round(one.file.size / 1024))} KB`, "caption");
    item.append(picture, line, acts);
    return item;
  }

  act(name, text, run) {
    const button = make("button", "", "link-btn");
    button.type = "button";
    button.append(icon(name), document.createTextNode(` ${text}`));
    button.addEventListener("click", run);
    return button;
  }

  async cover(index) {
    const result = await cover(this.files[index].file);
    if (!result) return;
    this.files[index] = { file: result.file, boxes: [...this.files[index].boxes, ...result.boxes] };
    this.fill();
  }

  /** Says where boxes were drawn on each picture, so that the server burns them in too (`data-boxes-field="name"`). */
  mark() {
    const name = this.input.dataset.boxesField;
    const field = name && this.input.form.querySelector(`[name="${name}"]`);
    if (field) field.value = this.files.map((one) => one.boxes.map((box) => box.map((side) => side.toFixed(5)).join(",")).join(";")).join("|");
  }

  remove(index) {
    this.files.splice(index, 1);
    this.fill();
  }
}

let pasteTarget = null;

export function bindFiles(root) {
  if (!canFill()) return;
  for (const input of fresh(root, "input[type=file][data-images]", "Files")) {
    const images = new Images(input);
    if (!pasteTarget || !pasteTarget.input.isConnected) pasteTarget = images;
    images.zone.addEventListener("focusin", () => {
      pasteTarget = images;
    });
    images.zone.addEventListener("pointerdown", () => {
      pasteTarget = images;
    });
  }
}

document.addEventListener("paste", (event) => {
  const files = [...((event.clipboardData && event.clipboardData.files) || [])].filter((file) => /^image\//.test(file.type));
  if (!files.length || !pasteTarget || !pasteTarget.input.isConnected) return;
  event.preventDefault();
  pasteTarget.add(files);
});
