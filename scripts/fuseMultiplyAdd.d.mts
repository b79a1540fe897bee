export function fuseMultiplyAdd(wasm: Uint8Array): { wasm: Uint8Array; fused: number };
