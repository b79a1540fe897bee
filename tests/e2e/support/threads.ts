/** What a job on an isolated page says of its threads: Firefox has one here (playwright.config.ts). */
export function saidOfThreads(browserName: string): string {
  return browserName === 'firefox' ? '1 thread)' : '2 threads)';
}
