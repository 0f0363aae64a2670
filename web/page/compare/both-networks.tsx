/** @file What two networks make of one picture: their maps, their answers, and the channels of a layer. */
import { BothAnswers } from "./both-answers.tsx";
import { BothChannels } from "./both-channels.tsx";
import { BothMaps } from "./both-maps.tsx";
import type { BothProps } from "./both.ts";

export function BothNetworks({ explorer, state, second }: BothProps) {
  const { channels } = state;
  return (
    <>
      <BothMaps explorer={explorer} state={state} second={second} />
      <BothAnswers explorer={explorer} state={state} second={second} />
      {channels && (
        <BothChannels own={channels} second={second} explorer={explorer} state={state} />
      )}
    </>
  );
}
