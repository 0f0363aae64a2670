/** @file In German: the texts of `english/trust.ts`. */
import type { trustEnglish } from "../english/trust.ts";

export const trustGerman: Readonly<Record<keyof typeof trustEnglish, string>> = {
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
