/** @file What is made of a layer beside its units' pictures: opposites, pictures that differ, and its caricature of a photo. */
import type { Picture } from "../image/picture.ts";
import { blocksOf } from "./part-blocks.ts";
import { diverseOfUnit, type OtherPicture } from "./jobs/job.ts";
import { decodeCaricature, type Caricature } from "./jobs/caricature-part.ts";
import type { PartStore } from "./jobs/part-store.ts";
import { decodeUnits, type MadeUnit } from "./jobs/units-part.ts";
import type { AtlasPlan } from "./plan.ts";
import type { PlannedLayer } from "./plan-layers.ts";
import type { AtlasUnit, OtherColumn } from "./site/site-data.ts";

/** Pictures of a layer's units in columns, and what is known of them. */
export interface GatheredOthers {
  /** What each column shows. */
  readonly columns: readonly OtherColumn[];
  /** Unit by unit, a picture for each column. */
  readonly pictures: readonly Picture[];
  /** One a unit. */
  readonly facts: readonly Pick<AtlasUnit, "opposite" | "diverse">[];
}

/**
 * The pictures of a layer beside its icons, and the units' own pictures where they are larger than icons of `iconPx`; undefined where
 * there are none.
 */
export async function othersOf(
  plan: AtlasPlan,
  layer: PlannedLayer,
  made: readonly MadeUnit[],
  iconPx: number,
  store: PartStore,
): Promise<GatheredOthers | undefined> {
  const of = async (kind: OtherPicture) => {
    const jobs = plan.others.jobs.filter(({ job }) => job.kind === kind);
    const each = kind === "diverse" ? diverseOfUnit : 1;
    return blocksOf(jobs, layer.name, store, (bytes, part, count) =>
      decodeUnits(bytes, part, each * count),
    );
  };
  const [opposites, diverse] = [await of("opposite"), await of("diverse")];
  const isLarge = Math.max(layer.size.heightPx, layer.size.widthPx) > iconPx;
  const columns: readonly OtherColumn[] = [
    ...(isLarge ? (["excites"] as const) : []),
    ...(opposites.length > 0 ? (["opposite"] as const) : []),
    ...(diverse.length > 0 ? Array.from({ length: diverseOfUnit }, () => "diverse" as const) : []),
  ];
  if (columns.length === 0) return undefined;
  const facetsOf = (unit: number) =>
    diverse.slice(diverseOfUnit * unit, diverseOfUnit * (unit + 1));
  return {
    columns,
    pictures: made.flatMap((own, unit) =>
      [...(isLarge ? [own] : []), ...opposites.slice(unit, unit + 1), ...facetsOf(unit)].map(
        ({ picture }) => picture,
      ),
    ),
    facts: made.map((_, unit) => ({
      ...(opposites[unit] ? { opposite: oppositeFacts(opposites[unit]) } : {}),
      ...(diverse.length > 0 ? { diverse: diverseFacts(facetsOf(unit)) } : {}),
    })),
  };
}

function oppositeFacts({ start, activation, isSilent, isBefore }: MadeUnit) {
  return { start, activation, isSilent, isBeforeRectifier: isBefore === true };
}

function diverseFacts(made: readonly MadeUnit[]): NonNullable<AtlasUnit["diverse"]> {
  const alike = made.reduce((sum, each) => sum + (each.alike ?? 0), 0) / made.length;
  return { activations: made.map(({ activation }) => activation), alike };
}

/** A layer's caricature, where one was asked for. */
export async function caricatureOf(
  { caricatures }: AtlasPlan,
  { name }: PlannedLayer,
  store: PartStore,
): Promise<Caricature | undefined> {
  const [found] = await blocksOf(caricatures?.jobs ?? [], name, store, (bytes, part) => [
    decodeCaricature(bytes, part),
  ]);
  return found;
}
