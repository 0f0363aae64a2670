/** @file What a network is that files with weights alone are known as. */

/** A network of keras.applications, which is known by the names of its layers with weights. */
export interface Architecture {
  readonly name: string;
  /** Those of the network without its top. */
  readonly layers: readonly string[];
  /** The lists of those of its top that versions have had, the layer of classes last. */
  readonly tops: readonly (readonly string[])[];
  /** Its `{class_name, config}`; without a top for no classes. `top` is the one that was found. */
  config(classes: number, top: readonly string[]): unknown;
}

/** A layer of a configuration. */
export function layer(className: string, config: Readonly<Record<string, unknown>>) {
  return { class_name: className, config };
}
