/** @file Serves the explorer with a network and pictures in its hand, until it is stopped. */
import { fileURLToPath } from "node:url";
import type { JobContext } from "../app/context.ts";
import { knownMetadata, locatePlace } from "../app/open.ts";
import type { LocateRequest } from "../app/platform.ts";
import { catalogNetworks } from "../fetch/catalog-networks.ts";
import { handedFiles } from "./handed-files.ts";
import { openBrowser } from "./open-browser.ts";
import { servePage } from "./page-server.ts";

export interface ExploreRequest {
  /** Path or name of a network; without it the page opens with one of its own. */
  readonly model?: string | undefined;
  /** Pictures and folders of them. */
  readonly photos: readonly string[];
  readonly port: number;
  /** Whether the system's browser is opened. */
  readonly opens: boolean;
}

/** Where the page lies when it is built. */
const folder = fileURLToPath(new URL("../../dist/explorer", import.meta.url));

/** How often the signal is looked at. */
const lookMs = 50;

/** `onAddress` is told when the page can be opened. Resolves when the signal fires. Throws as `handedFiles` and `servePage`. */
export async function explore(
  { model, photos, port, opens }: ExploreRequest,
  context: JobContext,
  onAddress: (address: string) => void,
): Promise<void> {
  const place = model === undefined ? undefined : await locatePlace(model, context);
  const handed = await handedFiles(context.platform, place, photos);
  const network = place && {
    // A path leads nowhere for those who have the page alone; a name is the command's.
    ...(place.from === "disk" ? {} : { name: model }),
    metadata: await knownMetadata(context.platform, place),
  };
  const named = {
    items: catalogNetworks(),
    locate: (name: string, request: LocateRequest) => context.platform.locate(name, request),
  };
  const page = await servePage({ folder, handed, network, named, port });
  try {
    onAddress(page.address);
    if (opens) await openBrowser(page.address);
    while (!context.signal.aborted) {
      await new Promise((resolve) => {
        setTimeout(resolve, lookMs);
      });
    }
  } finally {
    await page.close();
  }
}
