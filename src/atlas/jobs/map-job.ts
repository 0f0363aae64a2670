/** @file Which of a layer's units answer to the photos alike, and their map. */
import type { SetRecord } from "../../activations/set-record.ts";
import type { JobContext } from "../../app/context.ts";
import { unitMap } from "../maps/unit-map.ts";
import type { AtlasPlan } from "../plan.ts";
import type { MapJob } from "./job.ts";
import { encodeMap } from "./map-part.ts";

/** The part's bytes. `record` is that of all photos. Throws `aborted`. */
export async function mapPart(
  { model: { runtime } }: AtlasPlan,
  { layer, end }: MapJob,
  record: SetRecord,
  { signal }: Pick<JobContext, "signal">,
  onShare: (share: number) => void,
): Promise<Uint8Array> {
  const own = record.layers.find(({ name }) => name === layer)!;
  return encodeMap(await unitMap(own, record, { runtime, signal, onShare }), end);
}
