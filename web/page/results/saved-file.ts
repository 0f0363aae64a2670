/** @file Files in the reader's hand. */
import type { DownloadedFile } from "../../download-protocol.ts";
import type { Pixels } from "../../protocol.ts";

/** Pixels as a file from which they are read again as they are. */
export async function savePixels({ width, height, data }: Pixels, name: string): Promise<void> {
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext("2d")!.putImageData(new ImageData(data, width, height), 0, 0);
  const type = "image/png";
  const bytes = await (await canvas.convertToBlob({ type })).arrayBuffer();
  save({ name, type, bytes: new Uint8Array(bytes) });
}

/** Hands a file to the reader's browser. */
export function save({ name, type, bytes }: DownloadedFile): void {
  const address = URL.createObjectURL(new Blob([bytes], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
