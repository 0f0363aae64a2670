/** @file The operators of the float64 interpreter that move blocks of pixels to channels and back. */
import { windowsOf } from "../../../src/graph/windows.ts";
import { at, filled, generate, offsetOf, positions } from "../ndarray.ts";
import { numbers, required, type OperatorTable, type ReferenceOperator } from "../operator.ts";

const depthToSpace: ReferenceOperator = (inputs, attributes) => {
  const x = required(inputs, 0);
  const [batch, channels, height, width] = x.dims as [number, number, number, number];
  const block = attributes.int("blocksize");
  const kept = channels / block ** 2;
  const columnFirst = attributes.string("mode", "DCR") === "CRD";
  return [
    generate(x.type, [batch, kept, height * block, width * block], ([n, c, y, x0]) => {
      const cell = (y! % block) * block + (x0! % block);
      const channel = columnFirst ? c! * block ** 2 + cell : cell * kept + c!;
      return at(x, [n!, channel, Math.floor(y! / block), Math.floor(x0! / block)]);
    }),
  ];
};

const spaceToDepth: ReferenceOperator = (inputs, attributes) => {
  const x = required(inputs, 0);
  const [batch, channels, height, width] = x.dims as [number, number, number, number];
  const block = attributes.int("blocksize");
  const dims = [batch, channels * block ** 2, height / block, width / block];
  return [
    generate(x.type, dims, ([n, c, y, x0]) => {
      const cell = Math.floor(c! / channels);
      const row = y! * block + Math.floor(cell / block);
      return at(x, [n!, c! % channels, row, x0! * block + (cell % block)]);
    }),
  ];
};

const columnsToImage: ReferenceOperator = (inputs, attributes) => {
  const x = required(inputs, 0);
  const image = numbers(inputs, 1);
  const block = numbers(inputs, 2);
  const windows = windowsOf(attributes, image, block);
  const taps = [...positions(block)];
  const origins = [...positions(windows.output)];
  const result = filled(x.type, [x.dims[0]!, x.dims[1]! / taps.length, ...image], 0);
  for (const [batch, row, column] of positions(x.dims) as Iterable<[number, number, number]>) {
    const tap = taps[row % taps.length]!;
    const place = origins[column]!.map(
      (origin, axis) =>
        origin * windows.strides[axis]! +
        tap[axis]! * windows.dilations[axis]! -
        windows.padsBegin[axis]!,
    );
    if (place.some((index, axis) => index < 0 || index >= image[axis]!)) continue;
    const target = [batch, Math.floor(row / taps.length), ...place];
    result.data[offsetOf(target, result.dims)]! += at(x, [batch, row, column]);
  }
  return [result];
};

export const blocks: OperatorTable = {
  Col2Im: columnsToImage,
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
};
