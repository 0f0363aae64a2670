/** @file The cell that is chosen: its picture, what photos show at its places, and whose they are. */
import type { RefObject } from "preact";
import { mosaicLayout, patchPlace } from "../../../src/activations/patch-picture.ts";
import type { AtlasCells, AtlasLayer } from "../../../src/atlas/site/site-data.ts";
import { useAtlas } from "../atlas-context.ts";
import { Cell } from "../cell.tsx";
import { cellOf } from "../sheet-place.ts";
import { cellName, classesText, foldersText } from "./cell-words.ts";
import { useViewTexts } from "./view-texts.ts";

interface CellGlanceProps {
  readonly layer: AtlasLayer;
  readonly cells: AtlasCells;
  readonly chosen: number | undefined;
  readonly place: RefObject<HTMLElement | null>;
}

export function CellGlance({ layer: { folder }, cells, chosen, place }: CellGlanceProps) {
  const texts = useViewTexts();
  const { index } = useAtlas();
  const { icons } = index;
  const cell = chosen === undefined ? undefined : cells.cells[chosen];
  if (chosen === undefined || !cell)
    return <aside class="cell-glance none">{texts.cellLookAt}</aside>;
  const count = cells.cells.length;
  return (
    <aside class="cell-glance" ref={place} tabIndex={-1} aria-label={cellName(texts, cell)}>
      <Cell
        cell={cellOf(icons, cells.sheets, chosen, count)}
        folder={folder}
        cellPx={icons.sidePx}
        kind={cell.isUnmoved ? "is-silent" : "is-live"}
        text={undefined}
      />
      <p role="status">
        <strong>{cellName(texts, cell)}</strong>
        <br />
        {texts.cellOf} {cell.count} {texts.cellPlaces}
        {cell.isUnmoved && (
          <>
            <br />
            {texts.cellUnmoved}
          </>
        )}
        {cell.folders && (
          <>
            <br />
            {texts.cellFolders}: {foldersText(cells, cell)}
          </>
        )}
        {cell.classes && (
          <>
            <br />
            {texts.cellClasses}: {classesText(index.classes, cell) || texts.cellNoClasses}
          </>
        )}
      </p>
      <h2>{texts.cellPatches}</h2>
      <Patches folder={folder} cells={cells} chosen={chosen} />
    </aside>
  );
}

interface PatchesProps {
  readonly folder: string;
  readonly cells: AtlasCells;
  readonly chosen: number;
}

/** What photos show at a cell's places, each with its photo's name. */
function Patches({ folder, cells, chosen }: PatchesProps) {
  const { patches } = useAtlas().index;
  if (!patches) return null;
  const cell = cellOf(patches, cells.patchSheets, chosen, cells.cells.length);
  const layout = mosaicLayout(patches.count, patches.sidePx);
  return (
    <div class="patches">
      {cells.cells[chosen]!.tops.map((photo, number) => {
        const { left, top } = patchPlace(layout, number);
        return (
          <Cell
            key={number}
            cell={{ ...cell, left: cell.left + left, top: cell.top + top }}
            folder={folder}
            cellPx={layout.patchPx}
            kind="patch"
            text={cells.photos[photo]}
          />
        );
      })}
    </div>
  );
}
