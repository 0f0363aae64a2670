/** @file Operations whose axes are named by an attribute: NHWC, or NCHW. */
import { channelsFirst, heldFirst, heldLast, makersOrder } from "../../channels-last/nhwc-value.ts";
import type { NhwcValue } from "../../channels-last/nhwc-value.ts";
import type { Window } from "../../channels-last/windows.ts";
import { dealtInputs } from "../dilated-convolutions.ts";
import type { Operation } from "../operation.ts";

/** Whether channels stand behind the batch. Throws `bad-file` for data formats of other kinds. */
export function isChannelsFirst(o: Operation): boolean {
  const format = o.text("data_format", "NHWC");
  if (format === "NHWC" || format === "channelsLast") return false;
  if (format === "NCHW") return true;
  throw o.refused(`must have the data format NHWC or NCHW, got ${format}`);
}

/** What an operation of channels last makes of an input, or of it turned where the node's channels stand first. */
export function onMaps(o: Operation, operate: (x: NhwcValue) => NhwcValue, input = 0): NhwcValue {
  const x = mapOf(o, input);
  if (!isChannelsFirst(o)) return operate(x);
  const result = operate(heldFirst(makersOrder(o.b, x)));
  return heldLast(channelsFirst(o.b, result));
}

/** An input that must have a batch, two spatial axes and channels. */
function mapOf(o: Operation, input: number): NhwcValue {
  const x = o.x(input);
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
export function windowOf(o: Operation): Window {
  return { strides: spatial(o, "strides"), padding: paddingOf(o) };
}

/** As `windowOf`, of a kernel that may be spread. */
export function spreadWindowOf(o: Operation): Window {
  const from = o.value(dealtInputs, 0);
  if (from === 0) return { ...windowOf(o), dilations: spatial(o, "dilations") };
  const { strides, padding } = windowOf(o);
  const isPlain = [...strides, ...spatial(o, "dilations")].every((step) => step === 1);
  if (!isPlain || padding !== "valid") {
    throw o.refused("must go over dealt out places one by one, without borders");
  }
  const dilations = o.numbers(from);
  if (dilations.length !== 2 || !dilations.every((step) => Number.isInteger(step) && step > 0)) {
    throw o.refused(`must deal out height and width, got [${dilations.join(", ")}]`);
  }
  return { strides, dilations, padding: dealtBorders(o, from) };
}

/** Borders of the whole map: those before it is dealt out, less what is cut off behind; alike at all sizes. */
function dealtBorders(o: Operation, from: number): readonly (readonly [number, number])[] {
  const count = o.probes.count;
  const crops = o.numbersAt(from + 2, count);
  const found = o
    .numbersAt(from + 1, count)
    .map((widths, size) => widths.map((width, i) => width - (crops[size]![i] ?? 0)));
  const [usual = []] = found;
  const isSame = found.every((other) => String(other) === String(usual));
  if (!isSame || usual.length !== 4 || !usual.every((pad) => pad >= 0 && pad < 2 ** 16)) {
    throw o.refused(`must have borders that stay, got [${usual.join(", ")}]`);
  }
  const [top, bottom, left, right] = usual as [number, number, number, number];
  return [
    [top, bottom],
    [left, right],
  ];
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
