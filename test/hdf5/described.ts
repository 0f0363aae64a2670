/** @file Everything in an HDF5 file as our own reader reads it, for comparing it with others. */
import { openHdf5 } from "../../src/formats/hdf5/open.ts";
import type { Hdf5Dataset, Hdf5Group } from "../../src/formats/hdf5/group.ts";
import { memorySource } from "../../src/formats/source.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import type { Described, Listed } from "./written-hdf5.ts";

/** Everything in a file by its path. Throws `bad-file`. */
export async function describedByUs(bytes: Uint8Array): Promise<Record<string, Described>> {
  const found: Record<string, Described> = {};
  await describeGroup(await openHdf5(memorySource("file.h5", bytes)), found);
  return found;
}

async function describeGroup(group: Hdf5Group, found: Record<string, Described>): Promise<void> {
  const names = await group.names();
  found[group.path] = { names: names.toSorted(), attributes: await attributesOf(group) };
  for (const name of names) {
    const inner = await group.group(name);
    if (inner) {
      await describeGroup(inner, found);
      continue;
    }
    const dataset = (await group.dataset(name))!;
    const data = listed(await dataset.read());
    found[dataset.path] = { attributes: await attributesOf(dataset), data };
  }
}

async function attributesOf(object: Hdf5Group | Hdf5Dataset): Promise<Record<string, Listed>> {
  const values: Record<string, Listed> = {};
  for (const name of await object.attributeNames()) {
    values[name] = listed((await object.attribute(name))!);
  }
  return values;
}

function listed({ dims, data }: Tensor): Listed {
  return { dims, values: Array.from(data as Iterable<unknown>) };
}
