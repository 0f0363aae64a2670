/** @file The unit that is pointed at: its icon, its patches, its first figures. */
import type { AtlasLayer, AtlasUnits } from "../../src/atlas/site/site-data.ts";
import { formatNumber, formatShare } from "../../src/wording/numbers.ts";
import { useAtlas } from "./atlas-context.ts";
import { unitWords } from "./class-names.ts";
import { Icon, Patch } from "./sheet-cell.tsx";
import { useTexts } from "./texts.ts";
import "./unit-glance.css";

interface UnitGlanceProps {
  readonly layer: AtlasLayer;
  readonly units: AtlasUnits;
  readonly unit: number | undefined;
}

export function UnitGlance({ layer, units, unit }: UnitGlanceProps) {
  const texts = useTexts();
  const { index } = useAtlas();
  const { classes } = index;
  if (unit === undefined) return <aside class="glance hint">{texts.lookAt}</aside>;
  const facts = units.units[unit]!;
  const { state, activation, zeroShare, tops = [], classes: spoken = [] } = facts;
  return (
    <aside class="glance" aria-label={`${texts.unit} ${unit}`}>
      <Icon layer={layer} unit={unit} state={state} />
      <p>
        <strong>
          {texts.unit} {unitWords(index, layer, unit)}
        </strong>
        {state !== "live" && <em>{texts[state]}</em>}
        <br />
        {texts.activation} {formatNumber(activation)}
        {zeroShare !== undefined && ` · ${texts.zeroShare} ${formatShare(zeroShare)}`}
        {spoken.length > 0 && classes && (
          <>
            <br />
            {texts.speaksFor}: {classes[spoken[0]![0]]}
          </>
        )}
      </p>
      {tops.length > 0 && (
        <div class="patches">
          {tops.map((_, number) => (
            <Patch key={number} layer={layer} units={units} unit={unit} number={number} />
          ))}
        </div>
      )}
    </aside>
  );
}
