/** @file Convolutions that ONNX Runtime's WebGPU provider computes wrongly, said in another way. */
import { AttributeReader, toAttributes } from "../graph/attributes.ts";
import { windowsOf } from "../graph/windows.ts";
import type { Dims, NodeRewriting } from "./node-rewriting.ts";

/**
 * Two kinds of Conv of one group over one or two axes are wrong (conv2d_mm_webgpu.cc and conv.cc of ONNX Runtime 1.30; the
 * first is microsoft/onnxruntime#29651); groups, three axes and ConvTranspose are computed by other code, which is right.
 *
 * - The input is read in steps of three channels where their number is a multiple of 3 but not of 4 and that of the
 *   outputs one of 4, but the steps are counted in fours, which is right for three channels alone. Channels of zeros, of
 *   the input and of the weights, make a multiple of 4 of them.
 * - A kernel of one place, or as large as the input, is taken for a product of matrices if no place is padded before the
 *   input, whatever is padded behind it. Those places become part of the input, and channels of zeros with them, because
 *   ONNX Runtime would put a Pad of places alone back into the convolution.
 *
 * Where the graph does not tell the number of channels they are counted as it runs; sizes of inputs with `auto_pad` have
 * to be known, as they are after `trace`.
 */
export function widenConvolution(to: NodeRewriting): void {
  if (new AttributeReader(to.node).int("group", 1) !== 1) return;
  const weights = to.around.dimsOf(to.node.inputs[1]!);
  if (weights && weights.length > 4) return;
  const behind = placesBehind(to);
  const channels = missingChannels(weights, behind !== undefined);
  if (channels === 0 && !behind) return;
  widen(to, { channels, behind, axes: (weights?.length ?? 2) - 2 });
}

/** What a convolution's input lacks. */
interface Zeros {
  /** Channels; "counted" if their number shows only as the graph runs. */
  readonly channels: number | "counted";
  /** Places behind each axis, which its `pads` add otherwise; undefined if they may stay there. */
  readonly behind: readonly number[] | undefined;
  /** How many axes there are behind the channels; 0 where that is counted. */
  readonly axes: number;
}

/** What makes a multiple of 4 of the channels, if that is needed: from 1 to 4. */
function missingChannels(weights: Dims, isNeeded: boolean): number | "counted" {
  const [outputs, channels] = weights ?? [];
  if (!isNeeded && typeof outputs === "number" && outputs % 4 !== 0) return 0;
  if (typeof channels !== "number") return "counted";
  const isWrong = channels % 3 === 0 && channels % 4 !== 0 && channels !== 3;
  return isNeeded || isWrong ? 4 - (channels % 4) : 0;
}

/** What is padded behind each axis, if nothing is before and the kernel is not known to be of a right kind. */
function placesBehind(to: NodeRewriting): readonly number[] | undefined {
  const attributes = new AttributeReader(to.node);
  const kernel = to.sizesOf(1)?.slice(2) ?? attributes.ints("kernel_shape", []);
  const spatial = to.sizesOf(0)?.slice(2);
  const isOnePlace = kernel.every((side) => side === 1);
  const isAsInput = spatial === undefined || spatial.every((size, i) => size === kernel[i]);
  if (!isOnePlace && !isAsInput) return undefined;
  const isAutomatic = attributes.string("auto_pad", "NOTSET") !== "NOTSET";
  if (isAutomatic && !spatial) return undefined;
  const pads = attributes.ints("pads", []);
  const { padsBegin, padsEnd } = isAutomatic
    ? windowsOf(attributes, spatial!, kernel)
    : { padsBegin: pads.slice(0, pads.length / 2), padsEnd: pads.slice(pads.length / 2) };
  const isBehind = padsBegin.every((pad) => pad === 0) && padsEnd.some((pad) => pad > 0);
  return isBehind ? padsEnd : undefined;
}

/** The convolution behind the nodes that add zeros to what it reads. */
function widen(to: NodeRewriting, zeros: Zeros): void {
  const { inputs, attributes } = to.node;
  const [input, weights, ...bias] = inputs as [string, string, ...string[]];
  const { channels, behind, axes } = zeros;
  const wide = to.op("Pad", [input, padsOf(to, weights, zeros)]);
  const ofWeights = padsOf(to, weights, { channels, behind: undefined, axes });
  const wideWeights = channels === 0 ? weights : to.op("Pad", [weights, ofWeights]);
  const { auto_pad: _, ...others } = attributes;
  const pads = behind && toAttributes({ pads: [...behind, ...behind].map(() => 0) });
  to.itself({
    inputs: [wide, wideWeights, ...bias],
    attributes: pads ? { ...others, ...pads } : attributes,
  });
}

/** `pads` of Pad: nothing before each axis, then channels and places behind. */
function padsOf(to: NodeRewriting, weights: string, { channels, behind, axes }: Zeros): string {
  if (channels !== "counted") {
    const places = behind ?? Array<number>(axes).fill(0);
    return to.ints([0, 0, ...places.map(() => 0), 0, channels, ...places]);
  }
  const shape = to.op("Shape", [weights]);
  const none = to.op("Sub", [shape, shape]);
  const [one, two] = [to.ints([1]), to.ints([2])];
  const [four, end] = [to.ints([4]), to.ints([8])];
  const count = to.op("Slice", [shape, one, two]);
  const lacking = to.op("Sub", [four, to.op("Mod", [count, four])]);
  const first = to.op("Slice", [none, one, two]);
  const places = behind ? to.ints(behind) : to.op("Slice", [none, two, end]);
  return to.op("Concat", [none, first, lacking, places], { axis: 0 });
}
