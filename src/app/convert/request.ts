/** @file What is asked of a conversion. */
import type { RuntimeName } from "../platform.ts";

export interface ConvertRequest {
  /** Path, address or name of the network. */
  readonly model: string;
  /** The ONNX file that is written. */
  readonly out: string;
  /** Of the random input that both are run on. */
  readonly seed: number;
  readonly runtime: RuntimeName;
}
