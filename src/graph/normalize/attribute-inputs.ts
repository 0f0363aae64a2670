/** @file Lists of numbers that were attributes and became inputs. */
import type { Rewrite } from "./rewrite.ts";

/** The attributes named, in the order of the inputs that they became after the first one. */
export function inputsFromInts(names: readonly string[]): Rewrite {
  return (to) => {
    const moved = names.map((name) =>
      to.attributes.has(name) ? to.ints(to.attributes.ints(name)) : "",
    );
    if (moved.every((input) => input === "")) to.keep();
    else to.change({ inputs: [to.input(0), ...moved], drop: names });
  };
}

/** Slice before 10: starts, ends and axes, the first axes where none are listed. */
export const sliceBounds: Rewrite = (to) => {
  const starts = to.attributes.ints("starts");
  const ends = to.attributes.ints("ends");
  const axes = to.attributes.ints(
    "axes",
    starts.map((_, i) => i),
  );
  to.change({
    inputs: [to.input(0), to.ints(starts), to.ints(ends), to.ints(axes)],
    drop: ["starts", "ends", "axes"],
  });
};

/** Split before 18 took the number of parts from its outputs. */
export const splitSizes: Rewrite = (to) => {
  if (to.optionalInput(1) !== "") to.keep();
  else to.change({ add: { num_outputs: to.node.outputs.length } });
};
