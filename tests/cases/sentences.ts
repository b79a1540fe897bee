/** Number of sentences in a text; marks inside numbers, UIDs, file names and descriptions are none. */
export function sentencesIn(text: string): number {
  const plain = text.replace(/“[^”]*”/g, 'x').trim();
  return plain.split(/[.?!](?=\s+\p{Lu}|$)/u).filter(part => part.trim() !== '').length;
}
