/** @file Buttons that zoom a map. */
import { wholeMap, type MapView } from "./map-view.ts";
import { useViewTexts } from "./view-texts.ts";

interface MapToolsProps {
  readonly view: MapView;
  onZoom(by: number): void;
  onWhole(): void;
}

export function MapTools({ view, onZoom, onWhole }: MapToolsProps) {
  const texts = useViewTexts();
  const tool = (name: string, sign: string, by: number) => (
    <button
      type="button"
      aria-label={name}
      title={name}
      disabled={by < 1 && view.zoom <= 1}
      onClick={() => onZoom(by)}
    >
      {sign}
    </button>
  );
  return (
    <div class="map-tools">
      {tool(texts.zoomIn, "+", 1.6)}
      {tool(texts.zoomOut, "−", 1 / 1.6)}
      <button type="button" disabled={view === wholeMap} onClick={onWhole}>
        {texts.zoomWhole}
      </button>
    </div>
  );
}
