/** @file Numbers under a window as a small table, in colour where they have a scale; many of them as a picture alone. */
import type { Tap } from "../../../src/activations/window-sums.ts";
import { colourAt, shareOf, type ColorScale } from "../../../src/image/colormap.ts";
import { formatNumber } from "../../../src/wording/numbers.ts";
import { MapCanvas } from "../picture/map-canvas.tsx";
import { usePageTexts } from "../frame/settings.tsx";

/** More numbers than these cannot be read. */
const mostNumbers = 49;

interface NumberTableProps {
  readonly title: string;
  readonly numbers: ArrayLike<number>;
  readonly taps: readonly Tap[];
  readonly columns: number;
  readonly scale?: ColorScale;
}

export function NumberTable({ title, numbers, taps, columns, scale }: NumberTableProps) {
  const texts = usePageTexts();
  const rows = numbers.length / columns;
  if (numbers.length > mostNumbers) return <ManyNumbers {...{ title, numbers, columns, scale }} />;
  return (
    <table class="number-table" style={{ "--columns": columns }}>
      <caption>{title}</caption>
      <tbody>
        {Array.from({ length: rows }, (_, row) => (
          <tr key={row}>
            {Array.from({ length: columns }, (_cell, column) => {
              const at = row * columns + column;
              const number = numbers[at]!;
              const isOutside = !taps[at]!.isInside;
              return (
                <td
                  key={column}
                  class={isOutside ? "outside" : ""}
                  {...(isOutside ? { title: texts.stepPadding } : {})}
                  style={scale && !isOutside ? colouredBy(scale, number) : {}}
                >
                  {formatNumber(number, 2)}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A ground on which black and white stand out alike: their contrasts with it are equal (WCAG 2.2). */
const middleLuminance = 0.179;

/** Black or white ink, whichever stands out more. */
function colouredBy(scale: ColorScale, number: number) {
  const [r, g, b] = colourAt(scale.map, shareOf(scale, number));
  const isLight = luminanceOf(r, g, b) > middleLuminance;
  return { background: `rgb(${r} ${g} ${b})`, color: isLight ? "#000" : "#fff" };
}

/** Relative luminance of an sRGB colour 0..255, in 0..1. */
function luminanceOf(r: number, g: number, b: number): number {
  const [red, green, blue] = [r, g, b].map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

type ManyNumbersProps = Pick<NumberTableProps, "title" | "numbers" | "columns"> & {
  readonly scale: ColorScale | undefined;
};

function ManyNumbers({ title, numbers, columns, scale }: ManyNumbersProps) {
  const texts = usePageTexts();
  const values = Float32Array.from(numbers);
  const most = values.reduce((top, value) => Math.max(top, Math.abs(value)), 0);
  const own: ColorScale = scale ?? { min: -most, max: most, map: "red-blue" };
  const text = `${title}: ${numbers.length} ${texts.stepMany}`;
  return (
    <figure class="number-table">
      <figcaption>{title}</figcaption>
      <MapCanvas
        values={values}
        height={numbers.length / columns}
        width={columns}
        scale={own}
        text={text}
      />
    </figure>
  );
}
