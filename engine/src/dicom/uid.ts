/** A new DICOM UID: `2.25.` and a random UUID as a decimal number (PS3.5 B.2). At most 44 characters. */
export function newUid(): string {
  return `2.25.${BigInt(`0x${crypto.randomUUID().replaceAll('-', '')}`)}`;
}
