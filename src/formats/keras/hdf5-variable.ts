/** @file Datasets of HDF5 as the variables of layers. */
import type { Hdf5Dataset } from "../hdf5/group.ts";
import type { Variable } from "./weight-store.ts";

/** A dataset as a variable of that name. */
export function datasetVariable(name: string, dataset: Hdf5Dataset): Variable {
  return { name, type: dataset.type, dims: dataset.dims, read: () => dataset.read() };
}
