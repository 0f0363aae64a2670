/** @file GroupNormalization before opset 21, whose scale and bias had one number a group. */
import type { Rewrite } from "./rewrite.ts";

/** Every number is repeated for the channels of its group. */
export const groupNormalization: Rewrite = (to) => {
  const x = to.input(0);
  const channels = to.add("Shape", [x], { start: 1, end: 2 });
  const groups = to.ints([to.attributes.int("num_groups")]);
  const channelsPerGroup = to.add("Div", [channels, groups]);
  const size = to.add("Concat", [to.ints([1]), channelsPerGroup], { axis: 0 });
  const perChannel = (values: string): string => {
    const column = to.add("Unsqueeze", [values, to.ints([1])]);
    return to.add("Reshape", [to.add("Expand", [column, size]), to.ints([-1])]);
  };
  to.change({ inputs: [x, perChannel(to.input(1)), perChannel(to.input(2))] });
};
