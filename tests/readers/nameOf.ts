/** A person name of dcmjs and OHIF, its component groups joined by "=" (PS3.5 6.2.1). */
export function nameOf(value: unknown): string {
  const [name] = [value].flat();
  if (typeof name === 'string') return name;
  const { Alphabetic = '', Ideographic = '', Phonetic = '' } = (name ?? {}) as Record<string, string>;
  return [Alphabetic, Ideographic, Phonetic].join('=').replace(/=+$/, '');
}
