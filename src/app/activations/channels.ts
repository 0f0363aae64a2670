/** @file Which single channels of a layer are enlarged. */
import type { ObservedLayer } from "../../activations/observed-layers.ts";
import { LimpidError } from "../../errors.ts";
import { parseSelection } from "../../scores/selection.ts";

/** The numbers of `--channel`, of the only layer that is looked at; none if it was not given. Throws `bad-option`. */
export function enlargedChannelNumbers(
  layers: readonly ObservedLayer[],
  asked: string | undefined,
): readonly number[] {
  if (asked === undefined) return [];
  const [layer, ...others] = layers;
  if (layer && others.length === 0) {
    return parseSelection(asked, layer.shape[1]!, 0, `channel of "${layer.name}"`);
  }
  throw new LimpidError(
    "bad-option",
    `--channel: one layer must be chosen with --layer, got ${layers.length}.`,
  );
}
