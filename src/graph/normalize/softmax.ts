/** @file Softmax and its kin before opset 13, when the axes from `axis` on were taken as one. */
import type { Rewrite } from "./rewrite.ts";

/** On the last axis nothing differs; else the input is flattened, and its shape given back afterwards. */
export const coercedSoftmax: Rewrite = (to) => {
  const x = to.input(0);
  const axis = to.attributes.int("axis", 1);
  const { rank } = to.factsOf(x);
  if (axis === -1 || (rank !== undefined && axis === rank - 1)) {
    to.change({ add: { axis: -1 } });
    return;
  }
  const shape = to.add("Shape", [x]);
  const flat = to.add("Flatten", [x], { axis });
  const result = to.add(to.node.operator, [flat], { axis: -1 });
  to.add("Reshape", [result, shape], {}, to.output());
};
