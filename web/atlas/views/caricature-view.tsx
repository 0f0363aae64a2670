/** @file A photo as a layer sees it, beside the photo. */
import type { AtlasLayer, AtlasUnits } from "../../../src/atlas/site/site-data.ts";
import { formatNumber } from "../../../src/wording/numbers.ts";
import { useAtlas } from "../atlas-context.ts";
import { fileAddress } from "../atlas-data.ts";
import { useViewTexts } from "./view-texts.ts";
import "./unit-more.css";

interface CaricatureViewProps {
  readonly layer: AtlasLayer;
  readonly units: AtlasUnits;
}

export function CaricatureView({ layer, units: { caricature } }: CaricatureViewProps) {
  const own = useViewTexts();
  const asked = useAtlas().index.caricature;
  if (!caricature || !asked) return <p class="hint no-map">{own.noCaricature}</p>;
  const { photo } = asked;
  const { file, cosine, noise, strength } = caricature;
  const isTold = cosine > noise;
  return (
    <section class="caricature-view">
      <p class="hint">{own.caricatureText}</p>
      <div class="both">
        <figure>
          <img src={`./${encodeURIComponent(asked.file)}`} alt={`${own.thePhoto}: ${photo}`} />
          <figcaption>
            {own.thePhoto}, {photo}
          </figcaption>
        </figure>
        <figure>
          <img src={fileAddress(layer.folder, file)} alt={`${own.caricature}: ${photo}`} />
          <figcaption>
            {own.cosine} <strong>{formatNumber(cosine, 2)}</strong>, {own.noiseHas}{" "}
            {formatNumber(noise, 2)}; {own.strength} {formatNumber(strength, 2)} {own.asStrong}
          </figcaption>
        </figure>
      </div>
      {!isTold && <p class="missing">{own.likeNoise}</p>}
    </section>
  );
}
