/** @file A second network beside the first: where it is opened, and what both make of the picture. */
import { useEffect, useRef } from "preact/hooks";
import { later } from "../frame/later.tsx";
import { pathed } from "../files/dropped-files.ts";
import type { PaneProps } from "../layers/layer-strip.tsx";
import "./second-pane.css";
import { usePageTexts } from "../frame/settings.tsx";
import { shippedModels } from "../files/shipped-models.ts";

const BothNetworks = later(
  "twoNetworks",
  async () => (await import("./both-networks.tsx")).BothNetworks,
);

export function SecondPane({ explorer, state }: PaneProps) {
  const texts = usePageTexts();
  const { second, picture, map, channels } = state;
  useEffect(() => void explorer.second.follow(), [explorer, picture, map, channels]);
  return (
    <details class="second" open={second !== undefined}>
      <summary>{texts.twoNetworks}</summary>
      <SecondDoors explorer={explorer} state={state} />
      {second && picture && map && (
        <BothNetworks
          explorer={explorer}
          state={state}
          second={second}
          onClose={() => void explorer.second.close()}
        />
      )}
    </details>
  );
}

function SecondDoors({ explorer, state }: PaneProps) {
  const texts = usePageTexts();
  const files = useRef<HTMLInputElement>(null);
  const { second } = state;
  return (
    <span class="doors">
      <button type="button" onClick={() => files.current?.click()}>
        {texts.secondFile}
      </button>
      <select
        aria-label={texts.secondShipped}
        value=""
        onChange={({ currentTarget }) => {
          const { value } = currentTarget;
          currentTarget.value = "";
          void explorer.second.open({ kind: "shipped", name: value });
        }}
      >
        <option value="">{texts.secondShipped}</option>
        {shippedModels.map((name) => (
          <option key={name} value={name}>
            {texts.knows[name]}
          </option>
        ))}
      </select>
      {second && (
        <button type="button" onClick={() => void explorer.second.close()}>
          {texts.closeSecond}
        </button>
      )}
      <input
        ref={files}
        id="second-files"
        type="file"
        multiple
        hidden
        onChange={({ currentTarget }) => {
          const chosen = [...(currentTarget.files ?? [])];
          currentTarget.value = "";
          if (chosen.length > 0)
            void explorer.second.open({ kind: "files", files: chosen.map(pathed) });
        }}
      />
    </span>
  );
}
