/** @file Ends of random networks with numbers at every place: segmentation and boxes. */
import type { Value } from "../../src/graph/builder.ts";
import type { Drawing, Pen } from "./drawing.ts";
import { convolved, type Convolution, type Maps } from "./maps.ts";
import type { Head } from "./question.ts";
import { end, shares, sigmoid } from "./rows.ts";

function placed(d: Drawing, x: Maps, filters: number): Convolution {
  const size = 1.4 / Math.sqrt(x.channels);
  return {
    kernel: [1, 1],
    strides: [1, 1],
    dilations: [1, 1],
    pads: [0, 0, 0, 0],
    filters,
    groups: 1,
    weights: d.weights(filters * x.channels, size),
    bias: d.weights(filters, 0.3),
  };
}

function conv(p: Pen, x: Value, { weights, bias, filters }: Convolution): Value {
  return p.op("Conv", [
    x,
    p.weights(weights, [filters, x.dims[1]!, 1, 1]),
    p.weights(bias!, [filters]),
  ]);
}

/** Classes at every place; explained is the mean logit where the class is found, or everywhere if it is nowhere. */
export function segmentation(d: Drawing, x: Maps): Head {
  const units = 2 + d.below(3);
  const layer = placed(d, x, units);
  const target = d.below(units);
  const how = d.of("logits", "softmax", "softmax, channels last", "sigmoid");
  const area = x.rows * x.columns;
  const isFound = (logits: Maps, at: number) => {
    const own = logits.data[target * area + at]!;
    if (how === "sigmoid") return own > 0;
    return Array.from({ length: units }, (_, c) => c).every(
      (c) => logits.data[c * area + at]! <= own,
    );
  };
  const score = (maps: Maps, base: Maps) => {
    const [logits, before] = [convolved(maps, layer), convolved(base, layer)];
    const all = Array.from({ length: area }, (_, at) => at);
    const found = all.filter((at) => isFound(before, at));
    const taken = found.length > 0 ? found : all;
    return taken.reduce((sum, at) => sum + logits.data[target * area + at]!, 0) / taken.length;
  };
  return {
    what: `segmentation (${how})`,
    write: (p, v) => {
      const logits = conv(p, v, layer);
      if (how === "logits") return end(p, logits, "y");
      if (how === "sigmoid") return end(p, p.op("Sigmoid", [logits]), "y");
      if (how === "softmax") return end(p, p.op("Softmax", [logits], { axis: 1 }), "y");
      return end(p, p.op("Softmax", [p.b.transpose(logits, [0, 2, 3, 1])], { axis: -1 }), "y");
    },
    outputs: (maps) => {
      const { data } = convolved(maps, layer);
      if (how === "logits") return { y: [...data] };
      if (how === "sigmoid") return { y: Array.from(data, sigmoid) };
      const at = (place: number) =>
        shares(Array.from({ length: units }, (_, c) => data[c * area + place]!));
      const places = Array.from({ length: area }, (_, place) => at(place));
      return {
        y:
          how === "softmax"
            ? Array.from(data, (_, i) => places[i % area]![Math.floor(i / area)]!)
            : places.flat(),
      };
    },
    questions: [{ target, score, probability: () => null }],
  };
}

/** Numbers of many boxes, [1, items, boxes] or the other way round: one has to be named, the last axis first. */
export function boxes(d: Drawing, x: Maps): Head {
  const items = 5 + d.below(3);
  const layer = placed(d, x, items);
  const area = x.rows * x.columns;
  const [item, box] = [d.below(items), d.below(area)];
  const isTurned = d.chance(0.5);
  return {
    what: "boxes",
    write: (p, v) => {
      const shape = p.b.constant([1, items, -1], [3], "int64");
      const all = p.op("Reshape", [conv(p, v, layer), shape]);
      end(p, isTurned ? p.b.transpose(all, [0, 2, 1]) : all, "y");
    },
    outputs: (maps) => {
      const { data } = convolved(maps, layer);
      const turned = data.map((_, i) => data[(i % items) * area + Math.floor(i / items)]!);
      return { y: [...(isTurned ? turned : data)] };
    },
    questions: [
      {
        target: isTurned ? item : box,
        named: "y",
        place: [isTurned ? box : item],
        score: (maps) => convolved(maps, layer).data[item * area + box]!,
        probability: () => null,
      },
    ],
    refusesClasses: /output "y" of shape/,
  };
}
