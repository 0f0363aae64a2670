/** @file Results as files of the reader's own. */
import type { SeenPicture, ShownMap } from "../protocol.ts";

/** The picture with the map over it, as it is shown. */
export async function savePicture(
  picture: SeenPicture,
  map: ShownMap,
  opacity: number,
): Promise<void> {
  const { width, height } = map.heat;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d")!;
  context.drawImage(await bitmapOf(picture.seen), 0, 0, width, height);
  context.globalAlpha = opacity;
  context.drawImage(await bitmapOf(map.heat), 0, 0);
  save(await canvas.convertToBlob({ type: "image/png" }), `${stemOf(picture.name)}-heatmap.png`);
}

/** All that is said of the map, as JSON. */
export function saveFacts(picture: SeenPicture, map: ShownMap): void {
  const { heat: _, ...facts } = map;
  const text = JSON.stringify(
    { picture: picture.name, ...facts, answers: picture.answers },
    null,
    2,
  );
  save(new Blob([text], { type: "application/json" }), `${stemOf(picture.name)}-heatmap.json`);
}

function bitmapOf({ width, height, data }: ShownMap["heat"]): Promise<ImageBitmap> {
  return createImageBitmap(new ImageData(data, width, height));
}

function stemOf(name: string): string {
  return name.replace(/\.[^.]*$/, "").replaceAll(/[^\w-]+/g, "-");
}

function save(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
