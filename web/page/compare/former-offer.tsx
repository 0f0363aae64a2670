/** @file Asks whether the network whose place another took should be compared with it. */
import "./former-offer.css";
import type { PaneProps } from "../layers/layer-strip.tsx";
import { usePageTexts } from "../frame/settings.tsx";

export function FormerOffer({ explorer, state }: PaneProps) {
  const texts = usePageTexts();
  const { former } = state;
  if (former === undefined) return null;
  return (
    <div class="former" role="status">
      <span>
        {texts.tookPlace} <strong>{former}</strong>.
      </span>
      <span class="doors">
        <button type="button" class="primary" onClick={() => void explorer.second.compareFormer()}>
          {texts.compareBoth}
        </button>
        <button type="button" onClick={() => explorer.second.leaveFormer()}>
          {texts.replaceIt}
        </button>
      </span>
    </div>
  );
}
