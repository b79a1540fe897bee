/** SHA-256 in lower-case hexadecimal digits; needs a secure context in a browser. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  // Copied where the buffer is shared: digest() wants its own.
  const own =
    bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes);
  const digest = await crypto.subtle.digest('SHA-256', own);
  return Array.from(new Uint8Array(digest), b => b.toString(16).padStart(2, '0')).join('');
}
