/** @file The letters of sheets: the same files as the command's, fetched when a sheet is drawn. */
import cyrillic from "@fontsource/inter/files/inter-cyrillic-400-normal.woff?url";
import cyrillicBold from "@fontsource/inter/files/inter-cyrillic-600-normal.woff?url";
import greek from "@fontsource/inter/files/inter-greek-400-normal.woff?url";
import greekBold from "@fontsource/inter/files/inter-greek-600-normal.woff?url";
import latin from "@fontsource/inter/files/inter-latin-400-normal.woff?url";
import latinBold from "@fontsource/inter/files/inter-latin-600-normal.woff?url";
import latinExtended from "@fontsource/inter/files/inter-latin-ext-400-normal.woff?url";
import latinExtendedBold from "@fontsource/inter/files/inter-latin-ext-600-normal.woff?url";
import vietnamese from "@fontsource/inter/files/inter-vietnamese-400-normal.woff?url";
import vietnameseBold from "@fontsource/inter/files/inter-vietnamese-600-normal.woff?url";
import type { TypefaceAddresses } from "../../src/web/typefaces.ts";

/** In the order in which a letter is looked for, as on Node. */
export const typefaceAddresses: TypefaceAddresses = {
  regular: [latin, latinExtended, greek, cyrillic, vietnamese],
  bold: [latinBold, latinExtendedBold, greekBold, cyrillicBold, vietnameseBold],
};
