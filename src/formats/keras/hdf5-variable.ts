/** @file Datasets of HDF5 as the variables of layers. */
import { handedOver } from "../channels-last/permuted-tensor.ts";
import type { Hdf5Dataset } from "../hdf5/group.ts";
import type { Variable } from "./weight-store.ts";

/** A dataset as a variable of that name. */
export function datasetVariable(name: string, dataset: Hdf5Dataset): Variable {
  const read = async () => {
    const value = await dataset.read();
    return value.type === "float32" && !value.file ? handedOver(value) : value;
  };
  return { name, type: dataset.type, dims: dataset.dims, read };
}
