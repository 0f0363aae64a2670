/** @file Where the places of a layered graph lie: ranks from top to bottom, branches side by side, lines between. */

/** A place, and those that it is computed from, which come before it in the list. */
export interface GraphPlace {
  readonly name: string;
  readonly before: readonly string[];
}

/** A place's middle, in pixels from the upper left corner. */
export interface PlacedNode {
  readonly name: string;
  readonly rank: number;
  readonly x: number;
  readonly y: number;
}

export interface PlacedLine {
  readonly from: string;
  readonly to: string;
  /** Corners, each lower than the one before. */
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface GraphLayout {
  readonly nodes: readonly PlacedNode[];
  readonly lines: readonly PlacedLine[];
  readonly width: number;
  readonly height: number;
}

/** Of places, in pixels. */
export const nodeSize = { width: 116, height: 38 } as const;
const gap = { across: 12, down: 26 } as const;

/** Of a line that passes a rank. */
const passing = 8;

const sweeps = 12;

/** A place, or where a line passes a rank between two places. */
interface Slot {
  readonly node: string;
  readonly isPassing: boolean;
  readonly rank: number;
  readonly above: Slot[];
  readonly below: Slot[];
  /** Place among those of its rank, from 0. */
  order: number;
  x: number;
}

/**
 * Lays a graph out by the longest path to each place (Sugiyama et al. 1981): lines that pass ranks have room there, one a
 * place, so that no line crosses a place; crossings are made few by barycentres, and columns straight by least squares.
 */
export function layoutGraph(places: readonly GraphPlace[]): GraphLayout {
  const ranks = rankedSlots(places);
  orderRanks(ranks);
  placeColumns(ranks);
  const all = ranks.flat();
  const left = Math.min(0, ...ranks.map((rank) => (rank[0] ? startOf(rank[0]) : 0)));
  for (const slot of all) slot.x -= left;
  const nodes = all
    .filter(({ isPassing }) => !isPassing)
    .map(({ node, rank, x }) => ({ name: node, rank, x, y: middleOf(rank) }));
  const width = all.reduce((most, slot) => Math.max(most, slot.x + widthOf(slot) / 2), 0);
  const height = ranks.length === 0 ? 0 : middleOf(ranks.length - 1) + nodeSize.height / 2;
  return { nodes, lines: all.flatMap((slot) => lineTo(slot)), width, height };
}

const widthOf = ({ isPassing }: Slot) => (isPassing ? passing : nodeSize.width);
const startOf = (slot: Slot) => slot.x - widthOf(slot) / 2;
const middleOf = (rank: number) => rank * (nodeSize.height + gap.down) + nodeSize.height / 2;

/** Slots by rank; lines that leave one place share the slots that they pass. */
function rankedSlots(places: readonly GraphPlace[]): readonly Slot[][] {
  const known = new Map<string, Slot>();
  const ranks: Slot[][] = [];
  const added = (node: string, rank: number, isPassing: boolean): Slot => {
    const slot = { node, isPassing, rank, above: [], below: [], order: 0, x: 0 };
    (ranks[rank] ??= []).push(slot);
    return slot;
  };
  const join = (upper: Slot, lower: Slot) => {
    upper.below.push(lower);
    lower.above.push(upper);
  };
  /** Of each place, the slots of its line, its own first. */
  const passed = new Map<string, Slot[]>();
  for (const { name, before } of places) {
    const sources = before.flatMap((each) => known.get(each) ?? []);
    const rank = sources.reduce((most, source) => Math.max(most, source.rank + 1), 0);
    const slot = added(name, rank, false);
    known.set(name, slot);
    passed.set(name, [slot]);
    for (const source of sources) {
      const line = passed.get(source.node)!;
      while (line.at(-1)!.rank < rank - 1) {
        const next = added(source.node, line.at(-1)!.rank + 1, true);
        join(line.at(-1)!, next);
        line.push(next);
      }
      join(line[rank - 1 - source.rank]!, slot);
    }
  }
  return ranks;
}

/** Orders each rank by the means of its neighbours, down and up, and keeps the order of the fewest crossings. */
function orderRanks(ranks: readonly Slot[][]): void {
  const number = () => {
    for (const rank of ranks) for (const [i, slot] of rank.entries()) slot.order = i;
  };
  number();
  let best = ranks.map((rank) => [...rank]);
  let fewest = crossings(ranks);
  for (let sweep = 0; sweep < sweeps && fewest > 0; sweep++) {
    const isDown = sweep % 2 === 0;
    for (const rank of isDown ? ranks : ranks.toReversed()) {
      const wanted = new Map(
        rank.map((slot) => [slot, meanOf(isDown ? slot.above : slot.below, slot.order)]),
      );
      rank.sort((a, b) => wanted.get(a)! - wanted.get(b)!);
      for (const [i, slot] of rank.entries()) slot.order = i;
    }
    const count = crossings(ranks);
    if (count >= fewest) continue;
    fewest = count;
    best = ranks.map((rank) => [...rank]);
  }
  for (const [i, rank] of best.entries()) ranks[i]!.splice(0, rank.length, ...rank);
  number();
}

function meanOf(neighbours: readonly Slot[], own: number): number {
  if (neighbours.length === 0) return own;
  return neighbours.reduce((sum, { order }) => sum + order, 0) / neighbours.length;
}

function crossings(ranks: readonly Slot[][]): number {
  let count = 0;
  for (const rank of ranks) {
    const ends = rank.flatMap(({ below }) => below.map(({ order }) => order).sort((a, b) => a - b));
    for (const [i, end] of ends.entries()) {
      for (let j = 0; j < i; j++) if (ends[j]! > end) count += 1;
    }
  }
  return count;
}

/** Columns: each slot as near as it can be to the mean of its neighbours, with the order and the room that all have. */
function placeColumns(ranks: readonly Slot[][]): void {
  for (const rank of ranks) spaceOut(rank, () => 0);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const isDown = sweep % 2 === 0;
    for (const rank of isDown ? ranks : ranks.toReversed()) {
      spaceOut(rank, (slot) => {
        const near = isDown ? slot.above : slot.below;
        const all = near.length > 0 ? near : [slot];
        return all.reduce((sum, { x }) => sum + x, 0) / all.length;
      });
    }
  }
}

