/** @file What maps say in numbers: how much of them lies on the thing, and where their maximum is. */
import { describeMap } from "../../attribution/diagnosis/describe-map.ts";
import { type Box } from "../../attribution/diagnosis/positive-mass.ts";
import { count, share } from "../../report/measures.ts";
import type { Claim, StudyTable } from "../../report/record.ts";
import { median } from "../../statistics.ts";
import { formatProsePercent } from "../../wording/numbers.ts";
import type { FoundMap } from "./maps.ts";
import type { NamedMethods } from "./part.ts";

/** How much of each method's maps lies on the thing; without boxes, how much of the picture it needs. */
export function mapClaims(
  found: readonly FoundMap[],
  methods: NamedMethods,
  thing: string,
): readonly Claim[] {
  const boxed = found.filter(({ box }) => box !== undefined);
  if (boxed.length === 0) return plainClaims(found, methods);
  const area = median(boxed.map(({ box }) => areaOf(box!)));
  return Object.entries(methods).map(([method, { info }]): Claim => {
    const own = boxed.filter((one) => one.method === method);
    const shares = own.map(({ inside }) => inside);
    const hits = own.filter((one) => one.hits).length;
    return {
      text: `of the positive mass of ${info.title} lies in the box around ${thing}, which takes ${formatProsePercent(area)} of the picture. Its maximum is in the box in ${hits} of ${own.length} pictures.`,
      measures: [
        share("median share in the box", median(shares)),
        count("maxima in the box", hits, own.length),
        share("the box's own share", area),
      ],
    };
  });
}

/** Without boxes: how much of the picture a method needs. */
function plainClaims(found: readonly FoundMap[], methods: NamedMethods): readonly Claim[] {
  return Object.entries(methods).map(([method, { info }]): Claim => {
    const shares = found
      .filter((one) => one.method === method)
      .map(({ map }) => describeMap(map).halfMassShare);
    return {
      text: `of the picture holds half of the positive mass of ${info.title}.`,
      measures: [share("median share of the picture", median(shares))],
    };
  });
}

function areaOf({ left, right, top, bottom }: Box): number {
  return (right - left) * (bottom - top);
}

/** Each map in a row. */
export function mapTable(
  found: readonly FoundMap[],
  methods: NamedMethods,
  title: string,
  thing: string,
): StudyTable {
  return {
    title,
    head: [
      "Picture and method",
      "Class",
      "Probability",
      `On ${thing}`,
      "Maximum at",
      "Half of the mass in",
    ],
    rows: found.map(({ photo, method, map, inside }) => {
      const { maximum, halfMassShare } = describeMap(map);
      return [
        `${photo.title}, ${methods[method]!.info.title}`,
        String(map.target),
        map.probability === null ? "none" : formatProsePercent(map.probability),
        formatProsePercent(inside),
        maximum.value > 0
          ? `${Math.round(100 * maximum.x)} % across, ${Math.round(100 * maximum.y)} % down`
          : "none",
        formatProsePercent(halfMassShare),
      ];
    }),
  };
}
