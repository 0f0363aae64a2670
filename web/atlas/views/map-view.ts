/** @file What of a map is seen, and which of its units are drawn as icons. Places are 0..1 on both axes; the view is a square of pixels. */

export type MapPlace = readonly [x: number, y: number];

/** The map is `zoom` times as large as the view, whose middle lies at a place of the map. */
export interface MapView {
  readonly zoom: number;
  readonly middle: MapPlace;
}

export const wholeMap: MapView = { zoom: 1, middle: [0.5, 0.5] };

const mostZoom = 24;

/** What is left free at each side of the whole map, as a share of the view. */
const margin = 0.06;

/** Pixels of the view between two places of the map that are 1 apart. */
function scaleOf({ zoom }: MapView, sidePx: number): number {
  return zoom * (1 - 2 * margin) * sidePx;
}

/** Where a place of the map is seen, in pixels from the view's upper left. */
export function seenAt(view: MapView, [x, y]: MapPlace, sidePx: number): MapPlace {
  const scale = scaleOf(view, sidePx);
  const [left, top] = view.middle;
  return [sidePx / 2 + scale * (x - left), sidePx / 2 + scale * (y - top)];
}

/** The view once the map was drawn along by pixels. */
export function moved(view: MapView, [dx, dy]: MapPlace, sidePx: number): MapView {
  const scale = scaleOf(view, sidePx);
  return kept({ ...view, middle: [view.middle[0] - dx / scale, view.middle[1] - dy / scale] });
}

/** The view `by` times as near, in which what was seen at a pixel is still seen there. */
export function zoomed(view: MapView, by: number, at: MapPlace, sidePx: number): MapView {
  const zoom = Math.min(Math.max(view.zoom * by, 1), mostZoom);
  const [before, after] = [scaleOf(view, sidePx), scaleOf({ ...view, zoom }, sidePx)];
  const along = (axis: 0 | 1) =>
    view.middle[axis] + (at[axis] - sidePx / 2) * (1 / before - 1 / after);
  return kept({ zoom, middle: [along(0), along(1)] });
}

/** The view with a place not nearer than a tenth to its edge. */
export function showing(view: MapView, place: MapPlace, sidePx: number): MapView {
  const [x, y] = seenAt(view, place, sidePx);
  const by = (at: number) => Math.min(Math.max(at, 0.1 * sidePx), 0.9 * sidePx) - at;
  return by(x) === 0 && by(y) === 0 ? view : moved(view, [by(x), by(y)], sidePx);
}

/** The whole map stays in its middle, and of a larger one the middle stays on the map. */
function kept({ zoom, middle }: MapView): MapView {
  const slack = 0.5 - 0.5 / zoom;
  const along = (at: number) => Math.min(Math.max(at, 0.5 - slack), 0.5 + slack);
  return { zoom, middle: [along(middle[0]), along(middle[1])] };
}

/** A unit and where it is seen. */
export interface SeenUnit {
  readonly unit: number;
  readonly x: number;
  readonly y: number;
  /** Whether there is room for its icon; else it is a dot. */
  readonly isIcon: boolean;
}

/**
 * The units that are in view, in the order in which they are drawn: dots, icons, and last the one that is on top. An icon gives
 * way where more than a quarter of its side would lie on another's; of two the smaller number stays.
 */
export function seenUnits(
  places: readonly (MapPlace | null)[],
  view: MapView,
  {
    sidePx,
    iconPx,
    top,
  }: { readonly sidePx: number; readonly iconPx: number; readonly top?: number | undefined },
): readonly SeenUnit[] {
  const least = 0.75 * iconPx;
  const taken = new Map<string, SeenUnit[]>();
  const cellOf = (x: number, y: number) => [Math.floor(x / least), Math.floor(y / least)] as const;
  const isFree = (x: number, y: number) => {
    const [column, row] = cellOf(x, y);
    for (const dx of [-1, 0, 1])
      for (const dy of [-1, 0, 1])
        for (const other of taken.get(`${column + dx},${row + dy}`) ?? [])
          if (Math.abs(other.x - x) < least && Math.abs(other.y - y) < least) return false;
    return true;
  };
  const numbers = [...places.keys()];
  const first = top === undefined ? numbers : [top, ...numbers.filter((unit) => unit !== top)];
  const seen: SeenUnit[] = [];
  for (const unit of first) {
    const place = places[unit];
    if (!place) continue;
    const [x, y] = seenAt(view, place, sidePx);
    const reach = iconPx / 2;
    if (x < -reach || y < -reach || x > sidePx + reach || y > sidePx + reach) continue;
    const isIcon = isFree(x, y);
    const own = { unit, x, y, isIcon };
    seen.push(own);
    if (!isIcon) continue;
    const key = cellOf(x, y).join();
    taken.set(key, [...(taken.get(key) ?? []), own]);
  }
  const rank = ({ unit, isIcon }: SeenUnit) => (unit === top ? 2 : isIcon ? 1 : 0);
  return seen.toSorted((a, b) => rank(a) - rank(b));
}

/** The unit under a pixel: the uppermost whose icon or dot reaches there. */
export function unitAt(
  seen: readonly SeenUnit[],
  [x, y]: MapPlace,
  iconPx: number,
): number | undefined {
  const reachOf = ({ isIcon }: SeenUnit) => (isIcon ? iconPx / 2 : 6);
  return seen.findLast(
    (each) => Math.max(Math.abs(each.x - x), Math.abs(each.y - y)) <= reachOf(each),
  )?.unit;
}

/** The arrows' directions. */
const directions: Readonly<Record<string, MapPlace>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** The unit that an arrow leads to: the nearest that lies more that way than aside; undefined where there is none. */
export function unitBeside(
  places: readonly (MapPlace | null)[],
  unit: number,
  key: string,
): number | undefined {
  const [from, way] = [places[unit], directions[key]];
  if (!from || !way) return undefined;
  let [nearest, least] = [-1, Number.POSITIVE_INFINITY];
  for (const [other, place] of places.entries()) {
    if (!place || other === unit) continue;
    const [dx, dy] = [place[0] - from[0], place[1] - from[1]];
    const along = dx * way[0] + dy * way[1];
    const aside = Math.abs(dx * way[1]) + Math.abs(dy * way[0]);
    if (along <= 0 || aside > along) continue;
    const distance = along + aside;
    if (distance < least) [nearest, least] = [other, distance];
  }
  return nearest < 0 ? undefined : nearest;
}
