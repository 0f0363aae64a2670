/** @file Whether a method takes an input and a target, by what it says of itself. */
import { LimpidError } from "../errors.ts";
import { areValues } from "../network/head.ts";
import type { ExplainedModel } from "../scores/explained-model.ts";
import type { Target } from "../scores/target.ts";
import type { AttributionMethod } from "./method.ts";
import { methodEntries } from "./registry.ts";
import { takes, type TakenInput, type Takes, type TargetKind } from "./takes.ts";

/** What is asked of a method. */
export interface AskedKinds {
  readonly input: TakenInput;
  readonly target: TargetKind;
}

/** What a method takes; of a user's, that does not say, everything. */
export function takenBy({ info }: AttributionMethod): Takes {
  return info.takes ?? takes("slope");
}

/** Whether a method takes an input and a target. */
export function isTakenBy(method: AttributionMethod, { input, target }: AskedKinds): boolean {
  const { inputs, targets } = takenBy(method);
  return inputs.includes(input) && targets.includes(target);
}

/** Throws `bad-option` for an input or a target that a method does not take, with the methods that do. */
export function requireTakes(name: string, method: AttributionMethod, asked: AskedKinds): void {
  for (const [what, kind] of [
    ["inputs", asked.input],
    ["targets", asked.target],
  ] as const) {
    const own = takenBy(method);
    if ((own[what] as readonly string[]).includes(kind)) continue;
    const others = methodEntries().filter(([, other]) => isTakenBy(other, asked));
    const names = others.map(([other]) => other);
    const more = names.length - mostNamed;
    throw new LimpidError(
      "bad-option",
      `${name}: ${what} must be ${own[what].join(", ")}, got ${kind}. choose ${names.slice(0, mostNamed).join(", ")}${more > 0 ? `, or one of ${more} more that take it` : ""}.`,
    );
  }
}

/** Methods that a refusal names; `check` lists all. */
const mostNamed = 4;

/** What an explained target is to methods. */
export function targetKindOf(
  target: Target,
  { model, isOfHead }: Pick<ExplainedModel, "model" | "isOfHead">,
): TargetKind {
  if (isOfHead) return areValues(model.head.kind) ? "value" : "class";
  return kinds[target.kind];
}

const kinds: Readonly<Record<Target["kind"], TargetKind>> = {
  class: "class",
  combination: "class",
  unit: "unit",
  direction: "unit",
  region: "region",
  "unit-region": "region",
  box: "box",
  similarity: "similarity",
};
