/** @file What is said of an address that leads to nothing, or to a layer that cannot be read. */
import type { AtlasLayer } from "../../src/atlas/site/site-data.ts";
import { layerAddress } from "./address.ts";
import type { AwaitedFile } from "./atlas-context.ts";
import { counted, useTexts } from "./texts.ts";

interface NothingHereProps {
  readonly reason: "noLayer" | "noUnit" | "noClass";
  /** The layer that there is. */
  readonly layer?: AtlasLayer;
}

export function NothingHere({ reason, layer }: NothingHereProps) {
  const texts = useTexts();
  return (
    <>
      <h1 tabIndex={-1}>{texts[reason]}</h1>
      <p>
        {layer ? (
          <a href={layerAddress(layer.folder)}>
            {layer.name}: {counted(texts, layer.channels, "Unit")}
          </a>
        ) : (
          <a href="#/">{texts.toNetwork}</a>
        )}
      </p>
    </>
  );
}

/** What stands in the place of what is not there yet. */
export function Waiting({ missing, again }: AwaitedFile) {
  const texts = useTexts();
  if (missing === undefined)
    return (
      <p class="hint" role="status">
        {texts.loading}
      </p>
    );
  return (
    <p class="missing" role="alert">
      {missing} {texts.notLoaded}{" "}
      <button type="button" onClick={again}>
        {texts.again}
      </button>
    </p>
  );
}
