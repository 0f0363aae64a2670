/** @file What is shown of a channel belongs to the channel, network and picture that are shown. */
import type { ChannelPlace, State } from "./store.ts";

/** Without what is of a channel, network or picture that is shown no more, whatever brought it and however late. */
export function withoutForeign(state: State): State {
  const { unit, details, channels, view, model, picture } = state;
  const isShown = ({ layer, channel }: ChannelPlace) =>
    layer === (channels?.layer ?? view.layer ?? layer) && channel === view.channel;
  const hasUnit = !unit || (isShown(unit.of) && unit.of.digest === model?.digest);
  const hasDetails = !details || (isShown(details.of) && details.of.picture === picture);
  if (hasUnit && hasDetails) return state;
  return {
    ...state,
    ...(hasUnit ? {} : { unit: undefined }),
    ...(hasDetails ? {} : { details: undefined }),
  };
}
