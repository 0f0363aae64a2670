/** @file The process that computes for a guarded runtime: ONNX Runtime's sessions, asked by messages. */
import { ort } from "../runtime/onnxruntime-silent.ts";
import { setWatch } from "./guarded-process.ts";
import type {
  PlainTensor,
  SessionAnswer,
  SessionCall,
  SessionRequest,
} from "./session-messages.ts";

const [memoryBytes, guard] = process.argv.slice(2).map(Number);
setWatch(
  { memoryBytes: memoryBytes!, timeSeconds: Number.POSITIVE_INFINITY },
  { pipe: 3, guard: guard! },
);
const sessions = new Map<number, ort.InferenceSession>();
let opened = 0;

process.on("message", ({ id, call }: SessionRequest) => {
  answer(call).then(
    (result) => tell({ id, result }),
    (error: unknown) => tell({ id, error: error instanceof Error ? error.message : String(error) }),
  );
});
process.on("disconnect", () => process.exit());

function tell(message: SessionAnswer): void {
  process.send!(message);
}

async function answer(
  call: SessionCall,
): Promise<Extract<SessionAnswer, { result: unknown }>["result"]> {
  if (call.kind === "create") {
    const session = await ort.InferenceSession.create(call.model, call.options);
    opened += 1;
    sessions.set(opened, session);
    return opened;
  }
  const session = sessions.get(call.session)!;
  if (call.kind === "release") {
    sessions.delete(call.session);
    await session.release();
    return undefined;
  }
  const feeds = Object.entries(call.feeds).map(([name, value]) => [name, fromPlain(value)]);
  const results = await session.run(Object.fromEntries(feeds), call.fetches, call.options);
  return Object.fromEntries(Object.entries(results).map(([name, value]) => [name, toPlain(value)]));
}

/** Types that ONNX Runtime's constructor takes no bits of are named behind its back, as the runtime's adapter does. */
function fromPlain({ type, dims, data }: PlainTensor): ort.Tensor {
  if (type !== "float16") return new ort.Tensor(type as "float32", data as Float32Array, dims);
  return Object.assign(new ort.Tensor("uint16", data as Uint16Array, dims), { type });
}

function toPlain({ type, dims, data }: ort.Tensor): PlainTensor {
  const values = data as ArrayBufferView;
  const isBits = type === "float16" && !(values instanceof Uint16Array);
  return {
    type,
    dims,
    data: isBits
      ? new Uint16Array(values.buffer, values.byteOffset, values.byteLength / 2)
      : values,
  };
}
