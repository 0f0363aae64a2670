/** @file The map of a layer's units: icons where units answer to photos alike lie near each other, by wheel, thumb and keys. */
import { useState } from "preact/hooks";
import type { AtlasLayer, AtlasMap, AtlasUnits } from "../../../src/atlas/site/site-data.ts";
import { formatNumber } from "../../../src/wording/numbers.ts";
import { unitAddress } from "../address.ts";
import { MapCanvas } from "./map-canvas.tsx";
import { counted, useTexts } from "../texts.ts";
import { useViewTexts } from "./view-texts.ts";
import "./unit-map.css";

export interface UnitMapProps {
  readonly layer: AtlasLayer;
  readonly units: AtlasUnits;
  /** The one that is pointed at. */
  readonly unit: number | undefined;
  onPoint(unit: number): void;
}

export function UnitMap({ layer, units, unit, onPoint }: UnitMapProps) {
  const texts = useTexts();
  const own = useViewTexts();
  const { map } = units;
  if (!map || "lacks" in map) return <NoMap map={map} />;
  const without = map.places.filter((place) => place === null).length;
  const state = unit === undefined ? undefined : units.units[unit]?.state;
  return (
    <section class="unit-map">
      <p class="hint">
        {own.mapText} {own.mapDots}
        {without > 0 &&
          ` ${counted(texts, without, "Unit")} ${without === 1 ? own.mapWithoutPlaceOne : own.mapWithoutPlace}`}
      </p>
      <MapCanvas layer={layer} units={units} places={map.places} unit={unit} onPoint={onPoint} />
      <p class="hint" id="map-keys">
        {own.mapKeys}
      </p>
      <p class="chosen" role="status">
        {unit !== undefined && (
          <a href={unitAddress(layer.folder, unit)}>
            {own.open} {texts.unit} {unit}
            {state !== undefined && state !== "live" && `, ${texts[state]}`}
          </a>
        )}
      </p>
      <AsList layer={layer} units={units} />
    </section>
  );
}

function NoMap({ map }: { readonly map: AtlasMap | undefined }) {
  const own = useViewTexts();
  if (!map || !("lacks" in map)) return <p class="hint no-map">{own.mapNeedsPhotos}</p>;
  const { of, has, needs } = map.lacks;
  return (
    <p class="hint no-map">
      {own.mapLacks} {needs} {of === "units" ? own.mapLacksUnits : own.mapLacksPhotos} {has}.
    </p>
  );
}

/** Of each unit the nearest ones: what the map shows, by the numbers that it was made of. */
function AsList({ layer, units }: Pick<UnitMapProps, "layer" | "units">) {
  const texts = useTexts();
  const own = useViewTexts();
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="as-list" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{own.mapList}</summary>
      {isOpen && (
        <>
          <p class="hint">{own.mapListText}</p>
          <ul>
            {units.units.map(({ near = [] }, unit) => (
              <li key={unit}>
                <a href={unitAddress(layer.folder, unit)}>
                  {texts.unit} {unit}
                </a>
                {": "}
                {near.length === 0
                  ? "–"
                  : near.slice(0, 3).map(([other, cosine], i) => (
                      <>
                        {i > 0 && ", "}
                        <a href={unitAddress(layer.folder, other)}>{other}</a>{" "}
                        <small>{formatNumber(cosine, 2)}</small>
                      </>
                    ))}
              </li>
            ))}
          </ul>
        </>
      )}
    </details>
  );
}
