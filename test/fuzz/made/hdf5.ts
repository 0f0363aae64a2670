/** @file HDF5 files of the corpus: the layouts in which Keras writes weights, in old and new structures. */
import {
  writtenHdf5,
  type WrittenFile,
  type WrittenGroup,
  type WritingOptions,
} from "../../hdf5/written-hdf5.ts";

function kernel(group: WrittenGroup, name: string, shape: readonly number[]): void {
  const count = shape.reduce((product, dim) => product * dim, 1);
  const data = Float32Array.from({ length: count }, (_, i) => i / 4);
  group.create_dataset({ name, data, shape: [...shape] });
}

/** A layer's group in the old layout. */
function layer(file: WrittenGroup, name: string): void {
  const group = file.create_group(name);
  group.create_attribute("weight_names", [`${name}/kernel:0`, `${name}/bias:0`], null, "S24");
  const inner = group.create_group(name);
  kernel(inner, "kernel:0", [3, 3, 1, 2]);
  kernel(inner, "bias:0", [2]);
}

function legacy(file: WrittenFile): void {
  file.create_attribute("layer_names", ["conv", "dense"], null, "S8");
  file.create_attribute("model_config", '{"class_name": "Sequential"}');
  layer(file, "conv");
}

function counted(file: WrittenFile): void {
  const vars = file.create_group("layers").create_group("dense").create_group("vars");
  vars.create_attribute("name", "dense", null, "S5");
  kernel(vars, "0", [4, 2]);
}

/** More links and attributes than a header takes. */
function many(file: WrittenFile): void {
  const group = file.create_group("layers", true);
  file.create_group("one");
  for (let i = 0; i < 20; i++) file.create_hard_link("/one", `layers/l${i}`);
  for (let i = 0; i < 12; i++) group.create_attribute(`a${i}`, Int8Array.of(i));
}

function chunked(file: WrittenFile): void {
  const data = Float32Array.from({ length: 48 }, (_, i) => i);
  const chunks = { data, shape: [6, 8], chunks: [4, 3], maxshape: [null, null] };
  file.create_dataset({ name: "packed", ...chunks, compression: "gzip" });
  file.create_dataset({ name: "shuffled", ...chunks, compression: 2, compression_opts: [4] });
}

function texts(file: WrittenFile): void {
  file.create_dataset({ name: "texts", data: ["a", "", "longer"], dtype: "S" });
  file.create_attribute("fixed", ["ab", "c"], null, "S3");
}

export async function hdf5Files(): Promise<Readonly<Record<string, Uint8Array>>> {
  const options: WritingOptions = { libver: ["earliest", "latest"] };
  return {
    "legacy.h5": await writtenHdf5(legacy, options),
    "legacy-new.h5": await writtenHdf5(legacy, { libver: "v108" }),
    "counted.h5": await writtenHdf5(counted, options),
    "counted-latest.h5": await writtenHdf5(counted, { libver: "latest" }),
    "many.h5": await writtenHdf5(many, { libver: "v108", track_order: true }),
    "chunked.h5": await writtenHdf5(chunked, options),
    "texts.h5": await writtenHdf5(texts, options),
  };
}
