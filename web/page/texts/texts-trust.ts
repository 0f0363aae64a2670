/** @file What the page says of how far to believe a map, in every language that it speaks. */

const english = {
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

const german: Readonly<Record<keyof typeof english, string>> = {
  trustIt: "Wie weit ist ihr zu trauen?",
  trustMore:
    "Verdeckst du zuerst, was die Karte wichtig nennt, sinkt der Wert ({score}) unterwegs im Mittel um {gain} mehr, als wenn du es zuletzt verdeckst.",
  trustLess:
    "Verdeckst du zuerst, was die Karte wichtig nennt, sinkt der Wert ({score}) um {gain} weniger, als wenn du es zuletzt verdeckst: Ihre Reihenfolge ist schlechter als eine ausgeloste.",
  trustSplit:
    "Ob der Wert ({score}) mehr sinkt, wenn du zuerst verdeckst, was die Karte wichtig nennt, hängt davon ab, was verdeckte Stellen zeigen: Das sagt nicht, wie weit der Karte zu trauen ist.",
  upTo: "bis",
  trustMean: "Verdeckte Stellen zeigen die mittlere Farbe",
  trustBlur: "Verdeckte Stellen sind verschwommen",
  trustMost: "das Wichtigste zuerst",
  trustLeast: "das Unwichtigste zuerst",
  trustHidden: "verdeckt",
  trustCurves:
    "Der Wert ({score}) geht von {shown}, wenn nichts verdeckt ist, auf {hidden}, wenn alles verdeckt ist; zwischen den beiden Reihenfolgen liegen {gain}.",
  trustSrg: "Gewinn (SRG) {gain}; eine ausgeloste Reihenfolge hat im Mittel 0.",
  trustSrgMiddle:
    "Gewinn (SRG) {gain}; eine Reihenfolge von der Mitte nach außen hat {middle}, eine ausgeloste im Mittel 0.",
  trustBelow:
    "Eine Reihenfolge von der Mitte nach außen, die nichts vom Bild weiß, gewinnt mehr als die der Karte.",
  trustAlike:
    "Sind alle Gewichte neu ausgelost, ordnet die Karte die Stellen sehr ähnlich (Rangkorrelation {likeness}): Was sie zeigt, kann vom Bild selbst kommen und nicht gelernt sein.",
  trustReversed:
    "Sind alle Gewichte neu ausgelost, ordnet die Karte die Stellen fast umgekehrt (Rangkorrelation {likeness}).",
  trustOther:
    "Sind alle Gewichte neu ausgelost, ordnet die Karte die Stellen anders (Rangkorrelation {likeness}), wie es sein soll.",
  trustSame:
    "Sind alle Gewichte neu ausgelost, ist die Karte überall gleich, darum lässt sich nichts vergleichen.",
  trustNotDrawn: "Mit ausgelosten Gewichten wurde die Karte nicht verglichen: {reason}",
  trustSum: "Die Summe der Karte liegt um {gap} neben dem, was ihr Verfahren verspricht.",
  trustSlopes:
    "Die Stellen sind nach der Größe der Steigung geordnet, gleich welches Vorzeichen sie hat.",
  trustTies:
    "{share} der Felder haben eine Zahl, die ein anderes auch hat: Ihre Reihenfolge ist ausgelost.",
  trustMeaning:
    "Was das nicht sagt: Verdeckte Stellen sehen nach nichts aus, was das Netz im Training gesehen hat, darum kann ein Teil jedes Abfalls von der Füllung kommen. Eine hohe Zahl beweist keine Ursache und nicht, dass das Netz recht hat. Eine Karte, die sich mit ausgelosten Gewichten ändert, kann trotzdem falsch sein.",
};

export const trustTexts = { en: english, de: german } as const;
