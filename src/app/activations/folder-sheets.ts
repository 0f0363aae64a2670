/** @file Sheets of the patches that excite channels most, drawn in few passes over the pictures and in bounded memory. */
import {
  cutPatch,
  drawField,
  emptyMosaic,
  layPatch,
  mosaicLayout,
  type MosaicLayout,
} from "../../activations/patch-picture.ts";
import type { ReceptiveFields } from "../../activations/receptive-field.ts";
import type { LayerRecord } from "../../activations/set-record.ts";
import type { TopPatch } from "../../activations/top-patches.ts";
import { throwIfAborted, type StopSignal } from "../../errors.ts";
import { contactSheet } from "../../drawing/contact-sheet.ts";
import { cutFooter, placedIn, type ShownInput } from "../../drawing/cut-photo.ts";
import { evenRows } from "../../drawing/even-rows.ts";
import { toRgb, type Picture } from "../../image/picture.ts";
import type { SheetCell, SheetLayout } from "../../drawing/sheet.ts";
import { baseName } from "../../wording/paths.ts";
import type { ProgressTeller } from "../context.ts";
import { formatNumber } from "../../wording/numbers.ts";

/** What sheets are drawn from. */
export interface SheetWork {
  /** Of the pictures that the network sees. */
  readonly channels: 1 | 3;
  readonly fieldsOf: (layer: string) => ReceptiveFields;
  readonly paths: readonly string[];
  /** What the network sees of the picture of a number. */
  readonly seenPicture: (number: number) => Promise<ShownInput>;
  readonly signal: StopSignal | undefined;
  readonly progress: Pick<ProgressTeller, "update">;
}

/** A layer, its number in the list, and the name that its sheet has. */
export interface SheetLayer {
  readonly record: LayerRecord;
  readonly operator: string;
}

/** Mosaics of one pass over the pictures may take so much. */
const mostMosaicBytes = 2 ** 28;

/** A cell of a contact sheet at two pixels a unit. */
const mosaicPx = 192;

/** Layers whose mosaics fit into the memory together. */
export function sheetGroups(
  layers: readonly SheetLayer[],
  channels: 1 | 3,
): readonly (readonly SheetLayer[])[] {
  const groups: SheetLayer[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const layer of layers) {
    const { tops, sizes } = layer.record;
    const { widthPx, heightPx } = mosaicLayout(tops.k, mosaicPx);
    const needed = sizes.channels * widthPx * heightPx * channels;
    if (bytes + needed > mostMosaicBytes) {
      groups.push([]);
      bytes = 0;
    }
    groups.at(-1)!.push(layer);
    bytes += needed;
  }
  return groups;
}

/** A patch and where it belongs. */
interface Piece {
  readonly mosaic: Picture;
  readonly index: number;
  readonly patch: TopPatch;
  readonly channel: number;
  readonly fieldOf: ReceptiveFields;
}

/** One sheet a layer: the patches of each channel, in the order of the layers. */
export async function patchSheets(
  work: SheetWork,
  layers: readonly SheetLayer[],
): Promise<readonly SheetLayout[]> {
  const layout = mosaicLayout(layers[0]!.record.tops.k, mosaicPx);
  const pieces: Piece[] = [];
  const mosaics = layers.map(({ record }) => {
    const fieldOf = work.fieldsOf(record.name);
    return Array.from({ length: record.sizes.channels }, (_, channel) => {
      const patches = record.tops.of(channel);
      if (patches.length === 0) return undefined;
      const mosaic = emptyMosaic(layout, work.channels);
      for (const [index, patch] of patches.entries()) {
        pieces.push({ mosaic, index, patch, channel, fieldOf });
      }
      return mosaic;
    });
  });
  await fillMosaics(work, pieces, layout);
  return layers.map((layer, i) => sheetOf(layer, mosaics[i]!));
}

