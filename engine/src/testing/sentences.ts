/** Number of sentences in a text; marks inside numbers, UIDs, file names and descriptions end none. */
export function sentencesIn(text: string): number {
  const plain = text.replace(/“[^”]*”|„[^“]*“/g, 'x').trim();
  return plain.split(/[.?!](?=\s+\p{Lu}|$)/u).filter(part => part.trim() !== '').length;
}

/** UIDs and names of files in a text. */
export function namesIn(text: string): string[] {
  return text.match(/\d+(?:\.\d+){5,}|[^\s“”„]+\.(?:dcm|onnx|json|bin)\b/g) ?? [];
}
