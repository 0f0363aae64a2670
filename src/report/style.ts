/** @file How the report is set: one column of text, wider figures, light and dark, phone and paper. */
import { fontStack } from "../drawing/font-stack.ts";

const typeface = (weight: number, style: "normal" | "italic") => `
@font-face {
  font-family: Inter; font-weight: ${weight}; font-style: ${style}; font-display: swap;
  src: url("fonts/inter-latin-${weight}-${style}.woff2") format("woff2");
}`;

/** Files of the typeface beside the page, by weight and style. */
export const fontFiles = [
  "inter-latin-400-normal.woff2",
  "inter-latin-400-italic.woff2",
  "inter-latin-600-normal.woff2",
] as const;

const colours = `
:root {
  color-scheme: light dark;
  --paper: #fdfdfb; --ink: #1d1f23; --soft: #5a5f68; --line: #deddd6; --panel: #f4f3ee;
  --accent: #0b5d8a; --notice: #8a4b00; --notice-paper: #fdf4e3; --notice-line: #e3bd7b;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #131518; --ink: #e9e7e2; --soft: #a4a9b1; --line: #30343a; --panel: #1b1e23;
    --accent: #86c8f0; --notice: #f2c27a; --notice-paper: #2a2113; --notice-line: #6b5021;
  }
}`;

const text = `
*, *::before, *::after { box-sizing: border-box; }
html { font-size: 106.25%; scroll-behavior: smooth; -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font-family: ${fontStack}; line-height: 1.62;
  font-variant-ligatures: no-contextual; text-rendering: optimizeLegibility;
  overflow-wrap: break-word;
}
a { color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: 0.18em; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; border-radius: 2px; }
h1, h2, h3 { line-height: 1.2; letter-spacing: -0.018em; font-weight: 600; text-wrap: balance; }
h1 { font-size: clamp(2.1rem, 6vw, 3.3rem); letter-spacing: -0.032em; margin: 0 0 1rem; }
h2 { font-size: clamp(1.6rem, 4vw, 2.2rem); margin: 0 0 0.8rem; }
h3 { font-size: 1.25rem; margin: 3.2rem 0 0.7rem; }
p { margin: 0 0 1.05em; text-wrap: pretty; hyphens: manual; }
.skip { position: absolute; left: 1rem; top: -4rem; background: var(--ink); color: var(--paper); padding: 0.6rem 1rem; z-index: 2; }
.skip:focus { top: 1rem; }`;

const layout = `
.page {
  display: grid; padding: 0;
  grid-template-columns:
    [full-start] minmax(1.15rem, 1fr) [wide-start] minmax(0, 12rem) [text-start] min(40rem, 100% - 2.3rem)
    [text-end] minmax(0, 12rem) [wide-end] minmax(1.15rem, 1fr) [full-end];
}
.page > * { grid-column: text; min-width: 0; }
.page > .wide { grid-column: wide; }
.masthead { padding: clamp(3rem, 10vh, 7rem) 0 1.5rem; }
.eyebrow { color: var(--soft); font-size: 0.82rem; letter-spacing: 0.04em; margin: 0 0 0.9rem; }
.standfirst { font-size: 1.22rem; line-height: 1.5; color: var(--soft); }
.contents { border-block: 1px solid var(--line); padding: 1.1rem 0; margin-bottom: 1rem; }
.contents ol { list-style: none; margin: 0; padding: 0; }
.contents li { display: flex; gap: 1rem; align-items: baseline; padding: 0.22rem 0; }
.contents .number { color: var(--soft); width: 1.2rem; font-variant-numeric: tabular-nums; }
.contents .time { margin-left: auto; color: var(--soft); font-size: 0.85rem; white-space: nowrap; }
.part-head { margin-top: 6rem; padding-top: 1.6rem; border-top: 3px solid var(--ink); }
.lead { font-size: 1.1rem; }
footer { border-top: 1px solid var(--line); margin-top: 6rem; padding: 1.6rem 0 4rem; color: var(--soft); font-size: 0.88rem; }`;

