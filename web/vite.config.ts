/** @file How the explorer's page is built: a static folder for any host, with one WebAssembly build and no foreign address. */
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";
import { firstMapEntries, readNotCalled, root as wholeRoot } from "../scripts/first-map/entries.ts";
import { firstMapCode } from "../scripts/first-map/first-map-code.ts";

const root = fileURLToPath(new URL(".", import.meta.url));

/** Files whose names stay: a service worker must lie above what it serves, and the page's head names the other. */
const named = ["service-worker", "first-paint"];

/** Light or dark, and the language, are known before the first paint, which waits for nothing else. */
const firstPaint: Plugin = {
  name: "first-paint",
  transformIndexHtml: () => [
    {
      tag: "script",
      attrs: { type: "module", src: "./first-paint.js", blocking: "render" },
      injectTo: "head",
    },
  ],
};

/** Large, or there in several forms: what a visit takes of them is kept when it does. */
const keptWhenTaken = /\.(wasm|woff|onnx)$|\/ort\./;

/** The page is kept behind what it needs, and the browser keeps what keeps it. */
const keptApart = /^(index\.html|service-worker\.js)$/;

/** The code of the page by name, so that what a visit has not asked for yet is there without network too. */
const fileList: Plugin = {
  name: "file-list",
  enforce: "post",
  generateBundle(_options, bundle) {
    const names = Object.keys(bundle).filter(
      (name) => !keptWhenTaken.test(name) && !keptApart.test(name),
    );
    this.emitFile({ type: "asset", fileName: "files.json", source: JSON.stringify(names.sort()) });
  },
};

/** What the first map needs, with all that it imports, comes as one file, since files that name the next ones come one after the other. */
const isFirst = (id: string) => firstMapEntries.some((path) => id.endsWith(`/${path}`));

/** But for functions that it does not call, which come behind it. */
const firstMap = {
  root: wholeRoot,
  entries: firstMapEntries,
  notCalled: readNotCalled(),
  registry: "web/worker/later-code.ts",
  later: "web/worker/later-functions.ts",
};
const laterParts = /\?later$|\/later-functions\.ts$/;

/** What comes later comes in few files: all methods in one, all that reads pictures in another. */
const otherMethods =
  /\/src\/(attribution\/(cam|gradient|perturbation|relevance)|autodiff\/(relevance|rules))\/|\/against-reference\.ts$/;
const pictureFiles = /\/src\/(app\/read-source|web\/pictures)\.ts$/;

export default defineConfig({
  plugins: [firstPaint, fileList],
  root,
  base: "./",
  publicDir: false,
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  worker: {
    format: "es",
    plugins: () => [firstMapCode(firstMap)],
    rolldownOptions: {
      external: ["onnxruntime-web/webgpu"],
      // Calls that come with that file are imported like all others.
      checks: { ineffectiveDynamicImport: false },
      output: {
        comments: false,
        codeSplitting: {
          groups: [
            {
              name: "later-code",
              test: laterParts,
              priority: 3,
              includeDependenciesRecursively: false,
            },
            { name: "first-map", test: isFirst, priority: 2 },
            { name: "methods", test: otherMethods, priority: 1 },
            { name: "picture-files", test: pictureFiles },
          ],
        },
      },
    },
  },
  build: {
    outDir: fileURLToPath(new URL("../dist/explorer", import.meta.url)),
    emptyOutDir: true,
    target: "es2023",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // WebGPU's build for browsers in which WebAssembly cannot wait is 27 MB, more than a page may weigh.
      external: ["onnxruntime-web/webgpu"],
      input: {
        index: `${root}index.html`,
        "service-worker": `${root}service-worker.ts`,
        "first-paint": `${root}page/first-paint.ts`,
      },
      output: {
        entryFileNames: ({ name }) =>
          named.includes(name) ? `${name}.js` : "assets/[name]-[hash].js",
      },
    },
  },
});
