/** @file The spine: the network's layers in the order of computation, with what the picture makes of each. */
import { useRef, useState } from "preact/hooks";
import { formatPercent } from "../../src/wording/numbers.ts";
import type { Explorer } from "./explorer.ts";
import type { State } from "./store.ts";
import { PixelCanvas } from "./pixel-canvas.tsx";
import { usePageTexts } from "./settings.tsx";
import "./layer-strip.css";

export interface PaneProps {
  readonly explorer: Explorer;
  readonly state: State;
}

export function LayerStrip({ explorer, state }: PaneProps) {
  const texts = usePageTexts();
  const [search, setSearch] = useState("");
  const list = useRef<HTMLUListElement>(null);
  const layers = (state.model?.layers ?? []).filter(({ name }) =>
    name.toLowerCase().includes(search.toLowerCase()),
  );
  const current = state.channels?.layer ?? state.view.layer;
  return (
    <nav class="spine" aria-label={texts.layers}>
      <h2>{texts.layers}</h2>
      <input
        id="search"
        type="search"
        placeholder={texts.search}
        aria-label={texts.search}
        value={search}
        onInput={(event) => setSearch(event.currentTarget.value)}
      />
      <ul ref={list}>
        {layers.map(({ name, operator, channels, height, width }) => {
          const summary = state.summaries.get(name);
          const size = height * width > 1 ? `${channels} × ${height} × ${width}` : `${channels}`;
          return (
            <li key={name}>
              <button
                type="button"
                aria-current={name === current}
                onClick={() => void explorer.chooseLayer(name)}
              >
                <span class="thumbnail">
                  {summary && <PixelCanvas pixels={summary.thumbnail} />}
                </span>
                <span class="name">{name}</span>
                <span class="facts">
                  {operator} · {size}
                  {summary && ` · ${formatPercent(summary.zeroShare)} ${texts.zeros}`}
                  {summary && summary.deadChannels > 0 && (
                    <>
                      {" "}
                      · {summary.deadChannels} {texts.deadOnes}
                    </>
                  )}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
