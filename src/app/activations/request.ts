/** @file What is asked of an activations job: which layers and channels of which network, over what, and where it goes. */
import { scalings } from "../../activations/scaling.ts";
import type { OptionTable, OptionValues } from "../../wording/option.ts";
import { optionValues } from "../../wording/read-option.ts";
import type { RuntimeName } from "../platform.ts";
import type { Preparation } from "../preparation.ts";

/** The options of activations, for faces. */
export const activationsOptions = {
  scale: {
    kind: "choice",
    choices: scalings,
    default: "layer",
    value: "whose",
    description: "colours of a layer's channels: one scale for the layer, or each channel's own",
  },
  top: {
    kind: "number",
    range: { from: 1, to: 64, whole: true },
    default: 9,
    value: "k",
    description: "of a folder: pictures kept of each channel",
  },
} as const satisfies OptionTable;

type Values = OptionValues<typeof activationsOptions>;

/** Which layers are looked at, and how they are shown. */
export interface ActivationsSettings extends Partial<Values>, Preparation {
  /** Names of layers or parts of them, as `layersAsked` reads them; none is every convolution and pool. */
  readonly layers?: readonly string[];
  /** Channels of the only layer that get a sheet of their own, as `parseSelection` reads them. */
  readonly channels?: string;
}

/** The layers of a network over a picture, a tensor or a folder of pictures. */
export interface ActivationsRequest extends ActivationsSettings {
  /** Path or name of the network. */
  readonly model: string;
  /** A picture, an `.npy` tensor [1, C, H, W], or a folder of pictures. */
  readonly input: string;
  readonly runtime: RuntimeName;
  /** The folder of the results. */
  readonly out: string;
}

/** The options with their defaults. Throws `bad-option` for a value out of its range. */
export function activationsValues({ scale, top }: ActivationsSettings): Values {
  return optionValues(activationsOptions, {
    ...(scale === undefined ? {} : { scale }),
    ...(top === undefined ? {} : { top }),
  });
}
