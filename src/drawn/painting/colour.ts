/** @file Colours of drawn pictures: red, green and blue in 0..1. */

export type Rgb = readonly [number, number, number];

/** The colour `share` of the way from one to another. */
export function mix(from: Rgb, to: Rgb, share: number): Rgb {
  return [
    from[0] + (to[0] - from[0]) * share,
    from[1] + (to[1] - from[1]) * share,
    from[2] + (to[2] - from[2]) * share,
  ];
}

/** The colour with its light multiplied. */
export function lit([red, green, blue]: Rgb, factor: number): Rgb {
  return [red * factor, green * factor, blue * factor];
}

/** Mean of the three. */
export function lightness([red, green, blue]: Rgb): number {
  return (red + green + blue) / 3;
}

/** A colour of hue (in turns), saturation and lightness in 0..1. */
export function hsl(hue: number, saturation: number, light: number): Rgb {
  const reach = saturation * Math.min(light, 1 - light);
  const at = (offset: number) => {
    const place = (((offset + 12 * hue) % 12) + 12) % 12;
    return light - reach * Math.max(Math.min(place - 3, 9 - place, 1), -1);
  };
  return [at(0), at(8), at(4)];
}
