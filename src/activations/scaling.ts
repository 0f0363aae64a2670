/** @file What the colours of a layer's channels may share; apart from the sheets, so that help need not load what draws. */

/** One scale for all channels, so that they can be compared, or each channel's own, so that faint ones are seen. */
export const scalings = ["layer", "channel"] as const;
export type Scaling = (typeof scalings)[number];
