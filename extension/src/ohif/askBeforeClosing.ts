/** Lets the browser ask before the tab is closed or loaded anew while something would be lost. Lasts as long as the page. */
export function askBeforeClosing(wouldLose: () => boolean): void {
  window.addEventListener('beforeunload', event => {
    if (wouldLose()) event.preventDefault();
  });
}
