/** @file Sheets of pictures as a canvas draws them. */
import { useEffect, useState } from "preact/hooks";
import { fileAddress } from "../atlas-data.ts";

/** Files of a layer's folder as images, those that have come. */
export function useSheets(
  folder: string,
  files: readonly string[],
): ReadonlyMap<string, HTMLImageElement> {
  const [sheets, setSheets] = useState<ReadonlyMap<string, HTMLImageElement>>(new Map());
  useEffect(() => {
    let isWanted = true;
    for (const file of files) {
      const image = new Image();
      image.addEventListener("load", () => {
        if (isWanted) setSheets((had) => new Map([...had, [file, image]]));
      });
      image.src = fileAddress(folder, file);
    }
    return () => {
      isWanted = false;
    };
  }, [folder, files]);
  return sheets;
}
