/** @file Another worker of the page, which a test in the tab asks what the page asks it. */

/** A file on its way into the tab. */
interface InHand {
  readonly name: string;
  readonly base64: string;
}

/** Runs in the tab: another worker of the page's, and a function `ask` that asks it. */
export function installAsk(): void {
  const entries = performance.getEntriesByType("resource");
  const address = entries.map(({ name }) => name).find((name) => /worker-[^/]*\.js$/.test(name))!;
  const worker = new Worker(address, { type: "module" });
  let last = 0;
  const load = async ({ name, base64 }: InHand) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.codePointAt(0)!);
    return new File([bytes], name);
  };
  const isPixels = (value: unknown) =>
    typeof value === "object" && value !== null && "data" in value && "width" in value;
  const plain = (value: unknown): unknown => {
    if (ArrayBuffer.isView(value)) return [...(value as Float32Array)];
    if (Array.isArray(value)) return value.map(plain);
    if (typeof value !== "object" || value === null) return value;
    // Pixels are many numbers, and of those of the screen nobody compares others than a picture's, which name its file.
    const entries = Object.entries(value).filter(
      ([key, each]) => key === "seen" || !isPixels(each),
    );
    return Object.fromEntries(entries.map(([key, each]) => [key, plain(each)]));
  };
  const asked = async (given: unknown) => {
    if (typeof given !== "object" || given === null) return given;
    if ("files" in given) {
      const files = given.files as InHand[];
      const loaded = files.map(async (file) => ({ name: file.name, data: await load(file) }));
      return { ...given, files: await Promise.all(loaded) };
    }
    return "file" in given ? { ...given, file: await load(given.file as InHand) } : given;
  };
  Object.assign(globalThis, {
    ask: async (call: string, given: unknown) => {
      const id = ++last;
      const ready = await asked(given);
      return new Promise((resolve, reject) => {
        const hear = ({ data }: MessageEvent) => {
          const message = data as { id: number; answer?: unknown; error?: { message: string } };
          if (message.id !== id || "told" in message) return;
          worker.removeEventListener("message", hear);
          if (message.error) reject(new Error(message.error.message));
          else resolve(plain(message.answer));
        };
        worker.addEventListener("message", hear);
        worker.postMessage({ id, call, asked: ready, side: "first" }, { transfer: [] });
      });
    },
  });
}