/** Every picture is read once. */
async function fillMosaics(
  work: SheetWork,
  pieces: readonly Piece[],
  layout: MosaicLayout,
): Promise<void> {
  const byPicture: Piece[][] = [];
  for (const piece of pieces) (byPicture[piece.patch.picture] ??= []).push(piece);
  const numbers = Object.keys(byPicture).map(Number);
  for (const [done, number] of numbers.entries()) {
    throwIfAborted(work.signal, "activations");
    const { photo: seen } = await work.seenPicture(number);
    // Deep layers see whole pictures, so that many channels share a patch.
    const known = new Map<string, Picture>();
    for (const { mosaic, index, patch, channel, fieldOf } of byPicture[number]!) {
      const field = fieldOf({ ...patch, channel });
      const key = Object.values(field).join();
      const cutting = known.get(key) ?? cutPatch(seen, field, layout.patchPx);
      known.set(key, cutting);
      layPatch(mosaic, cutting, layout, index);
    }
    work.progress.update(done / numbers.length, "drawing patches");
  }
}

function sheetOf(
  { record, operator }: SheetLayer,
  mosaics: readonly (Picture | undefined)[],
): SheetLayout {
  const { name, sizes, tops, statistics } = record;
  const { pictures } = statistics.result();
  const cells = mosaics.map((mosaic, channel): SheetCell => {
    const title = `${channel}`;
    const [strongest] = tops.of(channel);
    if (!mosaic || !strongest) return { title, empty: "dead", captions: ["0 in every picture"] };
    return { title, picture: mosaic, captions: [`up to ${formatNumber(strongest.value)}`] };
  });
  const shape = [sizes.channels, sizes.height, sizes.width].join(" x ");
  return contactSheet({
    title: name,
    subtitle: `${operator}, ${shape}: for each channel what its ${tops.k} strongest pictures of ${pictures} show in its receptive field, the strongest first`,
    cells,
  });
}

/** Pictures side by side on the sheet of one channel; more make letters too small on a page. */
const mostInRow = 6;

/** One channel at large: its strongest pictures with the receptive field drawn in, and what lies in it below. */
export async function strongestSheet(
  work: SheetWork,
  { record, operator }: SheetLayer,
  channel: number,
): Promise<SheetLayout> {
  const fieldOf = work.fieldsOf(record.name);
  const side = 224;
  const shown: { readonly whole: SheetCell; readonly cut: SheetCell }[] = [];
  const patches = record.tops.of(channel);
  let isCut = false;
  for (const patch of patches) {
    const input = await work.seenPicture(patch.picture);
    const seen = toRgb(input.photo);
    const field = fieldOf({ ...patch, channel });
    isCut ||= input.cut !== undefined;
    shown.push({
      whole: placedIn(input)({
        picture: drawField(seen, field),
        enlarge: "smooth",
        title: baseName(work.paths[patch.picture]!),
        captions: [`${formatNumber(patch.value)} at row ${patch.y}, column ${patch.x}`],
      }),
      cut: {
        picture: cutPatch(seen, field, side),
        captions: [`${field.widthPx} x ${field.heightPx} pixels`],
      },
    });
  }
  const rows = evenRows(shown, mostInRow).flatMap((row) => [
    { cells: row.map(({ whole }) => whole) },
    { cells: row.map(({ cut }) => cut) },
  ]);
  const { pictures } = record.statistics.result();
  const told =
    patches.length > 0
      ? `the ${patches.length} pictures of ${pictures} that excite it most; below, what lies in its receptive field`
      : `0 everywhere in all ${pictures} pictures`;
  return {
    title: `${record.name}, channel ${channel}`,
    subtitle: `${operator}: ${told}`,
    rows: patches.length > 0 ? rows : [{ cells: [{ empty: "dead" }] }],
    cellWidthPx: side,
    cellHeightPx: side,
    ...(isCut ? { footer: cutFooter } : {}),
  };
}
