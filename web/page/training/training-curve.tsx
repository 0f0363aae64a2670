/** @file A curve over the epochs that grows while a network learns. */
interface Curve {
  /** [epoch, number], in the order of epochs. */
  readonly points: readonly (readonly [number, number])[];
  readonly class: "line" | "dots";
}

interface TrainingCurveProps {
  readonly title: string;
  /** What it ends in. */
  readonly last: string;
  readonly curves: readonly Curve[];
  readonly most: number;
  readonly epochs: number;
  /** The moment that is looked at. */
  readonly at: number;
  readonly ends: readonly [low: string, high: string];
}

const [width, height] = [240, 90];

export function TrainingCurve(props: TrainingCurveProps) {
  const { title, last, curves, most, epochs, at, ends } = props;
  const x = (epoch: number) => (width * epoch) / epochs;
  const y = (number: number) => height - (height * Math.min(number, most)) / most;
  return (
    <figure class="training-curve">
      <figcaption>
        {title} <strong>{last}</strong>
      </figcaption>
      <div>
        <span class="ends" aria-hidden>
          <span>{ends[1]}</span>
          <span>{ends[0]}</span>
        </span>
        <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={`${title}: ${last}`}>
          <line x1={0} y1={height} x2={width} y2={height} />
          <line class="at" x1={x(at)} x2={x(at)} y1={0} y2={height} />
          {curves.map(({ points, class: kind }) =>
            kind === "line" ? (
              <polyline key={kind} points={points.map(([e, n]) => `${x(e)},${y(n)}`).join(" ")} />
            ) : (
              points.map(([e, n]) => <circle key={e} cx={x(e)} cy={y(n)} r={3} />)
            ),
          )}
        </svg>
      </div>
    </figure>
  );
}
