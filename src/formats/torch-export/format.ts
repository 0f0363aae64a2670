/** @file Archives of torch.export.save in the table of formats. */
import type { Format } from "../format.ts";

/** Files that an archive has, of PyTorch 2.8 and of those before. */
const markers = ["archive_format", "serialized_exported_program.json"] as const;

/** The zip that torch.export.save writes (.pt2). */
export const torchExportFormat: Format = {
  name: "a network of torch.export",
  folder: {
    matches: (files) => markers.some((name) => files.includes(name)),
    open: async (folder) => (await import("./open.ts")).openTorchExport(folder),
  },
};
