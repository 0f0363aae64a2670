/** @file Calls of layers that move, merge or weigh numbers. */
import {
  channelsFirst as first,
  features,
  line,
  map,
  room,
  row,
  type LayerRow,
  type Weights,
} from "./layer-row.ts";

const shapes: readonly LayerRow[] = [
  row("Flatten", {}, map),
  row("Flatten", first, map),
  row("Flatten", {}, features),
  row("Reshape", { target_shape: [3, -1] }, map),
  row("Reshape", { target_shape: [2, 1, 3] }, features),
  row("Reshape", { target_shape: [1, 1, 6] }, features),
  row("Permute", { dims: [2, 1, 3] }, map),
  row("Permute", { dims: [3, 1, 2] }, map),
  row("Permute", { dims: [2, 1] }, line),
  row("RepeatVector", { n: 3 }, features),
  row("ZeroPadding1D", { padding: [1, 2] }, line),
  row("ZeroPadding1D", { padding: 1 }, line),
  row(
    "ZeroPadding2D",
    {
      padding: [
        [1, 0],
        [2, 3],
      ],
    },
    map,
  ),
  row("ZeroPadding2D", { padding: [1, 2] }, map),
  row("ZeroPadding2D", { padding: 1, ...first }, map),
  row(
    "ZeroPadding3D",
    {
      padding: [
        [1, 0],
        [0, 2],
        [1, 1],
      ],
    },
    room,
  ),
  row("Cropping1D", { cropping: [1, 2] }, line),
  row(
    "Cropping2D",
    {
      cropping: [
        [1, 0],
        [2, 3],
      ],
    },
    map,
  ),
  row("Cropping2D", { cropping: 1, ...first }, map),
  row(
    "Cropping3D",
    {
      cropping: [
        [1, 0],
        [0, 2],
        [1, 1],
      ],
    },
    room,
  ),
  row("UpSampling1D", { size: 2 }, line),
  row("UpSampling2D", { size: [2, 3] }, map),
  row("UpSampling2D", { size: [2, 2], interpolation: "bilinear" }, map),
  row("UpSampling2D", { size: [3, 2], interpolation: "bicubic" }, map),
  row("UpSampling2D", { size: 2, ...first }, map),
  row("UpSampling3D", { size: [1, 2, 2] }, room),
  row("Resizing", { height: 3, width: 4 }, map),
  row("Resizing", { height: 9, width: 4, interpolation: "nearest" }, map),
  row("Resizing", { height: 8, width: 9, interpolation: "bicubic" }, map),
  row("Resizing", { height: 2, width: 3, antialias: true }, map),
  row("Resizing", { height: 3, width: 3, crop_to_aspect_ratio: true }, map),
  row("Resizing", { height: 4, width: 3, pad_to_aspect_ratio: true, fill_value: 2 }, map),
  row("CenterCrop", { height: 2, width: 3 }, map),
  row("RandomCrop", { height: 5, width: 6 }, map),
];

const merges: readonly LayerRow[] = [
  ...["Add", "Multiply", "Average", "Maximum", "Minimum"].flatMap((name) => [
    row(name, {}, [map, map, map]),
    row(name, {}, [map, [1, 1, 4]]),
  ]),
  row("Multiply", {}, [map, [4]]),
  row("Add", {}, [features, features]),
  row("Subtract", {}, [map, map]),
  row("Concatenate", { axis: -1 }, [map, [5, 6, 2]]),
  row("Concatenate", { axis: 1 }, [map, [3, 6, 4]]),
  row("Concatenate", {}, [features, [2], features]),
  row("Dot", { axes: 1 }, [features, features]),
  row("Dot", { axes: -1, normalize: true }, [features, features]),
  row("Dot", { axes: [2, 1] }, [line, [3, 4]]),
  row("Dot", { axes: [1, 1], normalize: true }, [line, [7, 4]]),
  row("CustomScaleLayer", { scale: 0.17 }, [map, map]),
  row("LayerScale", { projection_dim: 4, init_values: 1e-6 }, map, { gamma: [4] }),
];

const heads = (
  width: number,
  keys: number,
  heads: number,
  size: number,
  valueSize: number,
): Weights => ({
  "query_dense/kernel": [width, heads, size],
  "query_dense/bias": [heads, size],
  "key_dense/kernel": [keys, heads, size],
  "key_dense/bias": [heads, size],
  "value_dense/kernel": [keys, heads, valueSize],
  "value_dense/bias": [heads, valueSize],
  "output_dense/kernel": [heads, valueSize, width],
  "output_dense/bias": [width],
});

const attentions: readonly LayerRow[] = [
  row("MultiHeadAttention", { num_heads: 2, key_dim: 3 }, [line, line], heads(3, 3, 2, 3, 3)),
  row(
    "MultiHeadAttention",
    { num_heads: 2, key_dim: 3, value_dim: 2 },
    [line, [4, 5]],
    heads(3, 5, 2, 3, 2),
  ),
  row("Attention", { score_mode: "dot" }, [line, [4, 3]]),
  row("Attention", { score_mode: "dot", use_scale: true }, [line, [4, 3], [4, 3]], { scale: [] }),
  row("Attention", { score_mode: "concat", use_scale: true }, [line, [4, 3]], {
    scale: [],
    concat_score_weight: [],
  }),
  row("AdditiveAttention", { use_scale: true }, [line, [4, 3]], { scale: [3] }),
  row("AdditiveAttention", { use_scale: false }, [line, [4, 3]]),
];

export const movingRows: readonly LayerRow[] = [...shapes, ...merges, ...attentions];