const figures = `
figure { margin: 2.2rem 0 2.6rem; }
.cells { display: grid; gap: 1.1rem 0.9rem; grid-template-columns: repeat(auto-fill, minmax(max(min(var(--least), 100%), var(--most)), 1fr)); }
.cell { min-width: 0; font-size: 0.82rem; line-height: 1.4; }
.cell a { display: block; line-height: 0; border-radius: 4px; cursor: zoom-in; }
.cell img { width: 100%; height: auto; border-radius: 3px; }
.squares { image-rendering: pixelated; }
.cell b { display: block; margin-top: 0.45rem; font-weight: 600; }
.cell span { display: block; color: var(--soft); font-variant-numeric: tabular-nums; }
.charts { display: grid; gap: 1.8rem 2rem; grid-template-columns: repeat(auto-fit, minmax(min(17rem, 100%), 1fr)); margin-top: 1.2rem; }
.charts svg { display: block; width: 100%; height: auto; max-width: 34rem; overflow: visible; }
.charts svg svg { overflow: visible; }
figcaption { margin-top: 1rem; max-width: 46rem; font-size: 0.9rem; line-height: 1.5; }
figcaption p { margin: 0 0 0.35rem; }
.made { color: var(--soft); font-size: 0.8rem; }
.warning { color: var(--notice); }
.claims { list-style: none; margin: 1.8rem 0; padding: 0; }
.claims li { display: grid; grid-template-columns: 9.5rem 1fr; gap: 0 1.3rem; padding: 0.85rem 0; border-top: 1px solid var(--line); align-items: baseline; }
.claims li:last-child { border-bottom: 1px solid var(--line); }
.claims strong { font-size: 1.5rem; font-weight: 600; letter-spacing: -0.02em; line-height: 1.15; text-align: right; font-variant-numeric: tabular-nums; }
.claims p { margin: 0; }
.claims .rest { grid-column: 2; color: var(--soft); font-size: 0.8rem; margin-top: 0.25rem; font-variant-numeric: tabular-nums; }
.sources { font-size: 0.88rem; color: var(--soft); margin: 0 0 1.5rem; padding: 0; list-style: none; }
.sources li { padding: 0.1rem 0; }
.notice { background: var(--notice-paper); border: 1px solid var(--notice-line); border-radius: 6px; padding: 0.9rem 1.1rem; margin: 0.6rem 0 1.5rem; font-size: 0.93rem; line-height: 1.5; }
.notice p { margin: 0 0 0.4rem; }
.notice p:last-child { margin: 0; }
.notice b { color: var(--notice); }
.scroll { overflow-x: auto; margin: 1.4rem 0 2rem; }
table { border-collapse: collapse; width: 100%; font-size: 0.85rem; line-height: 1.4; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding-bottom: 0.5rem; }
th, td { text-align: right; padding: 0.38rem 0 0.38rem 1rem; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; }
th:first-child, td:first-child { text-align: left; padding-left: 0; }
tbody th { font-weight: 400; }`;

const zoom = `
dialog { border: 0; padding: 0; margin: 0; width: 100vw; height: 100vh; height: 100dvh; max-width: none; max-height: none; background: #0d0e10; color: #f0eee9; }
dialog[open] { display: grid; grid-template-rows: 1fr auto; }
dialog::backdrop { background: #0d0e10; }
.stage { overflow: auto; display: grid; place-items: center; padding: 1rem; min-height: 0; min-width: 0; }
.stage img { width: min(100%, var(--fit)); max-height: 100%; object-fit: contain; min-height: 0; cursor: zoom-in; }
.stage.large { display: block; }
.stage.large img { width: var(--large); max-width: none; max-height: none; cursor: zoom-out; }
.bar { display: flex; gap: 0.6rem 1rem; align-items: center; padding: 0.7rem 1rem; font-size: 0.85rem; border-top: 1px solid #34373d; }
.bar p { margin: 0; flex: 1; min-width: 0; }
.bar button { font: inherit; color: inherit; background: #26292e; border: 1px solid #4a4e56; border-radius: 6px; padding: 0.45rem 0.8rem; cursor: pointer; white-space: nowrap; }
.bar button:focus-visible { outline-color: #86c8f0; }
@media (max-width: 40rem) {
  html { font-size: 100%; }
  .part-head { margin-top: 4rem; }
  .claims li { grid-template-columns: 1fr; }
  .claims strong { text-align: left; font-size: 1.35rem; }
  .claims .rest { grid-column: 1; }
  .cells { gap: 0.9rem 0.6rem; }
  .bar { flex-wrap: wrap; }
  .bar p { flex-basis: 100%; }
}
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
@media print {
  :root { --paper: #fff; --ink: #000; --soft: #444; --line: #bbb; --panel: #fff; --accent: #000; --notice: #000; --notice-paper: #fff; --notice-line: #888; }
  html { font-size: 9.5pt; }
  .page { display: block; }
  .skip, dialog { display: none; }
  .part-head { break-before: page; margin-top: 0; }
  h2, h3 { break-after: avoid; }
  .cell, .claims li, tr, .charts > *, figcaption, .notice { break-inside: avoid; }
  a { color: inherit; text-decoration: none; }
}`;

/** The style sheet of a page that is one file, in the letters that the reader has. */
export const plainStyleSheet = [colours, text, layout, figures, zoom].join("\n").trim();

/** The page's style sheet. */
export const styleSheet = [
  typeface(400, "normal"),
  typeface(400, "italic"),
  typeface(600, "normal"),
  plainStyleSheet,
]
  .join("\n")
  .trim();
