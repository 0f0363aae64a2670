/** @file Units that belong to a unit: those that answer alike, those that it reads, those that read it. */
import type {
  AtlasLayer,
  AtlasLink,
  AtlasUnit,
  AtlasUnits,
} from "../../src/atlas/site/site-data.ts";
import { formatNumber } from "../../src/wording/numbers.ts";
import { layerAddress, unitAddress } from "./address.ts";
import { useAtlas } from "./atlas-context.ts";
import { classNameOf } from "./class-names.ts";
import { Icon } from "./sheet-cell.tsx";
import { useTexts } from "./texts.ts";
import "./unit-links.css";

interface NearestProps {
  readonly layer: AtlasLayer;
  readonly units: AtlasUnits;
  readonly near: NonNullable<AtlasUnit["near"]>;
}

export function Nearest({ layer, units, near }: NearestProps) {
  const texts = useTexts();
  if (near.length === 0) return null;
  return (
    <section class="links">
      <h2>
        {texts.nearest} <small>{texts.nearestText}</small>
      </h2>
      <ul class="tiles">
        {near.map(([unit, cosine]) => (
          <Tile
            key={unit}
            layer={layer}
            unit={unit}
            state={units.units[unit]?.state ?? "live"}
            number={formatNumber(cosine, 2)}
          />
        ))}
      </ul>
    </section>
  );
}

interface LinksProps {
  readonly title: string;
  readonly links: readonly AtlasLink[];
}

/** Layer by layer, the strongest first. */
export function Links({ title, links }: LinksProps) {
  const texts = useTexts();
  const atlas = useAtlas();
  if (links.length === 0) return null;
  const names = [...new Set(links.map((link) => link.layer))];
  return (
    <section class="links">
      <h2>
        {title} <small>{texts.linkText}</small>
      </h2>
      <div class="by-layer">
        {names.map((name) => {
          const layer = atlas.layer(name);
          const own = links.filter((link) => link.layer === name);
          return (
            <div key={name} class="of-layer">
              <h3 class="layer-name">
                {layer ? (
                  <a href={layerAddress(layer.folder)}>{layer.name}</a>
                ) : (
                  <>
                    {name} <small>{texts.notInAtlas}</small>
                  </>
                )}
              </h3>
              <ul class="tiles">
                {own.map(({ unit, size }) => (
                  <Tile
                    key={unit}
                    layer={layer}
                    unit={unit}
                    state={(layer && atlas.units.given(layer.folder)?.units[unit]?.state) ?? "live"}
                    number={formatNumber(size, 2)}
                  />
                ))}
              </ul>
            </div>
          );
        })}
      </div>
    </section>
  );
}

interface TileProps {
  /** Without one the atlas has no icon of it. */
  readonly layer: AtlasLayer | undefined;
  readonly unit: number;
  readonly state: AtlasUnit["state"];
  readonly number: string;
}

/** A unit's icon as a link, with its number and how strong the tie is. */
export function Tile({ layer, unit, state, number }: TileProps) {
  const texts = useTexts();
  const { index } = useAtlas();
  const caption = (
    <span class="caption">
      <strong>{unit}</strong> {number}
    </span>
  );
  if (!layer) return <li class="bare">{caption}</li>;
  const name = classNameOf(index, layer, unit);
  // What is seen comes first, as it is seen.
  const words = [
    `${texts.unit} ${unit}`,
    number,
    name,
    state === "live" ? undefined : texts[state],
  ];
  return (
    <li>
      <a
        href={unitAddress(layer.folder, unit)}
        aria-label={words.filter(Boolean).join(", ")}
        title={name}
      >
        <Icon layer={layer} unit={unit} state={state} />
        {caption}
      </a>
    </li>
  );
}