/** The least squares of the distances to what is wanted: pools of adjacent violators (Ayer et al. 1955). */
function spaceOut(rank: readonly Slot[], wantedOf: (slot: Slot) => number): void {
  const pools: { sum: number; count: number; readonly from: number }[] = [];
  const offsets: number[] = [];
  for (const [i, slot] of rank.entries()) {
    const before = rank[i - 1];
    const room = before ? (widthOf(before) + widthOf(slot)) / 2 + gap.across : 0;
    offsets.push((offsets[i - 1] ?? 0) + room);
    pools.push({ sum: wantedOf(slot) - offsets[i]!, count: 1, from: i });
    for (;;) {
      const [a, b] = [pools.at(-2), pools.at(-1)!];
      if (!a || a.sum / a.count <= b.sum / b.count) break;
      pools.pop();
      a.sum += b.sum;
      a.count += b.count;
    }
  }
  for (const [p, { sum, count, from }] of pools.entries()) {
    const end = pools[p + 1]?.from ?? rank.length;
    for (let i = from; i < end; i++) rank[i]!.x = sum / count + offsets[i]!;
  }
}

/** The lines that end at a place: up through the slots that they pass. */
function lineTo(slot: Slot): readonly PlacedLine[] {
  if (slot.isPassing) return [];
  const half = nodeSize.height / 2;
  return slot.above.map((start) => {
    const points: (readonly [number, number])[] = [[slot.x, middleOf(slot.rank) - half]];
    let at = start;
    while (at.isPassing) {
      points.push([at.x, middleOf(at.rank) + half], [at.x, middleOf(at.rank) - half]);
      at = at.above[0]!;
    }
    points.push([at.x, middleOf(at.rank) + half]);
    return { from: at.node, to: slot.node, points: points.toReversed() };
  });
}
