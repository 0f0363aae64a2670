/** @file What the parts of a comparison are given, and what the two networks are called in it. */
import type { PaneProps } from "../layers/layer-strip.tsx";
import type { SecondShown } from "../computing/store.ts";

export interface BothProps extends PaneProps {
  readonly second: SecondShown;
}

/** Those of one file would look like one. */
export function namesOf(
  { model }: PaneProps["state"],
  second: SecondShown,
): readonly [string, string] {
  const names = [model?.name ?? "", second.model.name] as const;
  return names[0] === names[1] ? [`1: ${names[0]}`, `2: ${names[1]}`] : names;
}
