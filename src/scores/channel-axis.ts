/** @file Where a layer's channels are: axis 1 of [N, C, ...], axis 2 of tokens [N, T, C]. */

/** The axis of the channels of a layer of this shape. */
export function channelAxisOf(shape: readonly number[]): number {
  return shape.length === 3 ? 2 : 1;
}

/** The axes of a layer's places: rows and columns of a feature map, tokens of a sequence, none of a dense layer. */
export function placeAxesOf(
  shape: readonly number[],
  channelAxis = channelAxisOf(shape),
): number[] {
  return shape.map((_, axis) => axis).filter((axis) => axis > 0 && axis !== channelAxis);
}
