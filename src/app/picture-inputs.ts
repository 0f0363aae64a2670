/** @file Jobs that know pictures alone: networks of other inputs are refused by name. */
import { LimpidError } from "../errors.ts";
import type { InputKind, InputPart } from "../graph/input-parts.ts";
import { formatShape } from "../graph/tensor.ts";
import type { Model } from "../network/model.ts";

/** Throws `bad-option` for a network with an input that is none of some kinds. */
function requireInputs(what: string, { parts }: Model, kinds: readonly InputKind[]): void {
  const other = parts.find(({ kind }) => !kinds.includes(kind));
  if (other) throw refused(what, `an input of the network must be a ${kinds[0]}`, other);
}

/** Throws `bad-option` for a network whose only input is not a picture. */
export function requireOnePicture(what: string, model: Model): void {
  requireInputs(what, model, ["picture"]);
  const [, second] = model.parts;
  if (second) throw refused(what, "the network must have one input alone", second);
}

function refused(what: string, must: string, { name, kind, dims }: InputPart): LimpidError {
  return new LimpidError(
    "bad-option",
    `${what}: ${must}, got "${name}" ${formatShape(dims)}, which is of the kind ${kind}. choose attribute, which takes it.`,
  );
}
