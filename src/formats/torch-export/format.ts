/** @file Archives of torch.export.save in the table of formats. */
import type { Format } from "../format.ts";
import { isTorchExport, openTorchExport } from "./open.ts";

/** The zip that torch.export.save writes (.pt2). */
export const torchExportFormat: Format = {
  name: "a network of torch.export",
  folder: { matches: isTorchExport, open: openTorchExport },
};
