/** @file What the page knows of the network as a graph. */

/** A place of the network's graph: a layer, or what lies between layers. */
export interface GraphFacts {
  /** Of the value that it gives. */
  readonly name: string;
  readonly operator: string;
  /** A gap has no derivative. */
  readonly kind: "input" | "layer" | "join" | "gap" | "output";
  /** Whether its channels can be looked at. */
  readonly hasChannels: boolean;
  /** Its shape without pictures. */
  readonly size: readonly number[];
  readonly before: readonly string[];
}
