/** @file Pictures that move: how many frames a file holds, of which only the first is looked at. */
import { say, type Message } from "../wording/face.ts";
import { formatCount } from "../wording/numbers.ts";
import { pictureFormatOf, type PictureFormat } from "./signature.ts";

/** How many frames more, each time that a file tells of some. */
type Counter = (view: DataView) => Iterable<number>;

const counters: Readonly<Partial<Record<PictureFormat, Counter>>> = {
  GIF: framesOfGif,
  WebP: framesOfWebP,
  PNG: framesOfPng,
};

/** How many frames a file says that it holds; 1 for still pictures, and for formats that hold no others. */
export function frameCount(bytes: Uint8Array): number {
  const format = pictureFormatOf(bytes);
  const counter = format && counters[format];
  if (!counter) return 1;
  let count = 0;
  try {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (const frames of counter(view)) count += frames;
  } catch (error) {
    // Cut short: what decodes it says so.
    if (!(error instanceof RangeError)) throw error;
  }
  return Math.max(count, 1);
}

/** What is to be told of a file whose picture moves; undefined of others. */
export function framesNote(bytes: Uint8Array, name: string): Message | undefined {
  const count = frameCount(bytes);
  if (count === 1) return undefined;
  return say`"${name}" moves: of its ${formatCount(count)} frames only the first is looked at`;
}

const [imageMark, extensionMark] = [0x2c, 0x21];

/** The picture's blocks behind its head and colours: images, and extensions that hold no pixels. */
function* framesOfGif(view: DataView): Iterable<number> {
  let at = 13 + coloursBytes(view.getUint8(10));
  for (;;) {
    const mark = view.getUint8(at);
    if (mark === imageMark) {
      yield 1;
      at += 10 + coloursBytes(view.getUint8(at + 9)) + 1;
    } else if (mark === extensionMark) at += 2;
    else return;
    for (let length = view.getUint8(at); length > 0; length = view.getUint8(at)) at += 1 + length;
    at += 1;
  }
}

/** Of a table of colours, by the flags before it. */
function coloursBytes(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}

/** A chunk a frame; chunks end at even bytes. */
function* framesOfWebP(view: DataView): Iterable<number> {
  for (let at = 12; ;) {
    if (view.getUint32(at) === tag("ANMF")) yield 1;
    const length = view.getUint32(at + 4, true);
    at += 8 + length + (length % 2);
  }
}

/** A chunk before the pixels tells the number of frames. */
function* framesOfPng(view: DataView): Iterable<number> {
  for (let at = 8; view.getUint32(at + 4) !== tag("IDAT"); at += 12 + view.getUint32(at)) {
    if (view.getUint32(at + 4) === tag("acTL")) return yield view.getUint32(at + 8);
  }
}

/** Four letters as a number. */
function tag(letters: string): number {
  return Array.from(letters).reduce((all, letter) => all * 256 + letter.codePointAt(0)!, 0);
}
