/** @file Pools over windows, and over all places. */
import { reduce } from "../../channels-last/reductions.ts";
import { pool, type PoolKind } from "../../channels-last/windows.ts";
import { inDataFormat, isChannelsFirst } from "./data-format.ts";
import { only, requireRank, type LayerKind } from "./layer-kind.ts";

function poolOver(kind: PoolKind, axes: number): LayerKind {
  return {
    build: (call) => {
      const x = only(call);
      requireRank(call, x, axes + 2);
      const { b, config, name } = call;
      const size = config.sizes("pool_size", axes, 2);
      const strides = config.has("strides") ? config.sizes("strides", axes) : size;
      const padding = config.choice("padding", ["valid", "same"], "valid");
      return inDataFormat(call, x, (held) => pool(b, held, kind, size, { strides, padding }, name));
    },
  };
}

function globalPoolOver(operator: "ReduceMax" | "ReduceMean", axes: number): LayerKind {
  return {
    build: (call) => {
      const x = only(call);
      requireRank(call, x, axes + 2);
      const start = isChannelsFirst(call) ? 2 : 1;
      const places = Array.from({ length: axes }, (_, axis) => axis + start);
      return reduce(call.b, operator, x, places, call.config.flag("keepdims", false), call.name);
    },
  };
}

export const poolLayers: Readonly<Record<string, LayerKind>> = {
  MaxPooling1D: poolOver("max", 1),
  MaxPooling2D: poolOver("max", 2),
  MaxPooling3D: poolOver("max", 3),
  AveragePooling1D: poolOver("average", 1),
  AveragePooling2D: poolOver("average", 2),
  AveragePooling3D: poolOver("average", 3),
  GlobalMaxPooling1D: globalPoolOver("ReduceMax", 1),
  GlobalMaxPooling2D: globalPoolOver("ReduceMax", 2),
  GlobalMaxPooling3D: globalPoolOver("ReduceMax", 3),
  GlobalAveragePooling1D: globalPoolOver("ReduceMean", 1),
  GlobalAveragePooling2D: globalPoolOver("ReduceMean", 2),
  GlobalAveragePooling3D: globalPoolOver("ReduceMean", 3),
};
