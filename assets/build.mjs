// Builds static/dist/: app.css, app.js, board.js, screen.js and sprite.svg. Run by `manage.py up`, or by hand: `npm ci && node build.mjs`.
import { readdirSync, readFileSync, mkdirSync, writeFileSync, existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";
import { compile } from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const dist = join(root, "static", "dist");
const icons = join(here, "node_modules", "bootstrap-icons", "icons");
// WeCom and DingTalk webviews on older phones.
const target = "es2019";
const banner = (text) => text.replace(/\/[/*][#@]\s*sourceMappingURL=[^\n*]*(\*\/)?/g, "");

function walk(folder, ending) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return /^(node_modules|migrations|__pycache__)$/.test(entry.name) ? [] : walk(path, ending);
    return entry.name.endsWith(ending) ? [path] : [];
  });
}

/** Names of the icons that templates, Python and scripts ask for: `{% icon "x" %}`, `icon="x"`, `"icon": "x"`; icons.json lists the rest. */
function usedIcons() {
  const apps = ["core", "accounts", "catalog", "sessions", "issues", "reports", "portal"];
  const files = [
    ...walk(join(root, "templates"), ".html"),
    ...apps.flatMap((app) => walk(join(root, app), ".py")),
    ...walk(join(here, "js"), ".js"),
  ];
  const names = new Set(JSON.parse(readFileSync(join(here, "icons.json"), "utf8")));
  for (const file of files) {
    for (const match of readFileSync(file, "utf8").matchAll(/icon[^\n"'A-Za-z,]{0,8}["']([a-z0-9-]+)["']/gi)) names.add(match[1]);
  }
  return [...names].sort();
}

function sprite() {
  const symbols = [];
  for (const name of usedIcons()) {
    const path = join(icons, `${name}.svg`);
    if (!existsSync(path)) {
      console.warn(`no icon is called ${name}`);
      continue;
    }
    const body = readFileSync(path, "utf8").replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>[\s\S]*$/, "").replace(/\n\s*/g, "");
    symbols.push(`<symbol id="${name}" viewBox="0 0 16 16">${body}</symbol>`);
  }
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
}

async function styles() {
  const { css } = compile(join(here, "scss", "app.scss"), {
    loadPaths: [join(here, "node_modules")],
    quietDeps: true,
    silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"],
  });
  const { code } = await transform(css, { loader: "css", minify: true, target: ["chrome69", "safari12", "firefox68"] });
  return banner(code);
}

async function scripts() {
  const result = await build({
    entryPoints: [join(here, "js", "app.js"), join(here, "js", "board.js"), join(here, "js", "screen.js")],
    bundle: true,
    minify: true,
    format: "iife",
    target,
    legalComments: "none",
    write: false,
    outdir: dist,
  });
  for (const file of result.outputFiles) writeFileSync(file.path, banner(file.text));
}

mkdirSync(dist, { recursive: true });
writeFileSync(join(dist, "app.css"), await styles());
writeFileSync(join(dist, "sprite.svg"), sprite());
await scripts();
