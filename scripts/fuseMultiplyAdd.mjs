// The published onnxruntime-web multiplies and adds vectors in two instructions; its build with relaxed SIMD,
// which is not published, does both in one (f32x4.relaxed_madd). This makes the second from the first.

const [LOCAL_GET, LOCAL_SET, SIMD] = [0x20, 0x21, 0xfd];
/** Number types of WebAssembly as they are encoded. */
const V128 = 0x7b;
const [F32X4_ADD, F32X4_MUL] = [0xe4, 0xe6];
const RELAXED_MADD = [SIMD, 0x85, 0x02];
const [TYPES, FUNCTIONS, CODE] = [1, 3, 10];

/**
 * Replaces every vector product that is added at once to another vector by a fused multiply-add: the product
 * is not rounded before it is added. Nothing else changes.
 * @param {Uint8Array} wasm a WebAssembly module without custom sections that point into its code
 * @returns {{ wasm: Uint8Array, fused: number }} the module, which needs relaxed SIMD, and the number of
 *   replacements
 * @throws {RangeError} for an instruction that is not known here
 */
export function fuseMultiplyAdd(wasm) {
  const reader = new Reader(wasm);
  reader.at = 8;
  const sections = [wasm.subarray(0, reader.at)];
  let parameters = [];
  let types = [];
  let fused = 0;
  while (reader.at < wasm.length) {
    const begin = reader.at;
    const id = reader.byte();
    const end = reader.number() + reader.at;
    if (id === TYPES) parameters = reader.vector(() => reader.functionType());
    else if (id === FUNCTIONS) types = reader.vector(() => reader.number());
    if (id === CODE) {
      let n = 0;
      const bodies = reader.vector(() => {
        const body = fuseBody(reader, parameters[types[n++]]);
        fused += body.fused;
        return body.bytes;
      });
      const code = join([encoded(bodies.length), ...bodies.flatMap(body => [encoded(body.length), body])]);
      sections.push(Uint8Array.of(CODE), encoded(code.length), code);
    } else {
      sections.push(wasm.subarray(begin, end));
    }
    reader.at = end;
  }
  return { wasm: join(sections), fused };
}

/** One function: its body without its length. */
function fuseBody(reader, parameters) {
  const end = reader.number() + reader.at;
  const begin = reader.at;
  const groups = reader.number();
  const declared = reader.at;
  let locals = parameters;
  for (let n = 0; n < groups; n++) {
    locals += reader.number();
    reader.valueType();
  }
  const code = reader.at;
  const parts = [];
  let from = code;
  let fused = 0;
  let [before, last] = [{}, {}];
  while (reader.at < end) {
    const at = reader.at;
    const { opcode, simd } = reader.instruction();
    if (simd === F32X4_ADD && last.simd === F32X4_MUL) {
      // On the stack lie sum, a and b. The instruction wants the sum last: three new locals turn them.
      // Compiled, they cost nothing.
      const [a, b, sum] = [0, 1, 2].map(n => encoded(locals + n));
      const turn = [LOCAL_SET, ...b, LOCAL_SET, ...a, LOCAL_SET, ...sum, LOCAL_GET, ...a, LOCAL_GET, ...b];
      parts.push(reader.bytes.subarray(from, last.at), [...turn, LOCAL_GET, ...sum, ...RELAXED_MADD]);
    } else if (simd === F32X4_ADD && last.opcode === LOCAL_GET && before.simd === F32X4_MUL) {
      parts.push(reader.bytes.subarray(from, before.at), reader.bytes.subarray(last.at, at), RELAXED_MADD);
    } else {
      [before, last] = [last, { opcode, simd, at }];
      continue;
    }
    from = reader.at;
    fused++;
    [before, last] = [{}, {}];
  }
  if (fused === 0) return { bytes: reader.bytes.subarray(begin, end), fused };
  const more = Uint8Array.of(3, V128);
  const head = [encoded(groups + 1), reader.bytes.subarray(declared, code), more];
  return { bytes: join([...head, ...parts, reader.bytes.subarray(from, end)]), fused };
}

