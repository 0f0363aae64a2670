/** @file Mutations of flatbuffers: the numbers of four bytes that they refer and count by, and bytes of any kind. */
import { mutateBytes } from "./bytes.ts";
import { type Draw, type Mutation } from "./draw.ts";

/** One to three changes of a drawn kind. */
export const mutateFlat: Mutation = (bytes, draw) => {
  if (bytes.length < 64 || draw.chance(0.3)) return mutateBytes(bytes, draw);
  let result = bytes.slice();
  for (let i = 0; i <= draw.below(3); i++) result = changed(result, draw);
  return result;
};

/** Another number, one of another place, or one that is near. */
function changed(bytes: Uint8Array<ArrayBuffer>, draw: Draw): Uint8Array<ArrayBuffer> {
  const view = new DataView(bytes.buffer);
  const place = () => 4 * draw.below(Math.floor(bytes.length / 4));
  const at = place();
  const told = view.getUint32(at, true);
  const kind = draw.below(4);
  if (kind === 0) view.setUint32(at, draw.integer(), true);
  else if (kind === 1) view.setUint32(at, view.getUint32(place(), true), true);
  else if (kind === 2) view.setUint32(at, told + draw.below(9) - 4, true);
  else view.setUint16(at + 2 * draw.below(2), draw.below(64), true);
  return bytes;
}
