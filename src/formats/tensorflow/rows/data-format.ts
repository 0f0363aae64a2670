/** @file Operations whose axes are named by an attribute: NHWC, or NCHW. */
import { channelsFirst, heldFirst, heldLast, makersOrder } from "../../channels-last/nhwc-value.ts";
import type { NhwcValue } from "../../channels-last/nhwc-value.ts";
import type { Window } from "../../channels-last/windows.ts";
import type { Operation } from "../operation.ts";

/** Whether channels stand behind the batch. Throws `bad-file` for data formats of other kinds. */
export function isChannelsFirst(o: Operation): boolean {
  const format = o.text("data_format", "NHWC");
  if (format === "NHWC" || format === "channelsLast") return false;
  if (format === "NCHW") return true;
  throw o.refused(`must have the data format NHWC or NCHW, got ${format}`);
}

/** What an operation of channels last makes of input 0, or of it turned where the node's channels stand first. */
export function onMaps(o: Operation, operate: (x: NhwcValue) => NhwcValue): NhwcValue {
  const x = mapOf(o);
  if (!isChannelsFirst(o)) return operate(x);
  const result = operate(heldFirst(makersOrder(o.b, x)));
  return heldLast(channelsFirst(o.b, result));
}

/** Input 0, which must have a batch, two spatial axes and channels. */
function mapOf(o: Operation): NhwcValue {
  const x = o.x(0);
  if (x.dims.length === 4) return x;
  throw o.refused(`must read a value of 4 axes, got ${x.dims.length}`);
}

/** The entries of height and width of a list with one entry an axis; [1, 1] if it is left out. */
export function spatial(o: Operation, name: string): readonly [number, number] {
  const all = o.values(name);
  if (!all || all.length === 0) return [1, 1];
  const first = isChannelsFirst(o) ? 2 : 1;
  const found = all.length === 4 ? all.slice(first, first + 2) : all;
  const [h, w] = found.length === 1 ? [found[0], found[0]] : found;
  const others = all.length === 4 ? all.toSpliced(first, 2) : [];
  const fits = [h, w].every((step) => Number.isInteger(step) && step! > 0 && step! < 2 ** 16);
  if (!fits || found.length > 2 || others.some((step) => step !== 1)) {
    throw o.refused(`must have ${name} of height and width alone, got [${all.join(", ")}]`);
  }
  return [h!, w!];
}

/** How a node's window goes over the places. */
export function windowOf(o: Operation, dilations: readonly number[] = [1, 1]): Window {
  return { strides: spatial(o, "strides"), padding: paddingOf(o), dilations };
}

function paddingOf(o: Operation): Window["padding"] {
  const padding = o.text("padding", "VALID").toUpperCase();
  if (padding === "SAME") return "same";
  if (padding === "VALID") return "valid";
  const pads = o.values("explicit_paddings") ?? [];
  const first = isChannelsFirst(o) ? 4 : 2;
  const fits = pads.every((pad) => Number.isInteger(pad) && pad >= 0 && pad < 2 ** 16);
  if (padding !== "EXPLICIT" || pads.length !== 8 || !fits) {
    throw o.refused(`must have a padding that is known, got ${padding} [${pads.join(", ")}]`);
  }
  const [top, bottom, left, right] = pads.slice(first, first + 4) as [
    number,
    number,
    number,
    number,
  ];
  return [
    [top, bottom],
    [left, right],
  ];
}
