/** @file The variables of Keras layers in memory, by the names of layers. */
import { LimpidError } from "../../src/errors.ts";
import { formatShape, toFloat32, tensor, type Tensor } from "../../src/graph/tensor.ts";
import type {
  LayerWeights,
  ModelWeights,
  WeightStore,
} from "../../src/formats/keras/weight-store.ts";

/** Variables by layer, `conv/kernel`, behind the layer's models and parts: `backbone/conv/kernel`, `times/layer/bias`. */
export type Variables = Readonly<Record<string, Tensor>>;

/** A store of variables; `onRead` hears of each that is read. */
export function memoryStore(
  variables: Variables,
  onRead: (path: string) => void = () => undefined,
): WeightStore {
  const entries = Object.entries(variables);
  const layer = (path: string): LayerWeights => ({
    variables: async () =>
      entries.flatMap(([name, value]) =>
        name.startsWith(path)
          ? [
              {
                name: name.slice(path.length),
                type: value.type,
                dims: value.dims,
                read: async () => value,
              },
            ]
          : [],
      ),
    read: async (wanted) => {
      const own = entries.filter(([name]) => name.startsWith(path));
      if (own.length !== wanted.length) {
        throw new LimpidError(
          "bad-file",
          `"${path}" must have ${wanted.length} weights, got ${own.length}.`,
        );
      }
      return wanted.map(({ name, dims }, i) => {
        const [found, value] = own.find(([key]) => key === `${path}${name}`) ?? own[i]!;
        onRead(found);
        const fits =
          dims.length === value.dims.length &&
          dims.every((dim, axis) => dim === undefined || dim === value.dims[axis]);
        if (fits) return tensor("float32", value.dims, toFloat32(value));
        throw new LimpidError(
          "bad-file",
          `"${found}" must be [${dims.join(", ")}], got ${formatShape(value.dims)}.`,
        );
      });
    },
    part: async (...names) => {
      const found = names.find((name) =>
        entries.some(([key]) => key.startsWith(`${path}${name}/`)),
      );
      return found === undefined ? undefined : layer(`${path}${found}/`);
    },
    model: () => model(path),
  });
  const model = (path: string): ModelWeights => ({
    layer: async (name) => layer(`${path}${name}/`),
  });
  return { model: () => model("") };
}
