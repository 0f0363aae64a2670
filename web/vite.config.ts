/** @file How the explorer's page is built: a static folder for any host, with one WebAssembly build and no foreign address. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const root = fileURLToPath(new URL(".", import.meta.url));

export default defineConfig({
  root,
  base: "./",
  publicDir: false,
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  worker: { format: "es", rolldownOptions: { external: ["onnxruntime-web/webgpu"] } },
  build: {
    outDir: fileURLToPath(new URL("../dist/explorer", import.meta.url)),
    emptyOutDir: true,
    target: "es2023",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // The page computes on WebAssembly; a build that it never loads is 27 MB.
      external: ["onnxruntime-web/webgpu"],
      input: { index: `${root}index.html`, "service-worker": `${root}service-worker.ts` },
      output: {
        // A service worker must lie above what it serves, under a name that stays.
        entryFileNames: ({ name }) =>
          name === "service-worker" ? "service-worker.js" : "assets/[name]-[hash].js",
      },
    },
  },
});
