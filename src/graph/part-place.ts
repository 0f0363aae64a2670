/** @file Where a part lies in a picture of known size. */
import { planeOf, type InputPart } from "./input-parts.ts";

/** Where a part lies in a picture of some size: channels, rows and columns, and its own sides. */
export interface PartPlace {
  readonly firstChannel: number;
  readonly channels: number;
  readonly rows: number;
  readonly columns: number;
  readonly sides: readonly number[];
}

/** The place of a part in a picture [N, C, H, W]; what the file leaves open is as large as the picture. */
export function placeOf(part: InputPart, [, c, h, w]: readonly number[]): PartPlace {
  const [rows, columns] = planeOf(part);
  const place = {
    firstChannel: part.firstChannel,
    channels: typeof part.channels === "number" ? part.channels : c!,
    rows: typeof rows === "number" ? rows : h!,
    columns: typeof columns === "number" ? columns : w!,
  };
  return { ...place, sides: sidesOf(part, place) };
}

function sidesOf(
  { kind, sides }: InputPart,
  { rows, columns }: Pick<PartPlace, "rows" | "columns">,
): readonly number[] {
  if (kind !== "volume") return sides.length === 1 ? [columns] : [rows, columns];
  const [depth, height] = sides;
  const fixed = typeof height === "number" ? height : rows / (depth as number);
  return [rows / fixed, fixed, columns];
}
