/** @file What the page says of how far to believe a map. */

export const trustEnglish = {
  trustIt: "How far to believe it?",
  trustMore:
    "Hiding what the map calls important first lowers the score ({score}) by {gain} more than hiding it last, on average on the way.",
  trustLess:
    "Hiding what the map calls important first lowers the score ({score}) by {gain} less than hiding it last: its order is worse than a drawn one.",
  trustSplit:
    "Whether hiding what the map calls important first lowers the score ({score}) more than hiding it last depends on what hidden places show: that does not tell how far to believe the map.",
  upTo: "to",
  trustMean: "Hidden places show the mean colour",
  trustBlur: "Hidden places show a blur",
  trustMost: "most important first",
  trustLeast: "least important first",
  trustHidden: "hidden",
  trustCurves:
    "The score ({score}) falls from {shown} with nothing hidden to {hidden} with all of it; the gain between the two orders is {gain}.",
  trustSrg: "Gain (SRG) {gain}; a drawn order has 0 on average.",
  trustSrgMiddle:
    "Gain (SRG) {gain}; an order from the middle outwards has {middle}, a drawn one 0 on average.",
  trustBelow:
    "An order from the middle outwards, which knows nothing of the picture, gains more than the map's.",
  trustAlike:
    "With all weights drawn anew the map ranks places much alike (rank correlation {likeness}): what it shows may be the picture's own and not learned.",
  trustReversed:
    "With all weights drawn anew the map ranks places nearly the other way round (rank correlation {likeness}).",
  trustOther:
    "With all weights drawn anew the map ranks places otherwise (rank correlation {likeness}), as it should.",
  trustSame:
    "With all weights drawn anew the map is the same everywhere, so that nothing can be compared.",
  trustNotDrawn: "The map was not compared with one of drawn weights: {reason}",
  trustSum: "The sum of the map is off by {gap} of what its method promises.",
  trustSlopes: "Places are ranked by the size of the slope, whatever its sign.",
  trustTies: "{share} of the cells have a number that another has too: their order is drawn.",
  trustMeaning:
    "What this does not say: hidden places look like nothing the network was trained on, so part of each drop may come of the filling. A high number proves no cause, and not that the network is right. A map that changes with drawn weights may still be wrong.",
} as const;
