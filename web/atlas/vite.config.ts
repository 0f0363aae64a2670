/** @file How the atlas's site is built: a page, one classic script and one style, which work when they are opened from disk. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const root = fileURLToPath(new URL(".", import.meta.url));

export default defineConfig({
  root,
  base: "./",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: fileURLToPath(new URL("../../dist/atlas-page", import.meta.url)),
    emptyOutDir: true,
    target: "es2023",
    // Fonts lie in the style, since some browsers load none from disk.
    lib: {
      entry: `${root}main.tsx`,
      formats: ["iife"],
      name: "limpidAtlasPage",
      fileName: () => "atlas.js",
      cssFileName: "atlas",
    },
  },
});
