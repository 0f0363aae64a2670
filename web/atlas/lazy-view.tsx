/** @file The place of a view that a script of its own draws; few readers' first view has one, so it is loaded when one is opened. */
import { useContext, useEffect, useRef, useState } from "preact/hooks";
import { SettingsContext } from "../parts/settings.ts";
import { useAtlas } from "./atlas-context.ts";
import type { AtlasViews, ShownView } from "./atlas-data.ts";
import { Waiting } from "./nothing-here.tsx";

export function LazyView({ shown }: { readonly shown: ShownView }) {
  const atlas = useAtlas();
  const settings = useContext(SettingsContext);
  const place = useRef<HTMLDivElement>(null);
  const [views, setViews] = useState<AtlasViews>();
  const [missing, setMissing] = useState<string>();
  const [tries, setTries] = useState(0);
  useEffect(() => {
    let isWanted = true;
    setMissing(undefined);
    void atlas.views().then(
      (read) => isWanted && setViews(read),
      (error: Error) => isWanted && setMissing(error.message),
    );
    return () => {
      isWanted = false;
    };
  }, [atlas, tries]);
  useEffect(() => {
    views?.draw(place.current!, { shown, atlas, settings });
  });
  useEffect(() => {
    const element = place.current!;
    return () => views?.end(element);
  }, [views]);
  const again = () => setTries((count) => count + 1);
  return (
    <div class="lazy-view">
      {!views && <Waiting missing={missing} again={again} />}
      <div ref={place} />
    </div>
  );
}
