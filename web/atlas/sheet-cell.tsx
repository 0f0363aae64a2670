/** @file One cell of a sheet: a unit's icon, or a patch of a photo. */
import { mosaicLayout, patchPlace } from "../../src/activations/patch-picture.ts";
import type {
  AtlasLayer,
  AtlasOthers,
  AtlasUnit,
  AtlasUnits,
} from "../../src/atlas/site/site-data.ts";
import { useAtlas } from "./atlas-context.ts";
import { Cell } from "./cell.tsx";
import { cellOf } from "./sheet-place.ts";
import "./sheet-cell.css";

interface IconProps {
  readonly layer: AtlasLayer;
  readonly unit: number;
  readonly state?: AtlasUnit["state"];
  /** What a screen reader says; nothing where words beside it say it. */
  readonly text?: string;
}

/** A unit's icon, as large as the style's `--side`. */
export function Icon({ layer, unit, state = "live", text }: IconProps) {
  const { icons } = useAtlas().index;
  const cell = cellOf(icons, layer.sheets, unit, layer.channels);
  return (
    <Cell
      cell={cell}
      folder={layer.folder}
      cellPx={icons.sidePx}
      kind={`is-${state}`}
      text={text}
    />
  );
}

interface OtherPictureProps extends IconProps {
  readonly others: AtlasOthers;
  /** Number of the column that shows it. */
  readonly column: number;
}

/** A picture of a unit beside its icon, as large as the style's `--side`. */
export function OtherPicture(props: OtherPictureProps) {
  const { layer, others, unit, column, state = "live", text } = props;
  const { columns, sidePx } = others.cells;
  const number = unit * columns + column;
  const cell = cellOf(others.cells, others.sheets, number, layer.channels * columns);
  return (
    <Cell cell={cell} folder={layer.folder} cellPx={sidePx} kind={`is-${state}`} text={text} />
  );
}

interface PatchProps {
  readonly layer: AtlasLayer;
  readonly units: AtlasUnits;
  readonly unit: number;
  /** 0 for the strongest. */
  readonly number: number;
  readonly text?: string;
}

/** One patch of a unit's mosaic, as large as the style's `--side`. */
export function Patch({ layer, units, unit, number, text }: PatchProps) {
  const { patches } = useAtlas().index;
  if (!patches) return null;
  const cell = cellOf(patches, units.patchSheets, unit, layer.channels);
  const layout = mosaicLayout(patches.count, patches.sidePx);
  const { left, top } = patchPlace(layout, number);
  return (
    <Cell
      cell={{ ...cell, left: cell.left + left, top: cell.top + top }}
      folder={layer.folder}
      cellPx={layout.patchPx}
      kind="patch"
      text={text}
    />
  );
}
