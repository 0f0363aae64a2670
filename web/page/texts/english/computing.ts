/** @file Where the page computes, and what can befall it. */

export const computingEnglish = {
  noMemory:
    "The memory of this tab was not enough for that. Everything else is as it was. Take a smaller picture or another method, or explain this network on the command line.",
  lostCard:
    "The graphics card was lost, so the page goes on with the processor. Everything else is as it was.",
  notStarted:
    "The computing part of the page does not start. Load the page again once you are online; if that does not help, take another browser.",
  lackingNetwork: "The network “{what}”",
  lackingPart: "The part of the page for “{what}”",
  missingCode:
    "could not be fetched: there is no connection, or the page was renewed meanwhile. What is shown stays; ask for it again once you are online, and if that does not help, load the page again then.",
  noWasm:
    "WebAssembly, by which everything here is computed, is switched off in this browser or forbidden by a policy. Allow it for this page, or take another browser.",
  gaveUp: "The computing part of the page died twice at what was open, so that was closed.",
  cameraEnded: "The camera gives no more pictures; the last one is shown.",
  noCamera:
    "Browsers give a camera only to pages of https and of this machine, and this one is neither.",
  computesOn: "Computes on",
  automatic: "what is faster",
  processor: "the processor",
  card: "the graphics card",
  onProcessor: "It computes on the processor.",
  onCard: "It computes on the graphics card",
  cardApart: "Its numbers differ from those of the processor by",
  cardRefusedPart: "What the card cannot compute the processor does.",
  cardRefused: "The graphics card cannot compute this network, so the processor does:",
  cardWrong:
    "The graphics card gave other numbers than the processor, so the processor computes. They differ by",
  cardSlower:
    "The graphics card was slower than the processor at this network, so the processor computes.",
  cardSoftware:
    "The graphics card of this browser is one that the processor plays, so it computes on the processor itself.",
  cardIsLost: "The graphics card was lost, so it computes on the processor.",
  noWebGpu: "It computes on the processor, as this browser offers this page no WebGPU.",
  noCard: "It computes on the processor, as this browser offers no graphics card.",
  noWaiting:
    "It computes on the processor, as WebAssembly cannot wait for the graphics card in this browser.",
} as const;
