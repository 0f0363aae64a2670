/** @file The typefaces of text that others set: charts and pages. Sheets have Inter's outlines themselves. */

/** Families for CSS and SVG, the first that the reader has. */
export const fontStack = "Inter, system-ui, sans-serif";