/** Reads the binary format (WebAssembly core specification, chapter 5). */
class Reader {
  at = 0;

  constructor(bytes) {
    this.bytes = bytes;
  }

  byte() {
    return this.bytes[this.at++];
  }

  /** LEB128, unsigned. */
  number() {
    let value = 0;
    for (let place = 1; ; place *= 128) {
      const byte = this.byte();
      value += (byte & 127) * place;
      if (byte < 128) return value;
    }
  }

  /** LEB128 numbers, signed or not. */
  skip(count = 1) {
    for (let n = 0; n < count; n++) while (this.byte() >= 128);
  }

  vector(read) {
    return Array.from({ length: this.number() }, read);
  }

  valueType() {
    // A reference to a type has its index.
    if ([0x63, 0x64].includes(this.byte())) this.skip();
  }

  /** The number of parameters. */
  functionType() {
    const kind = this.byte();
    if (kind !== 0x60) throw new RangeError(`The type ${kind} is no function.`);
    const parameters = this.vector(() => this.valueType()).length;
    this.vector(() => this.valueType());
    return parameters;
  }

  /** A place in memory: alignment, perhaps the index of the memory, offset. */
  memory() {
    if (this.number() & 64) this.skip();
    this.skip();
  }

  /** Reads one instruction with its immediates. */
  instruction() {
    const opcode = this.byte();
    if (opcode === SIMD) return { opcode, simd: this.simd() };
    if (opcode === 0xfc) this.bulk();
    else if (opcode === 0xfe) this.atomic();
    else if (BLOCKS.has(opcode)) this.skip();
    else if (opcode >= 0x28 && opcode <= 0x3e) this.memory();
    else if (opcode === 0x0e)
      this.skip(this.number() + 1); // br_table
    else if (opcode === 0x1c) this.vector(() => this.valueType());
    else if (opcode === 0x1f) this.tryTable();
    else if (opcode === 0x43) this.at += 4;
    else if (opcode === 0x44) this.at += 8;
    else if (opcode === 0x11 || opcode === 0x13) this.skip(2);
    else if (ONE_NUMBER.has(opcode)) this.skip();
    else if (!NOTHING.has(opcode)) throw new RangeError(`The instruction ${opcode} is not known.`);
    return { opcode };
  }

  simd() {
    const code = this.number();
    if (code <= 11 || code === 92 || code === 93) this.memory();
    else if (code === 12 || code === 13) this.at += 16;
    else if (code >= 21 && code <= 34) this.at += 1;
    else if (code >= 84 && code <= 91) {
      this.memory();
      this.at += 1;
    }
    return code;
  }

  bulk() {
    const code = this.number();
    if (code > 17) throw new RangeError(`The instruction 0xfc ${code} is not known.`);
    if ([8, 10, 12, 14].includes(code)) this.skip(2);
    else if (code > 7) this.skip();
  }

  atomic() {
    if (this.number() === 3) this.at += 1;
    else this.memory();
  }

  tryTable() {
    this.skip();
    this.vector(() => this.skip(this.byte() < 2 ? 2 : 1));
  }
}

const range = (first, last) => Array.from({ length: last - first + 1 }, (_, n) => first + n);
/** Opcodes with a block type behind them. */
const BLOCKS = new Set([0x02, 0x03, 0x04, 0x06]);
/** Opcodes with one number, an index or a constant, behind them. */
const ONE_NUMBER = new Set([
  ...[0x07, 0x08, 0x09, 0x0c, 0x0d, 0x10, 0x12, 0x14, 0x15, 0x18, 0xd0, 0xd2],
  ...range(0x20, 0x26),
  ...range(0x3f, 0x42),
]);
/** Opcodes with nothing behind them. */
const NOTHING = new Set([
  ...[0x00, 0x01, 0x05, 0x0a, 0x0b, 0x0f, 0x19, 0x1a, 0x1b, 0xd1, 0xd3],
  ...range(0x45, 0xc4),
]);

/** LEB128, unsigned. */
function encoded(value) {
  const bytes = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Uint8Array.from([...bytes, rest]);
    bytes.push((rest % 128) + 128);
  }
}

function join(parts) {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
