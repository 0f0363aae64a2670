/** @file The pictures in hand, by name: one is looked at, the others are a click away. */
import type { PaneProps } from "../layers/layer-strip.tsx";
import { usePageTexts } from "../frame/settings.tsx";
import "./photo-tray.css";

export function PhotoTray({ explorer, state }: PaneProps) {
  const texts = usePageTexts();
  const { photos, picture } = state;
  if (photos.length < 2) return null;
  return (
    <label class="tray">
      {texts.pictures} ({photos.length})
      <select
        id="photos"
        value={picture?.name}
        onChange={(event) => void explorer.lookAtPhoto(event.currentTarget.selectedIndex)}
      >
        {photos.map(({ name }, i) => (
          <option key={i} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
