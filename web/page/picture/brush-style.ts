/** @file How a brush paints. */

/** How the brush paints. */
export interface BrushStyle {
  /** In places of the grid. */
  readonly radius: number;
  readonly isErasing: boolean;
}

export const firstStyle: BrushStyle = { radius: 3, isErasing: false };
