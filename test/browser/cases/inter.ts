/** @file Addresses of the typeface of sheets, as a bundler gives them. */

/** Latin letters in both weights. */
export const interAddresses = {
  regular: [
    new URL(
      "../../../node_modules/@fontsource/inter/files/inter-latin-400-normal.woff",
      import.meta.url,
    ),
  ],
  bold: [
    new URL(
      "../../../node_modules/@fontsource/inter/files/inter-latin-600-normal.woff",
      import.meta.url,
    ),
  ],
};
