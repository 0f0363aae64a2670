/** @file Windows that go along one axis, drawn, for convolutions and pools of any form. */
import { constantFrom, integer, nat, record, type Arbitrary } from "fast-check";

export interface DrawnAxis {
  readonly size: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  /** Zeros before the first element and behind the last. */
  readonly begin: number;
  readonly end: number;
}

/** The largest of each, and dilations to choose among. */
interface Drawn {
  readonly size: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilations: readonly number[];
  readonly pad: number;
}

export function drawnAxis({ size, kernel, stride, dilations, pad }: Drawn): Arbitrary<DrawnAxis> {
  return record({
    size: integer({ min: 1, max: size }),
    kernel: integer({ min: 1, max: kernel }),
    stride: integer({ min: 1, max: stride }),
    dilation: constantFrom(...dilations),
    begin: nat(pad),
    end: nat(pad),
  });
}

/** With less padding than the kernel, or ONNX Runtime refuses a pool. */
export function withPoolPads(axis: DrawnAxis): DrawnAxis {
  return { ...axis, begin: axis.begin % axis.kernel, end: axis.end % axis.kernel };
}

/** Whether a window is no larger than what it goes along. */
export function fits({ size, kernel, dilation, begin, end }: DrawnAxis): boolean {
  return (kernel - 1) * dilation < size + begin + end;
}

/** Attributes of an operator whose windows go along these axes. */
export function windowAttributes(axes: readonly DrawnAxis[]) {
  const each = (key: keyof DrawnAxis) => axes.map((axis) => axis[key]);
  return {
    kernel_shape: each("kernel"),
    strides: each("stride"),
    dilations: each("dilation"),
    pads: [...each("begin"), ...each("end")],
  };
}
