/** @file Models of the corpus: networks drawn at random, weights beside the file, functions, an old opset, metadata. */
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { encodeOnnx } from "../../../src/formats/onnx/encode.ts";
import {
  FunctionProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  StringStringEntryProtoSchema,
  type ModelProto,
} from "../../onnx/onnx_pb.ts";
import { randomNetwork } from "../../random-networks/network.ts";
import { toyNetwork } from "../../toy-network.ts";

/** No file of the corpus is longer. */
const mostBytes = 6000;

/** As many small networks of control flow, and of none. */
function drawnModels(count: number): Readonly<Record<string, Uint8Array>> {
  const found: Record<string, Uint8Array> = {};
  const left = { flow: count, plain: count };
  for (let seed = 0; left.flow + left.plain > 0; seed++) {
    const network = randomNetwork("corpus", seed);
    const kind = network.hasControlFlow ? "flow" : "plain";
    const { bytes } = encodeOnnx(network.graph);
    if (left[kind] === 0 || bytes.length > mostBytes) continue;
    left[kind] -= 1;
    found[`drawn-${kind}-${left[kind]}.onnx`] = bytes;
  }
  return found;
}

function changedToy(change: (model: ModelProto) => void): Uint8Array {
  const model = fromBinary(ModelProtoSchema, encodeOnnx(toyNetwork()).bytes);
  change(model);
  return toBinary(ModelProtoSchema, model);
}

/** The first weights lie in weights.bin. */
function withExternalData({ graph }: ModelProto): void {
  const weights = graph!.initializer[0]!;
  const entries = { location: "weights.bin", offset: "16", length: String(weights.rawData.length) };
  weights.externalData = Object.entries(entries).map(([key, value]) =>
    create(StringStringEntryProtoSchema, { key, value }),
  );
  weights.dataLocation = 1;
  weights.rawData = new Uint8Array();
}

/** The first rectifier is a function of a domain of its own, which calls another one. */
function withFunctions(model: ModelProto): void {
  const own = { domain: "own", version: 1n };
  const relu = model.graph!.node.find(({ opType }) => opType === "Relu")!;
  relu.opType = "Outer";
  relu.domain = "own";
  const opsetImport = [
    ...model.opsetImport.map(({ domain, version }) => ({ domain, version })),
    own,
  ];
  const of = (name: string, opType: string, domain: string) =>
    create(FunctionProtoSchema, {
      name,
      domain: "own",
      input: ["x"],
      output: ["y"],
      opsetImport,
      node: [create(NodeProtoSchema, { opType, domain, input: ["x"], output: ["y"] })],
    });
  model.functions = [of("Outer", "Inner", "own"), of("Inner", "Relu", "")];
  model.opsetImport = [...model.opsetImport, { ...model.opsetImport[0]!, ...own }];
}

function ofOldOpset(model: ModelProto): void {
  model.opsetImport[0]!.version = 7n;
}

function withMetadata(model: ModelProto): void {
  const told = {
    names: "{0: 'cat', 1: 'dog', 2: 'owl', 3: 'fox'}",
    mean: "[0.485, 0.456, 0.406]",
    std: "[0.229, 0.224, 0.225]",
    "Image.BitmapPixelFormat": "Bgr8",
    "Image.NominalPixelRange": "NominalRange_0_255",
  };
  model.metadataProps = Object.entries(told).map(([key, value]) =>
    create(StringStringEntryProtoSchema, { key, value }),
  );
}

/** Models by the names of their files. */
export function models(): Readonly<Record<string, Uint8Array>> {
  return {
    ...drawnModels(8),
    "toy.onnx": changedToy(() => {}),
    "toy-external.onnx": changedToy(withExternalData),
    "toy-functions.onnx": changedToy(withFunctions),
    "toy-metadata.onnx": changedToy(withMetadata),
    "toy-old.onnx": changedToy(ofOldOpset),
  };
}
