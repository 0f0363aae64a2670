/** @file Runs in the browser: the application's jobs on a golden network and a drawn photo, through the seam. */
import { webPlatform } from "../../../src/web.ts";
import { runJob, type JobName, type JobOutcome } from "../../job-records.ts";
import { interAddresses } from "./inter.ts";

/** A job over a golden network and a photo, computed in WebAssembly. */
export async function job(
  name: JobName,
  network: string,
  photo: Uint8Array,
): Promise<JobOutcome & { readonly written: readonly string[] }> {
  const model = await (await fetch(`/goldens/${network}.onnx`)).blob();
  const platform = webPlatform({
    files: [new File([new Uint8Array(photo)], "photo.png"), new File([model], "model.onnx")],
    typefaces: interAddresses,
    runtime: { threads: 2 },
  });
  const outcome = await runJob(name, platform, ".", "wasm");
  return { ...outcome, written: [...platform.written.keys()].toSorted() };
}
