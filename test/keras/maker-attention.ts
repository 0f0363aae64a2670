/** @file Attention of Keras in double precision. */
import { softmax } from "./maker-activations.ts";
import type { MakerLayer } from "./maker-layer.ts";
import { at, every, type Numbers } from "./numbers.ts";

/** Softmax over the scores of each query, and the mean of the values by it. */
function weighted(scores: Numbers, value: Numbers): Numbers {
  const shares = softmax(scores, -1);
  const [n = 0, queries = 0, keys = 0] = scores.dims;
  return every([n, queries, value.dims[2]!], ([i = 0, q = 0, d = 0]) => {
    let all = 0;
    for (let k = 0; k < keys; k++) all += at(shares, [i, q, k]) * at(value, [i, k, d]);
    return all;
  });
}

/** `Attention` and `AdditiveAttention`, which differ in how a query and a key make a score. */
export const attended: MakerLayer = ({ config, inputs, weights }) => {
  const [query, value, key = value] = inputs as readonly [Numbers, Numbers, Numbers?];
  const { scale, concat_score_weight: factor } = weights;
  const width = query.dims[2]!;
  const isAdditive = !("score_mode" in config);
  const score = (q: (d: number) => number, k: (d: number) => number): number => {
    let all = 0;
    for (let d = 0; d < width; d++) {
      if (isAdditive) all += (scale?.data[d] ?? 1) * Math.tanh(q(d) + k(d));
      else if (config["score_mode"] === "concat") {
        all += factor!.data[0]! * Math.tanh((scale?.data[0] ?? 1) * (q(d) + k(d)));
      } else all += (scale?.data[0] ?? 1) * q(d) * k(d);
    }
    return all;
  };
  const scores = every([query.dims[0]!, query.dims[1]!, key.dims[1]!], ([n = 0, i = 0, j = 0]) =>
    score(
      (d) => at(query, [n, i, d]),
      (d) => at(key, [n, j, d]),
    ),
  );
  return weighted(scores, value);
};

/** [N, T, D] by [D, heads, size] and [heads, size]. */
function projected(x: Numbers, kernel: Numbers, bias: Numbers | undefined, head: number): Numbers {
  const [width = 0, , size = 0] = kernel.dims;
  return every([x.dims[0]!, x.dims[1]!, size], ([n = 0, t = 0, s = 0]) => {
    let all = bias ? at(bias, [head, s]) : 0;
    for (let d = 0; d < width; d++) all += at(x, [n, t, d]) * at(kernel, [d, head, s]);
    return all;
  });
}

export const multiHeaded: MakerLayer = ({ config, inputs, weights }) => {
  const [query, value = query, key = value] = inputs as readonly [Numbers, Numbers?, Numbers?];
  const [heads, size] = [config["num_heads"] as number, config["key_dim"] as number];
  const part = (name: string, x: Numbers, head: number) =>
    projected(x, weights[`${name}/kernel`]!, weights[`${name}/bias`], head);
  const results = Array.from({ length: heads }, (_, head) => {
    const [q, k] = [part("query_dense", query, head), part("key_dense", key, head)];
    const scores = every([q.dims[0]!, q.dims[1]!, k.dims[1]!], ([n = 0, i = 0, j = 0]) => {
      let all = 0;
      for (let s = 0; s < size; s++) all += (at(q, [n, i, s]) * at(k, [n, j, s])) / Math.sqrt(size);
      return all;
    });
    return weighted(scores, part("value_dense", value, head));
  });
  const [kernel, bias] = [weights["output_dense/kernel"]!, weights["output_dense/bias"]];
  const [, valueSize = 0, width = 0] = kernel.dims;
  return every([query.dims[0]!, query.dims[1]!, width], ([n = 0, t = 0, d = 0]) => {
    let all = bias?.data[d] ?? 0;
    for (const [head, result] of results.entries()) {
      for (let s = 0; s < valueSize; s++) all += at(result, [n, t, s]) * at(kernel, [head, s, d]);
    }
    return all;
  });
};
