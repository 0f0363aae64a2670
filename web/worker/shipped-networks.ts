/** @file The networks that come with the page, by name. */
import catsDogs from "../../assets/networks/cats-dogs.onnx?url";
import mnist from "../../assets/networks/mnist.onnx?url";
import pets from "../../assets/networks/pets.onnx?url";
import shapesDetect from "../../assets/networks/shapes-detect.onnx?url";
import shapesSegment from "../../assets/networks/shapes-segment.onnx?url";
import { LimpidError } from "../../src/errors.ts";
import type { ShippedModel } from "../page/files/shipped-models.ts";
import { fetchBytes } from "../../src/web/fetch-bytes.ts";
import { ofPage } from "./failures.ts";

const addresses: Readonly<Record<ShippedModel, string>> = {
  pets,
  mnist,
  "cats-dogs": catsDogs,
  "shapes-detect": shapesDetect,
  "shapes-segment": shapesSegment,
};

/** The file of a name. Throws `bad-option` for a name that there is not, and `MissingFile`. */
export async function shippedNetwork(name: string): Promise<File> {
  const address = Object.entries(addresses).find(([known]) => known === name)?.[1];
  if (address) return new File([await ofPage(bytesAt(address))], `${name}.onnx`);
  const known = Object.keys(addresses).join(", ");
  throw new LimpidError(
    "bad-option",
    `explorer: the network must be one of ${known}, got "${name}". open a file of your own.`,
  );
}

async function bytesAt(address: string): Promise<Uint8Array<ArrayBuffer>> {
  const asked = { signal: { aborted: false }, onDownload: () => undefined };
  const bytes = await fetchBytes(address, asked);
  if (bytes) return new Uint8Array(bytes);
  throw new LimpidError("bad-file", `explorer: "${address}" must be there, got nothing.`);
}
