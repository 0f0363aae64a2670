/** @file The numbers of an output with places: of one picture, as channels by places, wherever the network has its channels. */
import type { StopSignal } from "../errors.ts";
import { cut } from "../graph/edit.ts";
import type { Graph } from "../graph/graph.ts";
import { toFloat32, type Tensor } from "../graph/tensor.ts";
import { runDims } from "../network/batches.ts";
import { mapClassAxis } from "../network/class-axis.ts";
import type { Model } from "../network/model.ts";
import { repeatRow, rowData } from "../network/run-rows.ts";

/** Where the numbers of one picture lie; number (c, p) is at `c * channelStride + p * placeStride`. */
export interface PlaceLayout {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly channelStride: number;
  readonly placeStride: number;
}

/**
 * The layout of a value [N, C, H, W], [N, H, W, C] or [N, H, W] that a map's head names, in a traced graph; undefined for
 * other shapes.
 */
export function placeLayout(
  traced: Graph,
  { head, isChannelsLast }: Pick<Model, "head" | "isChannelsLast">,
  value: string,
): PlaceLayout | undefined {
  const [, ...dims] = traced.shapes.get(value)?.dims ?? [];
  if (dims.length === 2) {
    const [height, width] = dims as [number, number];
    return { channels: 1, height, width, channelStride: height * width, placeStride: 1 };
  }
  if (dims.length !== 3) return undefined;
  if (!head.isPlane && mapClassAxis(traced, head, isChannelsLast) === 3) {
    const [height, width, channels] = dims as [number, number, number];
    return { channels, height, width, channelStride: 1, placeStride: channels };
  }
  const [channels, height, width] = dims as [number, number, number];
  return { channels, height, width, channelStride: height * width, placeStride: 1 };
}

/** The numbers of a value of a picture [1, C, H, W], row-major as the network gives them. */
export async function valueOn(
  model: Model,
  value: string,
  picture: Tensor,
  signal?: StopSignal,
): Promise<Float32Array> {
  const dims = runDims(model, picture.dims);
  const graph = cut(await model.whole(dims), { outputs: [value] });
  const feeds = { [model.input.name]: repeatRow(toFloat32(picture), dims[0]!, dims.slice(1)) };
  const results = await model.runtime.run(graph, feeds, signal ? { signal } : {});
  return rowData(results[value]!, 0);
}
