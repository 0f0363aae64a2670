/** @file A recipe: what must be saved first, the command line, and the lines of the library. */
import { brought } from "../computing/lacking.ts";
import { save, savePixels } from "./saved-file.ts";
import type { PaneProps } from "../layers/layer-strip.tsx";
import { maskFile, paintedRegionOf, pictureFile, type Recipe } from "./recipe.ts";
import { usePageTexts } from "../frame/settings.tsx";
import "./recipe-text.css";

export function RecipeLines({ explorer, state, recipe }: PaneProps & { readonly recipe: Recipe }) {
  const texts = usePageTexts();
  const { command, code, saves } = recipe;
  const { picture, view, map } = state;
  const savePicture = async () => {
    const pixels = picture && (await explorer.store.ask("whole", null));
    if (pixels) await savePixels(pixels, pictureFile(picture));
  };
  const saveNetwork = async () => {
    const load = async () => {
      const { shippedNetwork } = await import("../../worker/shipped-networks.ts");
      return shippedNetwork(view.model);
    };
    const file = await brought(explorer.store, { kind: "network", name: view.model }, load);
    if (!file) return;
    const bytes = new Uint8Array(await file.arrayBuffer());
    save({ name: file.name, type: "application/octet-stream", bytes });
  };
  const saveMask = async () => {
    // Of the map that is shown, whose recipe this is, though another part may be asked for already.
    const region = map && paintedRegionOf(map);
    if (!picture || region === undefined) return;
    const file = await explorer.store.ask("download", { kind: "mask", region });
    if (file) save({ ...file, name: maskFile(picture) });
  };
  return (
    <>
      {saves.length > 0 && (
        <p class="files first-save">
          <span>{texts.saveFirst}</span>
          {saves.includes("picture") && (
            <button type="button" onClick={() => void savePicture()}>
              {texts.savePictureFile}
            </button>
          )}
          {saves.includes("network") && (
            <button type="button" onClick={() => void saveNetwork()}>
              {texts.saveNetworkFile}
            </button>
          )}
          {saves.includes("mask") && (
            <button type="button" onClick={() => void saveMask()}>
              {texts.saveMaskFile}
            </button>
          )}
        </p>
      )}
      <h3>{texts.command}</h3>
      <pre tabIndex={0}>{command}</pre>
      <h3>{texts.code}</h3>
      <pre tabIndex={0}>{code}</pre>
    </>
  );
}
