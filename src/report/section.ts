/** @file What a part of the study makes, before anything is written: pictures, floats and charts in memory. */
import * as v from "valibot";
import type { StopSignal } from "../errors.ts";
import type { FaceWords } from "../wording/face.ts";
import { index, type Recorded } from "../wording/record-schema.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Picture } from "../image/picture.ts";
import type { ConfusionChart } from "../drawing/confusion-chart.ts";
import type { SheetLayout } from "../drawing/sheet.ts";
import type { Claim, Figure, FigureCell, PartName, Section, Source, StudyTable } from "./record.ts";

/** A picture of a figure; sheets are drawn when they are written. */
export interface MadeCell extends Pick<FigureCell, "alt" | "title" | "notes" | "seen" | "enlarge"> {
  readonly picture: Picture | SheetLayout;
}

interface DescribedChart {
  readonly title: string;
  /** What stands for the chart. */
  readonly alt: string;
}

/** Numbers by places. */
export interface CurvesDescription extends DescribedChart {
  /** `lines` join the points of a series. */
  readonly kind: "lines" | "bars";
  readonly x: string;
  readonly y: string;
  readonly series: readonly ChartSeries[];
}

/** Points by the name of their place on the axis. */
interface ChartSeries {
  readonly label: string;
  readonly points: readonly { readonly x: string; readonly y: number }[];
}

/** What was taken for what. */
interface ConfusionDescription extends DescribedChart, ConfusionChart {
  readonly kind: "confusion";
}

/** A chart as data. */
export type ChartDescription = CurvesDescription | ConfusionDescription;

const text = v.string();
const described = { title: text, alt: text };

/** A chart as JSON keeps it: null where a point has no number. No chart of a study is larger. */
export const keptChartSchema = v.variant("kind", [
  v.object({
    ...described,
    kind: v.picklist(["lines", "bars"]),
    x: text,
    y: text,
    series: v.pipe(
      v.array(
        v.object({
          label: text,
          points: v.pipe(
            v.array(v.object({ x: text, y: v.nullable(v.number()) })),
            v.maxLength(1000),
          ),
        }),
      ),
      v.minLength(1),
      v.maxLength(16),
    ),
  }),
  v.pipe(
    v.object({
      ...described,
      kind: v.literal("confusion"),
      classes: v.pipe(v.array(text), v.minLength(1), v.maxLength(200)),
      confusion: v.array(v.array(index("pictures"))),
    }),
    v.check(({ classes, confusion }) =>
      [confusion, ...confusion].every(({ length }) => length === classes.length),
    ),
  ),
]);

/** The chart of what JSON kept. */
export function chartOf(kept: Recorded<typeof keptChartSchema>): ChartDescription {
  if (kept.kind === "confusion") return kept;
  const series = kept.series.map(({ label, points }) => ({
    label,
    points: points.map(({ x, y }) => ({ x, y: y ?? Number.NaN })),
  }));
  return { ...kept, series };
}

export interface MadeFigure extends Omit<Figure, "cells" | "charts" | "floats" | "seconds"> {
  readonly cells: readonly MadeCell[];
  readonly charts: readonly ChartDescription[];
  readonly floats: readonly { readonly name: string; readonly value: Tensor }[];
}

export interface MadeSection {
  readonly paragraphs: readonly string[];
  readonly figures: readonly MadeFigure[];
  readonly tables: readonly StudyTable[];
  readonly claims: readonly Claim[];
  /** Numbers that later sections need, by name. */
  readonly series?: Readonly<Record<string, readonly number[]>>;
}

/** What a section may use while it is made. */
export interface SectionTools {
  readonly seed: number;
  readonly signal: StopSignal;
  /** How whoever asks words what it offers. */
  readonly words: FaceWords;
  /** Tells how much of the section is done, 0..1. */
  report(share: number, text?: string): void;
  /** The part's sections that are finished. */
  readonly earlier: readonly Section[];
}

/** A section that has yet to be made. */
export interface SectionPlan {
  readonly name: string;
  readonly title: string;
  /** All that its result depends on beside seed and versions, as JSON can hold it. */
  readonly recipe: unknown;
  /** Time that it takes, compared with the others. */
  readonly effort: number;
  make(tools: SectionTools): Promise<MadeSection>;
}

/** A part that has yet to be made. */
export interface PartPlan {
  readonly name: PartName;
  readonly title: string;
  readonly lead: string;
  readonly sources: readonly Source[];
  readonly sections: readonly SectionPlan[];
}
