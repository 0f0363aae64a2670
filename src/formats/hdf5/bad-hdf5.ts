/** @file The error of an HDF5 file that is none, or that has what is not read. */
import { LimpidError } from "../../errors.ts";

/** `hdf5: <what must hold, got value>. <what to do>.` */
export function badHdf5(what: string, advice = "check that the file is complete"): LimpidError {
  return new LimpidError("bad-file", `hdf5: ${what}. ${advice}.`);
}

/** The error of something that HDF5 has and that is not read here. */
export function notRead(what: string): LimpidError {
  return badHdf5(
    `${what}, which is not read`,
    "save the model again with Keras's own save, or copy the file with h5py's defaults",
  );
}
