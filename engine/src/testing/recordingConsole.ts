/** Streams of a command line that keep what is written to them. */
export function recordingConsole() {
  const written = { out: '', err: '' };
  const sink = (name: keyof typeof written) => ({
    write: (text: string | Uint8Array) => {
      written[name] += String(text);
      return true;
    },
  });
  return { written, console: { stdout: sink('out'), stderr: sink('err') } };
}
