/** @file Where the numbers of predictions lie in rows or columns of a value. */
import type { Numbers } from "./detection.ts";

/** A value whose row of a picture is predictions by numbers, or numbers by predictions. */
export interface Table {
  readonly value: string;
  readonly predictions: number;
  /** Numbers of a prediction. */
  readonly width: number;
  /** Whether it is [numbers, predictions] and not [predictions, numbers]. */
  readonly isTransposed?: boolean;
}

/** The numbers of a table from one of them on. */
export function numbersFrom(
  { value, predictions, width, isTransposed = false }: Table,
  from: number,
): Numbers {
  return {
    value,
    length: predictions * width,
    offset: isTransposed ? from * predictions : from,
    predictionStep: isTransposed ? 1 : width,
    numberStep: isTransposed ? predictions : 1,
  };
}
