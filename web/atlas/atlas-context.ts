/** @file What every pane of the page may ask: the data, and a layer's units once they are read. */
import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import type { AtlasUnits } from "../../src/atlas/site/site-data.ts";
import type { AtlasData } from "./atlas-data.ts";

export const AtlasContext = createContext<AtlasData | undefined>(undefined);

export function useAtlas(): AtlasData {
  return useContext(AtlasContext)!;
}

/** Units that are there, are awaited, or could not be read. */
export interface AskedUnits {
  readonly units: AtlasUnits | undefined;
  /** The file that could not be read. */
  readonly missing: string | undefined;
  again(): void;
}

export function useUnits(folder: string): AskedUnits {
  const atlas = useAtlas();
  const [tries, setTries] = useState(0);
  const [, setAnswered] = useState(0);
  const [missing, setMissing] = useState<{ readonly folder: string; readonly file: string }>();
  useEffect(() => {
    let isWanted = true;
    if (atlas.units.given(folder)) return undefined;
    setMissing(undefined);
    void atlas.units.of(folder).then(
      () => isWanted && setAnswered((count) => count + 1),
      (error: Error) => isWanted && setMissing({ folder, file: error.message }),
    );
    return () => {
      isWanted = false;
    };
  }, [atlas, folder, tries]);
  return {
    units: atlas.units.given(folder),
    missing: missing?.folder === folder ? missing.file : undefined,
    again: () => setTries((count) => count + 1),
  };
}
