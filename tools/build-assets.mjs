// Builds the committed files in anxin/ui/static/ui from the sources in anxin/ui.
//   node tools/build-assets.mjs           write the files
//   node tools/build-assets.mjs --check   compare only; exit 1 when a committed file is stale
// Output depends on the sources and the locked packages alone: no dates, no hashes of paths.
import { readFile, writeFile, mkdir } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as sass from "sass";
import * as esbuild from "esbuild";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const ui = path.join(root, "anxin", "ui");
const out = path.join(ui, "static", "ui");
const packages = path.join(root, "node_modules");
const checkOnly = process.argv.includes("--check");

// Budgets in KiB after gzip; the resident sheet has to reach old phones on weak networks.
const budgets = { "resident.css": 30, "staff.css": 30, "oversight.css": 10, "anxin.js": 8, "staff.js": 12, "questionnaire.js": 6, "plan.js": 4 };

// Old Chromium-based browsers are common on desks in the stations: lower the syntax, not the function.
const cssTargets = ["chrome80", "safari13.1"];

async function styles(name) {
  const { css } = sass.compile(path.join(ui, "styles", `${name}.scss`), {
    loadPaths: [path.join(ui, "styles"), path.join(packages, "nhsuk-frontend", "dist")],
    quietDeps: true,
  });
  const { code } = await esbuild.transform(css, {
    loader: "css", minify: true, target: cssTargets, charset: "utf8",
  });
  return code;
}

async function script(name, entry) {
  const result = await esbuild.build({
    entryPoints: [path.join(ui, "elements", entry)],
    absWorkingDir: root,
    bundle: true, write: false, minify: true, format: "iife",
    target: ["es2017"], charset: "utf8", legalComments: "none",
  });
  return result.outputFiles[0].text;
}

async function sprite() {
  const list = JSON.parse(await readFile(path.join(ui, "icons.json"), "utf8"));
  const symbols = [];
  for (const [name, source] of Object.entries(list).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const file = path.join(packages, "@tabler", "icons", "icons", "outline", `${source}.svg`);
    const svg = await readFile(file, "utf8");
    const shapes = svg
      .replace(/<!--[\s\S]*?-->/g, "")
      .replace(/^[\s\S]*?<svg[^>]*>/, "")
      .replace(/<\/svg>\s*$/, "")
      .replace(/<path stroke="none"[^>]*\/>/g, "")
      .replace(/\s*\n\s*/g, "");
    symbols.push(`<symbol id="${name}" viewBox="0 0 24 24">${shapes.trim()}</symbol>`);
  }
  return `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`;
}

const files = {
  "resident.css": () => styles("resident"),
  "staff.css": () => styles("staff"),
  "oversight.css": () => styles("oversight"),
  "anxin.js": () => script("anxin.js", "resident.entry.js"),
  "staff.js": () => script("staff.js", "staff.entry.js"),
  "questionnaire.js": () => script("questionnaire.js", "questionnaire.entry.js"),
  "plan.js": () => script("plan.js", "plan.entry.js"),
  "icons.svg": sprite,
  "htmx.min.js": () => readFile(path.join(packages, "htmx.org", "dist", "htmx.min.js"), "utf8"),
};

await mkdir(out, { recursive: true });
let failed = false;
for (const [name, make] of Object.entries(files)) {
  const text = await make();
  const target = path.join(out, name);
  const size = gzipSync(text, { level: 9 }).length / 1024;
  let note = "";
  if (budgets[name] && size > budgets[name]) {
    failed = true;
    note = `  over its budget of ${budgets[name]} KiB`;
  }
  if (checkOnly) {
    const committed = await readFile(target, "utf8").catch(() => "");
    if (committed !== text) {
      failed = true;
      note += "  differs from the committed file; run: npm run build";
    }
  } else {
    await writeFile(target, text);
  }
  console.log(`${name.padEnd(16)} ${size.toFixed(1).padStart(6)} KiB gz${note}`);
}
process.exit(failed ? 1 : 0);
