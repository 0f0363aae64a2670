/** @file The document that charts are drawn into where there is no browser's. */
import type { ChartDocument } from "./chart-document.ts";

/** An empty document of linkedom's. */
export async function linkedDocument(): Promise<ChartDocument> {
  // The single file loads in a third of the time of the many.
  const { parseHTML } = await import("linkedom/worker");
  return parseHTML("<html><body></body></html>").document;
}
