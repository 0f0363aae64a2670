/** @file What came of trying the usual preparations on a picture, in a sentence. */
import type { Comparison } from "../network/compare-preprocessings.ts";
import { option, say, type Message } from "../wording/face.ts";
import { formatProbability } from "../wording/numbers.ts";
import { largest, smallest } from "../statistics.ts";

/** "tried 10 preparations on "cat.jpg": ..." */
export function comparisonNote(comparison: Comparison, name: string): Message {
  const { candidates } = comparison;
  const tried = `tried ${candidates.length} usual preparations on "${name}"`;
  return say`${tried}: ${verdictWords(comparison)}${agreementWords(comparison)}`;
}

function verdictWords({ verdict, fitting, chosen, candidates }: Comparison): Message {
  const { name } = chosen;
  const statistics = "the running statistics of the first batch normalisation";
  const listed = (names: readonly string[]) => names.join(" and ");
  const isColoured = candidates.some(({ how }) => how.channels === "bgr");
  const order = isColoured ? "; they do not tell RGB from BGR" : "";
  const others = fitting.filter((other) => other !== name);
  switch (verdict) {
    case "fits":
      return say`of all, only ${name} fits ${statistics}${order}`;
    case "usual fits":
      return say`${name} fits ${statistics}, and ${listed(others)} could be meant too${order}`;
    case "several fit":
      return say`${listed(fitting)} fit ${statistics} and torchvision does not; took ${name}, which is not certain${order}`;
    case "none fits":
      return say`none fits ${statistics}, so that the pictures are of another kind than those of the training or prepared otherwise; ${option("preprocess")} should say how`;
    case "nothing tells":
      return say`nothing in the network tells which is right`;
  }
}

/** How many of the preparations lead to the class that the chosen one leads to. */
function agreementWords({ candidates, chosen }: Comparison): string {
  const own = candidates.find(({ how }) => how.name === chosen.name);
  const answered = candidates.filter(({ target }) => target !== undefined);
  if (own?.target === undefined) return "";
  const same = answered.filter(({ target }) => target === own.target);
  const sure = same.flatMap(({ probability }) => (probability === undefined ? [] : [probability]));
  const range = [smallest(sure), largest(sure)].map(formatProbability).join(" to ");
  const probabilities = sure.length > 0 ? ` with a probability of ${range}` : "";
  return `; the top class is the same under ${same.length} of ${answered.length}${probabilities}`;
}
