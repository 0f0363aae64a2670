/** @file The units that speak for a class, layer by layer, the last layer first. */
import { useEffect, useState } from "preact/hooks";
import type { AtlasLayer, AtlasUnits } from "../../../src/atlas/site/site-data.ts";
import { formatNumber } from "../../../src/wording/numbers.ts";
import { layerAddress } from "../address.ts";
import { useAtlas } from "../atlas-context.ts";
import type { AtlasData } from "../atlas-data.ts";
import { useTexts } from "../texts.ts";
import { Tile } from "../unit-links.tsx";
import { speakersOf, type Speaker } from "./speakers.ts";
import { useViewTexts } from "./view-texts.ts";

interface Speaking {
  readonly layer: AtlasLayer;
  /** Undefined where the layer could not be read. */
  readonly speakers: readonly Speaker[] | undefined;
}

export function ClassUnits({ number }: { readonly number: number }) {
  const texts = useTexts();
  const own = useViewTexts();
  const atlas = useAtlas();
  const { layers } = atlas.index;
  const [read, setRead] = useState<readonly Speaking[]>([]);
  useEffect(() => {
    const stop = new AbortController();
    void readAll(atlas, number, (each) => setRead((all) => [...all, each]), stop.signal);
    return () => stop.abort();
  }, [atlas, number]);
  const isReading = read.length < layers.length;
  const shown = read.filter(({ speakers }) => !speakers || speakers.length > 0);
  return (
    <>
      <p class="hint" role="status">
        {isReading && `${texts.loading} ${read.length} / ${layers.length}`}
        {!isReading && shown.length === 0 && own.noneOfClass}
      </p>
      <div class="by-layer">
        {shown.map(({ layer, speakers }) => (
          <section key={layer.folder} class="of-layer">
            <h2 class="layer-name">
              <a href={layerAddress(layer.folder)}>{layer.name}</a>
            </h2>
            {speakers ? (
              <ul class="tiles">
                {speakers.map(({ unit, share, state }) => (
                  <Tile
                    key={unit}
                    layer={layer}
                    unit={unit}
                    state={state}
                    number={formatNumber(share, 2)}
                  />
                ))}
              </ul>
            ) : (
              <p class="missing">{texts.notLoaded}</p>
            )}
          </section>
        ))}
      </div>
    </>
  );
}

/** One layer after the other, so that the first are seen before the last are read. */
async function readAll(
  atlas: AtlasData,
  number: number,
  onRead: (each: Speaking) => void,
  signal: AbortSignal,
): Promise<void> {
  for (const layer of atlas.index.layers.toReversed()) {
    const units = await atlas.units.of(layer.folder).catch((): AtlasUnits | undefined => undefined);
    if (signal.aborted) return;
    onRead({ layer, speakers: units && speakersOf(units.units, number) });
  }
}
