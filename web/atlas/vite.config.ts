/**
 * @file How the atlas's site is built: a page, classic scripts and one style, which work when they are opened from disk. Such
 * scripts cannot share modules, so each is a build of its own: the page's, and with `--mode views` that of a layer's views.
 */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const root = fileURLToPath(new URL(".", import.meta.url));

export default defineConfig(({ mode }) => ({
  root,
  base: "./",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: fileURLToPath(new URL("../../dist/atlas-page", import.meta.url)),
    emptyOutDir: mode !== "views",
    copyPublicDir: mode !== "views",
    target: "es2023",
    // Fonts lie in the style, since some browsers load none from disk.
    lib: {
      entry: mode === "views" ? `${root}views/views.tsx` : `${root}main.tsx`,
      formats: ["iife"],
      name: "limpidAtlasPage",
      fileName: () => (mode === "views" ? "atlas-views.js" : "atlas.js"),
      cssFileName: mode === "views" ? "atlas-views" : "atlas",
    },
  },
}));
