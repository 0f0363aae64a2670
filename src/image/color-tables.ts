/**
 * @file The 256 colours of each colour map, as d3-scale-chromatic has them, which would come whole, with some thirty others:
 * inferno, magma and viridis of N. Smith, S. van der Walt and E. Firing, cividis of J. Nuñez, C. Anderton and R. Renslow,
 * red to blue of ColorBrewer (C. Brewer, M. Harrower).
 */

/** Colours of a map. */
export const colorSteps = 256;

/** What red, green and blue of each colour have more than those of the colour before, a digit each: 3 is nothing. */
const inferno =
  "434344335435345335435445335446435445435445446435445436445535446435545436435546435536435535436535535436535525435535535525534435534525534434534534434544534533434544533444533444533543434543433544533443543433543533443543433543533443543433543533443533443542433543533443532443543532443533442533542433543442533442533542433542442533542433542442532443542432543542432542442533442542442532442542442542442432542442542442442542442442542442442542442442452541442442442452542441442452442442452441452442442452441452442352441452442452351442452351442452351442452351442352452351442352351452342352452352353452343353353354453354354354345354355355354355355355255356355355355256355355356245356356255356256356256356256356256357356257356247357357257347357357447358447347457447447547446447556";

const magma =
  "434344335434345335445336445435445335445445435445445435446445535445445436445435446535445436535446435535436435546435536525435536435535535525435535534425535534534435534534444534533434544534443534443534543444533443534443543434543543433543444533443533443543533443543433543434543433543543432543433543533443543433543533443532443533543433542433543533442533543432543543432543432543533442533542433542543432543432542543432542443532542443532442543442542442533442542442542443452542442442443552442443452442443452442453453442453352443453353453443353453353453353454343353454353354453354354453344354354354454354354354354344454354354354355354354344355354354355354354345354355354355354345354355355354355344355355354355355344255355355354355345355355354355245355355355355355344355355355";

const viridis =
  "345454345454345354344455344355344354445354344344355344344344354344345354344344344354344244353344344344244353344344244353344244343344253344243344343244353244343243344243343354243343243344243343243344243343253343243344243343243343243343243343244343243343343243343243343243343343243343233343343243343243343343243343343243343243343343243343333243343343243343243343342243343343243343343342243333343243342343343343342343243342343443342343343332343442343442343443342442443442343442433442442443542442442443542442532443542442542442542532442542542542542532542542542542532542541542532542541642532541542632541542642531542631542641532641541632541632541631542631641532641531642631541631642531641631532641632531641632542631632542632632543632533643634533644534634534644535534645535";

/** Eleven colours, between which a spline runs. */
const redToBlue = [
  "67001f",
  "b2182b",
  "d6604d",
  "f4a582",
  "fddbc7",
  "f7f7f7",
  "d1e5f0",
  "92c5de",
  "4393c3",
  "2166ac",
  "053061",
].join("");

type Rgb = readonly [red: number, green: number, blue: number];

/** THE table of colour maps: colours one after the other, RGB; from dark to light, or from negative over white to positive. */
export const colorTables = {
  inferno: () => steppedFrom([0, 0, 4], inferno),
  magma: () => steppedFrom([0, 0, 4], magma),
  viridis: () => steppedFrom([68, 1, 84], viridis),
  cividis: () => sampled(cividis),
  /** Red is positive. */
  "red-blue": () => {
    const at = splineOf(bytesOf(redToBlue));
    return sampled((share) => at(1 - share));
  },
} as const;

function bytesOf(digits: string): Uint8Array {
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) =>
    Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16),
  );
}

function steppedFrom(first: Rgb, steps: string): Uint8Array {
  const table = new Uint8Array(3 * colorSteps);
  table.set(first);
  for (let i = 3; i < table.length; i++) table[i] = table[i - 3]! + Number(steps[i - 3]) - 3;
  return table;
}

function sampled(at: (share: number) => Rgb): Uint8Array {
  const all = Array.from({ length: colorSteps }, (_, i) => at(i / (colorSteps - 1)));
  return Uint8Array.from(all.flat(), (value) => Math.min(Math.max(Math.round(value), 0), 255));
}

/** A polynomial for each of red, green and blue, from the constant on. */
const cividisPowers = [
  [-4.54, -35.34, 2381.73, -6402.7, 7024.72, -2710.57],
  [32.49, 170.73, 52.82, -131.46, 176.58, -67.37],
  [81.24, 442.36, -2482.43, 6167.24, -6614.94, 2475.67],
] as const;

function cividis(share: number): Rgb {
  const [red, green, blue] = cividisPowers.map((powers) =>
    powers.reduceRight((sum, factor) => sum * share + factor, 0),
  );
  return [red!, green!, blue!];
}

/** A uniform cubic B-spline through the first and the last of some colours, near those between. */
function splineOf(colours: Uint8Array): (share: number) => Rgb {
  const last = colours.length / 3 - 1;
  return (share) => {
    const from = Math.min(Math.floor(share * last), last - 1);
    const within = share * last - from;
    const [red, green, blue] = [0, 1, 2].map((channel) => {
      const at = (i: number) => colours[3 * i + channel]!;
      const before = from > 0 ? at(from - 1) : 2 * at(0) - at(1);
      const behind = from + 2 <= last ? at(from + 2) : 2 * at(last) - at(last - 1);
      return between(within, [before, at(from), at(from + 1), behind]);
    });
    return [red!, green!, blue!];
  };
}

/** Between the second and the third of four numbers. */
function between(t: number, [a, b, c, d]: readonly [number, number, number, number]): number {
  const [square, cube] = [t * t, t * t * t];
  const weighted =
    (1 - 3 * t + 3 * square - cube) * a +
    (4 - 6 * square + 3 * cube) * b +
    (1 + 3 * t + 3 * square - 3 * cube) * c +
    cube * d;
  return weighted / 6;
}
