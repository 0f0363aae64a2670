/** @file What every pane of the page may ask: the data, and a layer's files once they are read. */
import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import type { AtlasData, LayerFiles } from "./atlas-data.ts";

export const AtlasContext = createContext<AtlasData | undefined>(undefined);

export function useAtlas(): AtlasData {
  return useContext(AtlasContext)!;
}

/** What stands in a file's place until it is there. */
export interface AwaitedFile {
  /** The file that could not be read. */
  readonly missing: string | undefined;
  again(): void;
}

/** What a file of a layer holds: it is there, is awaited, or could not be read; nothing is read without a folder. */
export function useLayerFile<T>(
  files: LayerFiles<T>,
  folder: string | undefined,
): AwaitedFile & { readonly read: T | undefined } {
  const [tries, setTries] = useState(0);
  const [, setAnswered] = useState(0);
  const [missing, setMissing] = useState<{ readonly folder: string; readonly file: string }>();
  useEffect(() => {
    let isWanted = true;
    if (folder === undefined || files.given(folder)) return undefined;
    setMissing(undefined);
    void files.of(folder).then(
      () => isWanted && setAnswered((count) => count + 1),
      (error: Error) => isWanted && setMissing({ folder, file: error.message }),
    );
    return () => {
      isWanted = false;
    };
  }, [files, folder, tries]);
  return {
    read: folder === undefined ? undefined : files.given(folder),
    missing: missing?.folder === folder ? missing?.file : undefined,
    again: () => setTries((count) => count + 1),
  };
}
