/** @file What is asked of an attribution: which methods and layers explain what, of which files, and where it goes. */
import type { RuntimeName } from "../platform.ts";
import type { AskedHead } from "../head-options.ts";
import type { Preparation } from "../preparation.ts";
import type { GivenOptions } from "./options.ts";
import type { QuestionSettings } from "./question-options.ts";

/** How inputs are explained. */
export interface AttributionSettings extends QuestionSettings, Preparation {
  /** Names of methods. */
  readonly methods: readonly string[];
  /** Names of layers or parts of them, for the methods that lie on layers; none is each method's default. */
  readonly layers?: readonly string[];
  /** As `readTargets` reads it. */
  readonly target: string;
  /** Options of methods by name, but for `layer`. */
  readonly options?: GivenOptions;
  /** Whether the network is checked against itself before its maps are shown; it is by default. */
  readonly check?: "on" | "off";
  /** One map a method, also where more layers than one are usual. */
  readonly isOneMap?: boolean;
  /** Class names: a file, or `imagenet`; without it what the model says. */
  readonly labels?: string;
}

/** An attribution of files. */
export interface AttributeRequest extends AttributionSettings, AskedHead {
  /** Path or name of the network. */
  readonly model: string;
  /** Pictures, `.npy` tensors, and folders of pictures. */
  readonly inputs: readonly string[];
  readonly runtime: RuntimeName;
  /** The figure, or a folder for figures, numbers and the record. */
  readonly out?: string;
  /** An `.npy` file for the only map. */
  readonly raw?: string;
  /** Write nothing if neither `out` nor `raw` is given, instead of a figure of the usual name. */
  readonly writesNothing?: boolean;
}
