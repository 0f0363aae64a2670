/** @file Layers whose maker has channels first, built as those with channels last. */
import {
  channelsFirst,
  heldFirst,
  heldLast,
  makersOrder,
  type NhwcValue,
} from "../../channels-last/nhwc-value.ts";
import { refused, type LayerCall } from "./layer-kind.ts";

/** Builds with channels last what may have them first, as `data_format` says; the result has them where the input has. */
export function inDataFormat(
  call: LayerCall,
  x: NhwcValue,
  build: (x: NhwcValue) => NhwcValue,
): NhwcValue {
  return isChannelsFirst(call) ? withChannelsFirst(call, x, build) : build(x);
}

/** Builds with channels last what has them on axis 1. */
export function withChannelsFirst(
  { b }: LayerCall,
  x: NhwcValue,
  build: (x: NhwcValue) => NhwcValue,
): NhwcValue {
  const result = build(heldFirst(makersOrder(b, x)));
  if (result.dims.length < 3) return result;
  return heldLast(channelsFirst(b, result));
}

/** Whether a layer's configuration says so. */
export function isChannelsFirst(call: LayerCall): boolean {
  const format = call.config.text("data_format", "channels_last");
  if (/^channels_?first$/i.test(format)) return true;
  if (/^channels_?last$/i.test(format)) return false;
  throw refused(call, `"data_format" must be channels_last or channels_first, got "${format}"`);
}

/** Channels of a value, as `data_format` says. */
export function channelsOf(call: LayerCall, x: NhwcValue): number {
  return isChannelsFirst(call) ? x.dims[1]! : x.dims.at(-1)!;
}
